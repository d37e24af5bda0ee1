"""Documents of staff: looked into before they are planned, because only the content says which of them are pictures."""

from collections.abc import Sequence

from activities.conversations.core.later import Later
from activities.conversations.core.snapshot import Snapshot
from activities.conversations.telegram_side.attachment import Files, NoFile
from domain.conversations.content import Kind
from domain.kernel.crypto import Keyring
from models import Attachment, Message
from models.conversations.message import BODY
from models.kernel.columns import seal
from models.kernel.database import Sessions

STUCK = "image_stuck"


class Documents:
    def __init__(self, sessions: Sessions, keyring: Keyring, files: Files) -> None:
        self.sessions, self.keyring, self.files = sessions, keyring, files

    async def look_into(self, snapshot: Snapshot) -> None:
        """Makes waiting documents pictures, or what Avito does not take; nothing is sent yet.

        If Telegram does not give one, it and what comes after it are not planned: see `snapshot.unplanned`.
        """
        for row in snapshot.to_send:
            if row.kind != Kind.FILE:
                continue
            try:
                await self._look_into(snapshot, row)
            except Later as later:
                snapshot.unplanned = later
                return

    async def _look_into(self, snapshot: Snapshot, row: Message) -> None:
        async with self.sessions() as session:
            await snapshot.load_attachments(session, [row])
        file = next(iter(snapshot.attachments.get(row.id, [])), None)
        what = await self._what_is_wrong(snapshot, row, file)
        async with self.sessions.begin() as session:
            session.add(row)
            if what is None and file is not None:
                session.add(file)
                row.kind = file.kind = Kind.IMAGE
            else:
                row.kind, body = Kind.UNSUPPORTED, snapshot.body(self.keyring, row) | {"what": what}
                row.body_sealed = seal(self.keyring, BODY, body)
                snapshot.bodies[row.id] = body

    async def _what_is_wrong(self, snapshot: Snapshot, row: Message, file: Attachment | None) -> str | None:
        """A key of `domain.conversations.limits`; None for a picture. Raises Later."""
        if file is None:
            return "document"
        try:
            await self.files.from_telegram(snapshot, row, file)
        except NoFile as missing:
            # What Telegram never gives may be a picture: it fails like one, and may be tried again.
            return missing.what if missing.what != STUCK else None
        return None


def to_plan(rows: Sequence[Message]) -> list[Message]:
    """Those before the first document that was not looked into, and before the album that it belongs to."""
    unread = next((row for row in rows if row.kind == Kind.FILE), None)
    if unread is None:
        return list(rows)
    return list(rows[: next(at for at, row in enumerate(rows) if _together(row, unread))])


def _together(row: Message, unread: Message) -> bool:
    return row is unread or (row.album is not None and row.album == unread.album)
