"""What staff wrote, taken up in one commit: as sends for Avito, as commands, or back to the topic with a reason."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.conversations.core.snapshot import Talk, want
from activities.conversations.telegram_side.staff_command import Commands
from domain.conversations.content import Kind
from domain.conversations.limits import EDITED, refusal_of
from domain.conversations.topic import parts_notice
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.text import AVITO_TEXT, is_blank, split_text
from models import Message, Send
from models.conversations.message import BODY, SEND_BODY, Delivery
from models.conversations.sends import noted_albums
from models.kernel.columns import seal
from models.kernel.database import Sessions

ALBUM_COMPLETE: Final = timedelta(seconds=1.5)
"""An album has no end mark: it is complete when that long nothing was added."""

PICTURES: Final = frozenset({Kind.IMAGE, Kind.STICKER})

BLANK: Final = "Сообщение не ушло: в нём нет видимого текста."


class Planning:
    def __init__(self, sessions: Sessions, keyring: Keyring, commands: Commands, now: Clock) -> None:
        self.sessions, self.keyring, self.commands, self.now = sessions, keyring, commands, now

    async def take_up(self, talk: Talk) -> None:
        """Killed before the commit, nothing has happened; after it, nothing is planned twice."""
        fresh = [row for row in talk.to_send if row.id not in talk.sends]
        if not fresh:
            return
        async with self.sessions.begin() as session:
            session.add_all([talk.dialog, *fresh])
            await self.plan(session, talk, fresh)

    async def plan(self, session: AsyncSession, talk: Talk, fresh: Sequence[Message]) -> None:
        """In the open transaction, which these rows and the dialog are part of."""
        notes = await noted_albums(session, talk.dialog.id, {row.album for row in fresh if row.album})
        for rows in _albums(fresh):
            if rows[0].album is not None and album_complete_at(rows) > self.now():
                continue
            if rows[0].album in notes:
                for row in rows:
                    row.kind = Kind.NOTE
            # A file that cannot go may hold the words of the whole album.
            speaker = next((row for row in rows if row.kind in PICTURES), None)
            for row in rows:
                await self._take(session, talk, row, rows if row is speaker else ())

    async def _take(self, session: AsyncSession, talk: Talk, row: Message, album: Sequence[Message]) -> None:
        """`album`: the rows whose words this one says before the pictures; empty for its later pictures."""
        body, now = talk.body(self.keyring, row), self.now()
        match row.kind:
            case Kind.UNSUPPORTED:
                self.refuse(session, talk, row, refusal_of(str(body.get("what", ""))))
            case Kind.EDITED:
                row.status, row.settled_at = Delivery.DELIVERED, now
                talk.add_notice(session, self.keyring, f"edited:{row.id}", EDITED, now, row)
            case Kind.NOTE:
                row.status, row.settled_at = Delivery.DELIVERED, now
            case Kind.COMMAND:
                said = await self.commands.obey(session, talk, row, body)
                if said is not None:
                    # From now on it is what the buyer is told, in the lists and for /retry.
                    row.kind, row.body_sealed = Kind.TEXT, seal(self.keyring, BODY, body | {"text": said})
                    self._plan(session, talk, row, [said], picture=False)
            case Kind.IMAGE | Kind.STICKER:
                captions = [str(talk.body(self.keyring, one).get("text") or "") for one in album]
                self._plan(session, talk, row, [one for one in captions if not is_blank(one)], picture=True)
            case _:
                self._plan(session, talk, row, [_words(row, body)], picture=False)

    def _plan(self, session: AsyncSession, talk: Talk, row: Message, texts: Sequence[str], *, picture: bool) -> None:
        parts = [part for text in texts if not is_blank(text) for part in split_text(text, AVITO_TEXT)]
        sends = [
            Send(
                dialog_id=talk.dialog.id,
                message_id=row.id,
                ordinal=ordinal,
                kind=Kind.TEXT,
                body_sealed=seal(self.keyring, SEND_BODY, part),
                created_at=self.now(),
            )
            for ordinal, part in enumerate(parts)
        ]
        if picture:
            file = next(iter(talk.attachments.get(row.id, [])), None)
            sends.append(
                Send(
                    dialog_id=talk.dialog.id,
                    message_id=row.id,
                    ordinal=len(parts),
                    kind=Kind.IMAGE,
                    attachment_id=file.id if file is not None else None,
                    created_at=self.now(),
                )
            )
        if not sends:
            self.refuse(session, talk, row, BLANK)
            return
        session.add_all(sends)
        talk.sends[row.id] = sends
        if len(parts) > 1:
            talk.add_notice(session, self.keyring, f"parts:{row.id}", parts_notice(len(parts)), self.now(), row)

    def refuse(self, session: AsyncSession, talk: Talk, row: Message, reason: str) -> None:
        """It stays in the topic, with the reason under it."""
        refuse(session, talk, self.keyring, row, reason, self.now())


def refuse(
    session: AsyncSession, talk: Talk, keyring: Keyring, row: Message, reason: str, now: datetime, emoji: str = "💔"
) -> None:
    row.status, row.failure, row.settled_at = Delivery.FAILED, reason[:300], now
    want(row, emoji)
    # After a retry the same message may fail again: each failure has a notice of its own.
    talk.add_notice(session, keyring, f"failed:{row.id}:{now.timestamp()}", reason, now, row)


def album_complete_at(rows: Iterable[Message]) -> datetime:
    return max(row.received_at for row in rows) + ALBUM_COMPLETE


def _albums(rows: Iterable[Message]) -> list[list[Message]]:
    """Rows one by one, those of an album together."""
    groups: list[list[Message]] = []
    for row in rows:
        if groups and row.album is not None and groups[-1][0].album == row.album:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _words(row: Message, body: dict[str, Any]) -> str:
    """What Avito is given for a text, a contact or a place: it takes nothing but words."""
    text = str(body.get("text") or "")
    if row.kind == Kind.CONTACT:
        return "\n".join(one for one in (text, str(body.get("name") or ""), str(body.get("phone") or "")) if one)
    if row.kind == Kind.LOCATION:
        spot = f"{body.get('latitude')}, {body.get('longitude')}" if "latitude" in body else ""
        named = [str(body.get(name) or "") for name in ("title", "address")]
        return "\n".join(one for one in (text, *named, spot) if one)
    return text
