"""Files of messages: fetched once, stored, and converted for the other side."""

import asyncio
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from activities.avito.account import Accounts, Opened
from activities.conversations.core.later import Later, later_of_avito, later_of_telegram
from activities.conversations.core.snapshot import Snapshot
from activities.conversations.telegram_side.telegram_group import Groups
from documents.media.picture import Unfit, fit_for_avito
from documents.media.sticker import NotSticker, to_png
from documents.media.voice import NotOpus, to_ogg
from domain.conversations.content import Kind, read_content
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.trouble import Trouble
from gateways.avito.client import LIST_LIMIT
from gateways.avito.media import Fetched, ForbiddenUrl, Media
from gateways.outcome import NotDone, Rejected, TooBig, TooMany, Unauthorised, Unknown
from gateways.storage.client import ObjectMissing, ObjectTooLarge, Storage, StorageError
from gateways.telegram.client import TelegramBot
from gateways.telegram.refusal import DOWNLOAD_LIMIT
from models import Attachment, Message
from models.conversations.message import CONTENT_TYPE, SOURCE
from models.kernel.columns import unseal
from models.kernel.database import Sessions

FROM_AVITO: Final = 48 * 1024 * 1024
"""Slightly below the upload limit of a bot."""

HANDING_TRIES: Final = 10
"""Failures (of some minutes) after which a file of staff is given up if the service answers otherwise."""

_EXTENSIONS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/heic": "heic",
    "image/webp": "webp",
    "audio/ogg": "ogg",
    "audio/mp4": "mp4",
    "video/mp4": "mp4",
}
_MAGIC: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"OggS", "audio/ogg"),
)


