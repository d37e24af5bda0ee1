"""Files of messages: fetched once, stored, and converted for the other side."""

import asyncio
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from activities.avito.account import Accounts, Opened
from activities.conversations.core.later import later_of_avito, later_of_telegram
from activities.conversations.core.snapshot import Snapshot
from activities.conversations.telegram_side.telegram_group import Groups
from documents.media.sticker import NotSticker, to_png
from documents.media.voice import NotOpus, to_ogg
from domain.conversations.content import Kind
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from gateways.avito.media import ForbiddenUrl, Media
from gateways.outcome import NotDone, Rejected, TooBig, Unauthorised, Unknown
from gateways.storage.client import ObjectMissing, ObjectTooLarge, Storage, StorageError
from gateways.telegram.refusal import DOWNLOAD_LIMIT
from models import Attachment, Message
from models.conversations.message import CONTENT_TYPE, SOURCE
from models.kernel.columns import unseal
from models.kernel.database import Sessions

FROM_AVITO: Final = 48 * 1024 * 1024
"""Slightly below the upload limit of a bot."""

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
_TYPES: Final = {extension: content_type for content_type, extension in reversed(_EXTENSIONS.items())}
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
        source = unseal(self.keyring, SOURCE, file.source_sealed) if file.source_sealed else {}
        try:
            with later_of_avito(lambda: snapshot.next_try(self.now())):
                url = source.get("url") or await self._voice_url(opened, str(source.get("voice_id") or ""))
                fetched = await self.media.fetch(url, FROM_AVITO)
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
        source = unseal(self.keyring, SOURCE, file.source_sealed) if file.source_sealed else {}
        if (file.size or 0) > DOWNLOAD_LIMIT:
            raise NoFile("image_too_large")
        await self.groups.reach(snapshot)
        try:
            with later_of_telegram(lambda: snapshot.next_try(self.now()), NotDone, Unknown, Unauthorised):
                bot = self.groups.bot(snapshot.context.bot)
                loaded = await bot.download(str(source.get("file_id") or ""), DOWNLOAD_LIMIT)
        except TooBig:
            raise NoFile("image_too_large") from None
        except Rejected:
            raise NoFile("image_broken") from None
        suffix = PurePosixPath(loaded.path).suffix.lstrip(".").lower()
        found = Bytes(loaded.data, _sniffed(loaded.data) or _TYPES.get(suffix) or file.content_type or "")
        if row.kind == Kind.STICKER or _is_webp(loaded.data):
            try:
                found = Bytes(await asyncio.to_thread(to_png, loaded.data), "image/png")
            except NotSticker:
                raise NoFile("image_broken") from None
        await self._keep(snapshot, row, file, found)
        return found

    async def _voice_url(self, opened: Opened | None, voice_id: str) -> str:
        """A link to the voice message; it lives for an hour, so it is not stored."""
        if opened is None:
            raise NotDone("no access to the account")
        if not voice_id:
            raise NoFile("voice")
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


def _sniffed(data: bytes) -> str | None:
    return next((content_type for magic, content_type in _MAGIC if data.startswith(magic)), None)


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"
