"""Files of buyers for the topic: one that does not come holds up nobody, and is given up by its own answers only."""

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.avito.account import Opened
from activities.conversations.core.later import Later
from activities.conversations.core.snapshot import Snapshot
from activities.conversations.telegram_side.attachment import Bytes, Files, NoFile
from domain.conversations.content import Inbound, Kind
from domain.conversations.file import TRIES, given_up, is_given_up, late, next_fetch, not_taken, refused
from domain.conversations.wording import inbound_wording
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.trouble import Trouble
from models import Attachment, Message
from models.conversations.message import Author
from models.kernel.database import Sessions


class PutOff(Exception):
    """The file comes later; `row.file_due_at` is set, and the next row has its turn."""


class BuyerFiles:
    def __init__(self, sessions: Sessions, keyring: Keyring, files: Files, now: Clock) -> None:
        self.sessions, self.keyring, self.files, self.now = sessions, keyring, files, now

    async def file_of(self, snapshot: Snapshot, row: Message, opened: Opened | None) -> Bytes | str:
        """The row's file, or what the topic is told instead. Raises PutOff, or Later in the first failures."""
        file = await self._attachment(snapshot, row)
        if file is None:
            return inbound_wording(Inbound(Kind(row.kind)), by_buyer=not _from_app(row)).told
        try:
            return await self.files.from_avito(snapshot, row, file, opened)
        except NoFile:
            return refused(row.kind, from_app=_from_app(row))
        except Later as later:
            return await self._failed(snapshot, row, file, later)

    async def note_shown(self, snapshot: Snapshot, row: Message, *, whole: bool) -> None:
        """Notes that the topic has got the file, or words instead of it: these may be asked for again."""
        file = await self._attachment(snapshot, row)
        if file is None or (file.missing_at is None) == whole:
            return
        async with self.sessions.begin() as session:
            session.add(file)
            file.missing_at = None if whole else self.now()

    async def _attachment(self, snapshot: Snapshot, row: Message) -> Attachment | None:
        async with self.sessions() as session:
            await snapshot.load_attachments(session, [row])
        return next(iter(snapshot.attachments.get(row.id, [])), None)

    async def _failed(self, snapshot: Snapshot, row: Message, file: Attachment, later: Later) -> str:
        """Neither the file nor a refusal of it: asked for again, soon at first, then behind later messages."""
        # A refused key takes a person's help: nobody waits for it, and it says nothing of the file.
        needs_help = later.trouble is Trouble.KEY
        tries = file.fetch_tries + (0 if needs_help else 1)
        if is_given_up(tries):
            return given_up(row.kind, from_app=_from_app(row))
        async with self.sessions.begin() as session:
            session.add_all([file, row])
            file.fetch_tries = tries
            if tries >= TRIES or needs_help:
                row.file_due_at = max(later.at, next_fetch(tries, self.now()))
                await self._tell(snapshot, session, row)
        if row.file_due_at is None:
            raise later
        raise PutOff

    async def _tell(self, snapshot: Snapshot, session: AsyncSession, row: Message) -> None:
        """Once for a file, before later messages."""
        key = late_notice(row)
        if await Message.of_sources(session, snapshot.dialog.id, [f"notice:{key}"]):
            return
        text = late(row.kind, from_app=_from_app(row))
        snapshot.add_notice(session, self.keyring, key, text, self.now())
        snapshot.rows.insert(0, snapshot.rows.pop())


def late_notice(row: Message) -> str:
    """Name of the notice that the row's file comes later."""
    return f"file:{row.id}"


def untaken(row: Message) -> str:
    """What is said instead of a file that Telegram does not take."""
    return not_taken(row.kind, from_app=_from_app(row))


def _from_app(row: Message) -> bool:
    return row.author is Author.SELLER_APP