class NoFile(Exception):
    """The file cannot be fetched or converted; `what` is a key of `domain.conversations.limits`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class Bytes:
    data: bytes = field(repr=False)
    content_type: str

    @property
    def extension(self) -> str:
        return _EXTENSIONS.get(self.content_type, "bin")


class Files:
    """Without `storage` no copy is kept and a file may be fetched twice."""

    def __init__(
        self,
        sessions: Sessions,
        keyring: Keyring,
        media: Media,
        accounts: Accounts,
        groups: Groups,
        storage: Storage | None,
        now: Clock,
    ) -> None:
        self.sessions, self.keyring, self.media, self.accounts = sessions, keyring, media, accounts
        self.groups, self.storage, self.now = groups, storage, now

    async def from_avito(self, snapshot: Snapshot, row: Message, file: Attachment, opened: Opened | None) -> Bytes:
        """A picture, or a voice message in Telegram's format. Raises NoFile, or Later if it may be fetched later."""
        if (kept := await self._kept(file, FROM_AVITO)) is not None:
            return kept
        try:
            with later_of_avito(lambda: snapshot.next_try(self.now())):
                fetched = await self._fetched(snapshot, row, self._source(file), opened)
        except (ForbiddenUrl, TooBig, Rejected):
            raise NoFile("file") from None
        found = Bytes(fetched.data, _sniffed(fetched.data) or fetched.content_type)
        if row.kind == Kind.VOICE:
            found = await _as_voice(found)
        await self._keep(snapshot, row, file, found)
        return found

    async def from_telegram(self, snapshot: Snapshot, row: Message, file: Attachment) -> Bytes:
        """A picture in a format of Avito. Raises NoFile, or Later if Telegram does not answer."""
        if (kept := await self._kept(file, DOWNLOAD_LIMIT)) is not None:
            return kept
        if file.size == 0:
            raise NoFile("file_empty")
        if (file.size or 0) > DOWNLOAD_LIMIT:
            raise NoFile(_too_large(row, file))
        await self.groups.reach(snapshot)
        bot = self.groups.bot(snapshot.context.bot)
        try:
            with later_of_telegram(lambda: snapshot.next_try(self.now()), NotDone, Unauthorised):
                data = await self._loaded(snapshot, file, bot)
        except TooBig:
            raise NoFile(_too_large(row, file)) from None
        except Rejected:
            raise NoFile("image_broken") from None
        found = await _fit(row, data)
        await self._keep(snapshot, row, file, found)
        return found

    async def is_stuck(self, file: Attachment) -> bool:
        """Counts a failure of handing over this file; whether there were so many that the service is to be asked."""
        async with self.sessions.begin() as session:
            session.add(file)
            file.fetch_tries += 1
        return file.fetch_tries >= HANDING_TRIES

    async def _loaded(self, snapshot: Snapshot, file: Attachment, bot: TelegramBot) -> bytes:
        """The bytes from Telegram; NoFile if it answers otherwise and never gives this file."""
        try:
            return (await bot.download(str(self._source(file).get("file_id") or ""), DOWNLOAD_LIMIT)).data
        except TooMany as refusal:
            raise Later(Trouble.TELEGRAM, self.now() + timedelta(seconds=refusal.retry_after)) from None
        except Unknown:
            with later_of_telegram(lambda: snapshot.next_try(self.now()), Unknown):
                if await self.is_stuck(file) and await bot.me():
                    raise NoFile("image_stuck") from None
            raise Later(Trouble.TELEGRAM, snapshot.next_try(self.now())) from None

    async def _fetched(
        self, snapshot: Snapshot, row: Message, source: Mapping[str, object], opened: Opened | None
    ) -> Fetched:
        if url := source.get("url"):
            try:
                return await self.media.fetch(str(url), FROM_AVITO)
            except Rejected:
                # The link may have expired; the chat names the one of today.
                if (anew := await self._picture_url(snapshot, row, opened)) in (None, url):
                    raise
                return await self.media.fetch(str(anew), FROM_AVITO)
        return await self.media.fetch(
            await self._voice_url(snapshot, opened, str(source.get("voice_id") or "")), FROM_AVITO
        )

    async def _picture_url(self, snapshot: Snapshot, row: Message, opened: Opened | None) -> str | None:
        """The link in the newest messages of the chat; None if the message is not among them."""
        opened = opened or await self._open(snapshot)
        chat_id = snapshot.conversation.chat_id
        messages = await self.accounts.read(opened, lambda avito: avito.messages(chat_id, limit=LIST_LIMIT))
        listed = next((one for one in messages if f"avito:{one.id}" == row.source_key), None)
        return read_content(listed.type, listed.content).image_url if listed is not None else None

    async def _open(self, snapshot: Snapshot) -> Opened:
        conversation = snapshot.conversation
        return await self.accounts.opened(conversation.account_id, who=conversation.chat_id)

    def _source(self, file: Attachment) -> Mapping[str, object]:
        return dict(unseal(self.keyring, SOURCE, file.source_sealed)) if file.source_sealed else {}

    async def _voice_url(self, snapshot: Snapshot, opened: Opened | None, voice_id: str) -> str:
        """A link to the voice message; it lives for an hour, so it is not stored."""
        if not voice_id:
            raise NoFile("voice")
        opened = opened or await self._open(snapshot)
        return await self.accounts.read(opened, lambda avito: avito.voice_url(voice_id))

    async def _kept(self, file: Attachment, limit: int) -> Bytes | None:
        if self.storage is None or file.storage_key is None:
            return None
        try:
            data = await self.storage.get(file.storage_key, limit)
        except (StorageError, ObjectMissing, ObjectTooLarge):
            return None
        return Bytes(data, file.content_type or "")

    async def _keep(self, snapshot: Snapshot, row: Message, file: Attachment, found: Bytes) -> None:
        """Stores a copy for the web and for repeats; without an answer of the store, none."""
        if self.storage is None:
            return
        key = f"conversations/{snapshot.dialog.id}/{row.id}/{file.ordinal}.{found.extension}"
        try:
            await self.storage.put(key, found.data, found.content_type or "application/octet-stream")
        except StorageError:
            return
        async with self.sessions.begin() as session:
            session.add(file)
            file.storage_key, file.size = key, len(found.data)
            file.content_type = found.content_type[:CONTENT_TYPE] or None


async def _as_voice(found: Bytes) -> Bytes:
    """OGG/Opus; other audio stays as it is and is sent as a document."""
    try:
        return Bytes(await asyncio.to_thread(to_ogg, found.data), "audio/ogg")
    except NotOpus:
        return found


async def _fit(row: Message, data: bytes) -> Bytes:
    """By the content, whatever name and type it came with."""
    try:
        if row.kind == Kind.STICKER:
            return Bytes(await asyncio.to_thread(to_png, data), "image/png")
        fit = await asyncio.to_thread(fit_for_avito, data)
    except NotSticker:
        raise NoFile("image_broken") from None
    except Unfit as unfit:
        raise NoFile(unfit.what) from None
    return Bytes(fit.data, fit.content_type)


def _too_large(row: Message, file: Attachment) -> str:
    """A document of this size cannot be looked into: what it says of itself decides about the words."""
    says = f"{file.content_type or ''} {mimetypes.guess_type(file.file_name or '')[0] or ''}"
    return "image_too_large" if row.kind != Kind.FILE or "image/" in says else "document"


def _sniffed(data: bytes) -> str | None:
    return next((content_type for magic, content_type in _MAGIC if data.startswith(magic)), None)
