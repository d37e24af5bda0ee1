"""Rows that nobody needs any more."""

from datetime import datetime, timedelta

from sqlalchemy import Delete, delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.draft import Draft
from models.limit import RateBucket
from models.session import UserSession
from models.upload import UploadTicket


async def delete_old(session: AsyncSession, now: datetime, kept: timedelta) -> int:
    """Drafts with their answers, upload tickets and counters after `kept`; sessions when they have run out."""
    statements: list[Delete] = [
        delete(Draft).where(col(Draft.created_at) < now - kept),
        delete(UploadTicket).where(col(UploadTicket.expires_at) < now - kept),
        delete(RateBucket).where(col(RateBucket.window_start) < now - kept),
        delete(UserSession).where(col(UserSession.expires_at) < now),
    ]
    connection = await session.connection()
    return sum([(await connection.execute(statement)).rowcount for statement in statements])
