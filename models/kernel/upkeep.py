"""Upkeep of drafts, upload tickets and counters: each is kept for a day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Delete, delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.draft import Draft
from models.kernel.limit import RateBucket
from models.kernel.upload import UploadTicket

GROWS: Final = (Draft, UploadTicket, RateBucket)

KEPT: Final = timedelta(hours=24)
"""How long an answer is kept under its Idempotency-Key."""


def deletions(now: datetime) -> Sequence[Delete]:
    """Drafts with their answers, used upload tickets and counters after `KEPT`."""
    old = now - KEPT
    return (
        delete(Draft).where(col(Draft.created_at) < old),
        delete(UploadTicket).where(col(UploadTicket.used_at).is_not(None), col(UploadTicket.expires_at) < old),
        delete(RateBucket).where(col(RateBucket.window_start) < old),
    )


async def abandoned_uploads(session: AsyncSession, now: datetime, limit: int) -> Sequence[str]:
    """Keys of uploads that were never attached, oldest first; the objects may or may not exist."""
    query = select(UploadTicket.file_key).where(
        col(UploadTicket.used_at).is_(None), col(UploadTicket.expires_at) < now - KEPT
    )
    return (await session.exec(query.order_by(col(UploadTicket.expires_at)).limit(limit))).all()


async def forget_uploads(session: AsyncSession, keys: Sequence[str]) -> None:
    connection = await session.connection()
    await connection.execute(delete(UploadTicket).where(col(UploadTicket.file_key).in_(keys)))
