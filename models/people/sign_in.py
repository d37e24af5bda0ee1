"""Sign-in of staff by a single-use link or Telegram, and creation of their accounts."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.people.manager import Manager
from models.people.sign_in_link import LoginLink


async def use_link(session: AsyncSession, token_hash: bytes, at: datetime) -> LoginLink | None:
    """Mark the link as used; None if it is unknown, expired or used. A concurrent use waits for the commit."""
    good = (
        col(LoginLink.token_hash) == token_hash,
        col(LoginLink.used_at).is_(None),
        col(LoginLink.expires_at) > at,
    )
    statement = update(LoginLink).where(*good).values(used_at=at).returning(col(LoginLink.id))
    found = (await (await session.connection()).execute(statement)).first()
    return await session.get_one(LoginLink, found[0]) if found else None


async def manager_of_telegram(session: AsyncSession, telegram_user_id: int) -> Manager | None:
    query = select(Manager).where(col(Manager.telegram_user_id) == telegram_user_id)
    return (await session.exec(query)).first()


async def add_manager(session: AsyncSession, manager: Manager) -> bool:
    """Insert the manager; False if the address or the Telegram account is taken, also by a concurrent insert."""
    row = insert(Manager).values(**manager.model_dump()).on_conflict_do_nothing().returning(col(Manager.id))
    return (await (await session.connection()).execute(row)).first() is not None
