"""Rows that nobody needs any more."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Delete, delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.draft import Draft
from models.limit import RateBucket
from models.session import UserSession
from models.upload import UploadTicket


async def abandoned_uploads(session: AsyncSession, now: datetime, kept: timedelta, limit: int) -> Sequence[str]:
    """Keys of uploads that nobody attached to anything, oldest first; the objects may or may not be there."""
    query = select(UploadTicket.file_key).where(
        col(UploadTicket.used_at).is_(None), col(UploadTicket.expires_at) < now - kept
    )
    return (await session.exec(query.order_by(col(UploadTicket.expires_at)).limit(limit))).all()


async def forget_uploads(session: AsyncSession, keys: Sequence[str]) -> None:
    connection = await session.connection()
    await connection.execute(delete(UploadTicket).where(col(UploadTicket.file_key).in_(keys)))


async def delete_old(session: AsyncSession, now: datetime, kept: timedelta) -> int:
    """Drafts with their answers, used upload tickets and counters after `kept`; sessions when they have run out."""
    statements: list[Delete] = [
        delete(Draft).where(col(Draft.created_at) < now - kept),
        delete(UploadTicket).where(col(UploadTicket.used_at).is_not(None), col(UploadTicket.expires_at) < now - kept),
        delete(RateBucket).where(col(RateBucket.window_start) < now - kept),
        delete(UserSession).where(col(UserSession.expires_at) < now),
    ]
    connection = await session.connection()
    return sum([(await connection.execute(statement)).rowcount for statement in statements])
