"""Rows that nobody needs any more."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Delete, delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.channels.bot import BotRequest
from models.channels.budget import Wait
from models.clients.autosave import AUTOSAVES_KEPT, Autosave
from models.conversations.inbox import AvitoHint, TelegramUpdate
from models.kernel.draft import Draft
from models.kernel.limit import RateBucket
from models.kernel.upload import UploadTicket
from models.people.client_session import UserSession
from models.people.manager_session import ManagerSession
from models.people.sign_in_link import LoginLink, TelegramLogin

KNOCKS_KEPT = timedelta(hours=48)
"""Telegram repeats an update for a day and takes a log-in of its widget for a day: both are known twice as long."""


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
    """Drafts with their answers, used upload tickets, counters, links and places in a queue after `kept`; what has
    knocked after `KNOCKS_KEPT`; autosaves after `AUTOSAVES_KEPT`; sessions when they have run out.
    """
    knocked = now - KNOCKS_KEPT
    statements: list[Delete] = [
        delete(Draft).where(col(Draft.created_at) < now - kept),
        delete(UploadTicket).where(col(UploadTicket.used_at).is_not(None), col(UploadTicket.expires_at) < now - kept),
        delete(Autosave).where(col(Autosave.updated_at) < now - AUTOSAVES_KEPT),
        delete(RateBucket).where(col(RateBucket.window_start) < now - kept),
        delete(UserSession).where(col(UserSession.expires_at) < now),
        delete(ManagerSession).where(col(ManagerSession.expires_at) < now),
        delete(LoginLink).where(col(LoginLink.expires_at) < now - kept),
        delete(Wait).where(col(Wait.retry_at) < now - kept),
        delete(TelegramUpdate).where(col(TelegramUpdate.received_at) < knocked),
        delete(AvitoHint).where(col(AvitoHint.received_at) < knocked),
        delete(BotRequest).where(col(BotRequest.done_at).is_not(None), col(BotRequest.created_at) < knocked),
        delete(TelegramLogin).where(col(TelegramLogin.used_at) < knocked),
    ]
    connection = await session.connection()
    return sum([(await connection.execute(statement)).rowcount for statement in statements])
