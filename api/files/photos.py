"""Photos of a chat, which belong to no step of a process: checked at once, and never served as they came."""

import asyncio
from pathlib import PurePosixPath
from typing import Final

from api.context import Context
from documents.media.photo import MAX_BYTES, clean_photo
from domain.kernel.refusal import PhotoRejected
from gateways.storage.client import ObjectMissing, ObjectTooLarge
from models import UploadTicket

JPEG: Final = "image/jpeg"
NOT_HERE: Final = "Этот файл загружали не сюда. Загрузите фотографию ещё раз."
NOT_THERE: Final = "Файл не загрузился. Загрузите фотографию ещё раз."
REFUSED: Final = "Этот файл не прошёл проверку. Загрузите фотографию ещё раз."
TOO_LARGE: Final = "Файл больше 10 МБ. Уменьшите фотографию и загрузите её ещё раз."


def clean_key(file_key: str) -> str:
    """Where the checked photo lies: apart from the upload, which may be repeated while its ticket lives."""
    return f"photos/{PurePosixPath(file_key).with_suffix('.jpg').as_posix().removeprefix('uploads/')}"


async def accept(ctx: Context, file_key: str, place: str) -> str:
    """The key of the checked photo; `PhotoRejected` for what was not uploaded to this place or is no photo."""
    async with ctx.autocommit() as session:
        ticket = await session.get(UploadTicket, file_key)
    if ticket is None or ticket.place != place:
        raise PhotoRejected(NOT_HERE)
    target = clean_key(file_key)
    if ticket.used_at is not None:
        if not await ctx.storage.exists(target):
            raise PhotoRejected(REFUSED)
        return target
    try:
        data = await ctx.storage.get(file_key, MAX_BYTES)
        async with ctx.uploads.cleaning:
            photo = await asyncio.to_thread(clean_photo, data)
    except ObjectMissing:
        # The same message sent twice at once: the other one has accepted the photo meanwhile.
        if await ctx.storage.exists(target):
            return target
        raise PhotoRejected(NOT_THERE) from None
    except ObjectTooLarge:
        await _use(ctx, file_key)
        raise PhotoRejected(TOO_LARGE) from None
    except PhotoRejected:
        await _use(ctx, file_key)
        raise
    await ctx.storage.put(target, photo.jpeg, JPEG)
    await _use(ctx, file_key)
    return target


async def _use(ctx: Context, file_key: str) -> None:
    """The upload is gone afterwards, good or not."""
    async with ctx.sessions.begin() as session:
        ticket = await session.get_one(UploadTicket, file_key)
        ticket.used_at = ticket.used_at or ctx.now()
    await ctx.storage.delete(file_key)
