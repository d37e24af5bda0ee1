"""Plans waiting messages of staff in one commit: as sends to Avito, as commands, or refused with a reason."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.conversations.core.snapshot import Snapshot, want
from activities.conversations.telegram_side.document import to_plan
from activities.conversations.telegram_side.staff_command import StaffCommands
from activities.conversations.telegram_side.staff_edit import StaffEdits
from domain.conversations.content import Kind
from domain.conversations.limits import CAPTION_GOES, CAPTION_STAYS, WITHOUT_CAPTION, refusal_of
from domain.conversations.topic import parts_notice
from domain.conversations.wording import reply_text
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.text import AVITO_TEXT, is_blank, split_text
from models import Message, Send
from models.conversations.message import BODY, FAILURE, SEND_BODY, Delivery
from models.conversations.sends import noted_albums
from models.kernel.columns import seal
from models.kernel.database import Sessions

ALBUM_COMPLETE: Final = timedelta(seconds=1.5)
"""An album is complete when nothing was added for this long: Telegram marks no end."""

PICTURES: Final = frozenset({Kind.IMAGE, Kind.STICKER})

BLANK: Final = "Сообщение не ушло: в нём нет видимого текста."


class SendPlanner:
    def __init__(self, sessions: Sessions, keyring: Keyring, commands: StaffCommands, now: Clock) -> None:
        self.sessions, self.keyring, self.commands, self.now = sessions, keyring, commands, now
        self.edits = StaffEdits(keyring, now)

    async def plan_waiting(self, snapshot: Snapshot) -> None:
        """Plans what is not planned yet; after a kill nothing is planned twice."""
        fresh = [row for row in to_plan(snapshot.to_send) if row.id not in snapshot.sends]
        if not fresh:
            return
        async with self.sessions.begin() as session:
            session.add_all([snapshot.dialog, *fresh])
            await self.plan(session, snapshot, fresh)

    async def plan(self, session: AsyncSession, snapshot: Snapshot, fresh: Sequence[Message]) -> None:
        """Plans `fresh` in the open transaction, which the rows and the dialog belong to."""
        notes = await noted_albums(session, snapshot.dialog.id, {row.album for row in fresh if row.album})
        for rows in _albums(fresh):
            if rows[0].album is not None and album_complete_at(rows) > self.now():
                continue
            if rows[0].album in notes:
                for row in rows:
                    row.kind = Kind.NOTE
            # A refused file may carry the caption of the whole album.
            speaker = next((row for row in rows if row.kind in PICTURES), None)
            for row in rows:
                captions = rows if row is speaker else ()
                await self._plan_row(session, snapshot, row, captions, CAPTION_GOES if speaker else CAPTION_STAYS)

    async def _plan_row(
        self, session: AsyncSession, snapshot: Snapshot, row: Message, album: Sequence[Message], of_caption: str
    ) -> None:
        """`album`: rows whose captions this row sends before the pictures; empty for later pictures.

        `of_caption`: what is said of the caption of a file that does not go.
        """
        body, now = snapshot.body(self.keyring, row), self.now()
        match row.kind:
            case Kind.UNSUPPORTED:
                what = str(body.get("what", ""))
                captioned = what not in WITHOUT_CAPTION and not is_blank(str(body.get("text") or ""))
                self.refuse(session, snapshot, row, refusal_of(what) + (of_caption if captioned else ""))
            case Kind.EDITED:
                if (again := await self.edits.apply(session, snapshot, row)) is not None:
                    await self._plan_row(session, snapshot, again, (again,), CAPTION_STAYS)
            case Kind.NOTE:
                row.status, row.settled_at = Delivery.DELIVERED, now
            case Kind.COMMAND:
                said = await self.commands.run(session, snapshot, row, body)
                if said is not None:
                    # The buyer's text from now on, in lists and for /retry.
                    row.kind, row.body_sealed = Kind.TEXT, seal(self.keyring, BODY, body | {"text": said})
                    self._add_sends(session, snapshot, row, [said], picture=False)
            case Kind.IMAGE | Kind.STICKER:
                captions = [str(snapshot.body(self.keyring, one).get("text") or "") for one in album]
                self._add_sends(session, snapshot, row, [one for one in captions if not is_blank(one)], picture=True)
            case _:
                self._add_sends(session, snapshot, row, [reply_text(row.kind, body)], picture=False)

    def _add_sends(
        self, session: AsyncSession, snapshot: Snapshot, row: Message, texts: Sequence[str], *, picture: bool
    ) -> None:
        parts = [part for text in texts if not is_blank(text) for part in split_text(text, AVITO_TEXT)]
        sends = [
            Send(
                dialog_id=snapshot.dialog.id,
                message_id=row.id,
                ordinal=ordinal,
                kind=Kind.TEXT,
                body_sealed=seal(self.keyring, SEND_BODY, part),
                created_at=self.now(),
            )
            for ordinal, part in enumerate(parts)
        ]
        if picture:
            file = next(iter(snapshot.attachments.get(row.id, [])), None)
            sends.append(
                Send(
                    dialog_id=snapshot.dialog.id,
                    message_id=row.id,
                    ordinal=len(parts),
                    kind=Kind.IMAGE,
                    attachment_id=file.id if file is not None else None,
                    created_at=self.now(),
                )
            )
        if not sends:
            self.refuse(session, snapshot, row, BLANK)
            return
        session.add_all(sends)
        snapshot.sends[row.id] = sends
        if len(parts) > 1:
            # Planned anew after an edit, it may have other parts.
            name = f"parts:{row.id}:{self.now().timestamp()}"
            snapshot.add_notice(session, self.keyring, name, parts_notice(len(parts)), self.now(), row)

    def refuse(self, session: AsyncSession, snapshot: Snapshot, row: Message, reason: str) -> None:
        """Fails the message with a notice of the reason."""
        refuse(session, snapshot, self.keyring, row, reason, self.now())


def refuse(
    session: AsyncSession,
    snapshot: Snapshot,
    keyring: Keyring,
    row: Message,
    reason: str,
    now: datetime,
    emoji: str = "💔",
) -> None:
    row.status, row.failure, row.settled_at = Delivery.FAILED, reason[:FAILURE], now
    want(row, emoji)
    # A message may fail again after a retry: each failure has its own notice.
    snapshot.add_notice(session, keyring, f"failed:{row.id}:{now.timestamp()}", reason, now, row)


def album_complete_at(rows: Iterable[Message]) -> datetime:
    return max(row.received_at for row in rows) + ALBUM_COMPLETE


def _albums(rows: Iterable[Message]) -> list[list[Message]]:
    """Single rows, and rows of an album together."""
    groups: list[list[Message]] = []
    for row in rows:
        if groups and row.album is not None and groups[-1][0].album == row.album:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups
