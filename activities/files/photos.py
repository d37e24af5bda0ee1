"""Uploaded photos: checked and re-encoded without metadata; the upload itself is never served."""

import asyncio
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final

from documents.media.photo import clean_photo
from domain.kernel import sizes
from domain.kernel.clock import Clock
from domain.kernel.refusal import PhotoRejected
from gateways.storage.client import ObjectMissing, ObjectTooLarge, Storage
from models.kernel.database import Sessions
from models.kernel.upload import UploadTicket

JPEG: Final = "image/jpeg"
CLEANED_AT_ONCE: Final = 2
"""Number of photos decoded in memory at the same time."""

NOT_HERE: Final = "Этот файл загружали не сюда. Загрузите фотографию ещё раз."
NOT_THERE: Final = "Файл не загрузился. Загрузите фотографию ещё раз."
USED: Final = "Этот файл уже использован или не прошёл проверку. Загрузите фотографию ещё раз."
TOO_LARGE: Final = f"Файл больше {sizes.PHOTO // sizes.MEGABYTE} МБ. Уменьшите фотографию и загрузите её ещё раз."


def clean_key(file_key: str) -> str:
    """Key of the checked photo of a chat; the upload may be repeated while its ticket is valid."""
    return f"photos/{PurePosixPath(file_key).with_suffix('.jpg').as_posix().removeprefix('uploads/')}"


class Photos:
    def __init__(self, sessions: Sessions, storage: Storage, now: Clock) -> None:
        self.sessions, self.storage, self.now = sessions, storage, now
        self._turns = asyncio.Semaphore(CLEANED_AT_ONCE)

    async def accept(self, file_key: str, place: str, target: str) -> str:
        """Store the upload of `place` as a clean photo at `target`, and delete the upload, also when it is refused.

        Raises `PhotoRejected` with the reason; an upload that was accepted at `target` before is accepted again.
        """
        async with self.sessions() as session:
            ticket = await session.get(UploadTicket, file_key)
        if ticket is None or ticket.place != place:
            raise PhotoRejected(NOT_HERE)
        if ticket.used_at is None:
            await self._accept(file_key, target)
            return target
        await self.storage.delete(file_key)
        return await self._accepted(target, USED)

    async def clean(self, read: Callable[[], bytes]) -> bytes:
        """Re-encode a photo. `read` is called when a place is free, so that waiting uploads use no memory."""
        async with self._turns:
            return await asyncio.to_thread(lambda: clean_photo(read()))

    async def _accept(self, file_key: str, target: str) -> None:
        try:
            data = await self.storage.get(file_key, sizes.PHOTO)
            await self.storage.put(target, await self.clean(lambda: data), JPEG)
        except ObjectMissing:
            # A concurrent repeat of the request may have accepted it.
            await self._accepted(target, NOT_THERE)
            return
        except ObjectTooLarge:
            await self._use(file_key)
            raise PhotoRejected(TOO_LARGE) from None
        except PhotoRejected:
            await self._use(file_key)
            raise
        await self._use(file_key)

    async def _accepted(self, target: str, otherwise: str) -> str:
        if not await self.storage.exists(target):
            raise PhotoRejected(otherwise)
        return target

    async def _use(self, file_key: str) -> None:
        async with self.sessions.begin() as session:
            ticket = await session.get_one(UploadTicket, file_key)
            ticket.used_at = ticket.used_at or self.now()
        await self.storage.delete(file_key)
