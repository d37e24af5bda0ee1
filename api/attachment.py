"""Photos that belong to no step of a process: checked and re-encoded at once, and never served as they came."""

import asyncio
from pathlib import PurePosixPath
from typing import Final

from api.context import Context
from documents.photo import MAX_BYTES, clean_photo
from domain.errors import PhotoRejected
from gateways.storage import ObjectMissing, ObjectTooLarge
from models import UploadTicket

JPEG: Final = "image/jpeg"
NOT_HERE: Final = "Этот файл загружали не сюда. Загрузите фотографию ещё раз."
NOT_THERE: Final = "Файл не загрузился. Загрузите фотографию ещё раз."
REFUSED: Final = "Этот файл не прошёл проверку. Загрузите фотографию ещё раз."
TOO_LARGE: Final = "Файл больше 10 МБ. Уменьшите фотографию и загрузите её ещё раз."


def clean_key(file_key: str) -> str:
    """Where the checked photo of an upload lies: apart from it, because an upload may be repeated while its ticket lives."""
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
        await store(ctx, file_key, await ctx.storage.get(file_key, MAX_BYTES))
    except ObjectMissing:
        raise PhotoRejected(NOT_THERE) from None
    except ObjectTooLarge:
        await _use(ctx, file_key)
        raise PhotoRejected(TOO_LARGE) from None
    return target


async def store(ctx: Context, file_key: str, data: bytes) -> str:
    """Check what was uploaded under this key and keep the clean photo; the upload is gone afterwards, good or not."""
    target = clean_key(file_key)
    try:
        photo = await asyncio.to_thread(clean_photo, data)
        await ctx.storage.put(target, photo.jpeg, JPEG)
    except PhotoRejected:
        await _use(ctx, file_key)
        raise
    await _use(ctx, file_key)
    return target


async def _use(ctx: Context, file_key: str) -> None:
    async with ctx.sessions.begin() as session:
        ticket = await session.get_one(UploadTicket, file_key)
        ticket.used_at = ticket.used_at or ctx.now()
    await ctx.storage.delete(file_key)
