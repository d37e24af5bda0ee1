"""Bots and Avito accounts of an organisation, for the pages that connect them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, exists, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.channels.account import Account
from models.channels.bot import Bot


async def bots_of(session: AsyncSession, organisation_id: UUID) -> Sequence[Bot]:
    """The oldest first."""
    query = select(Bot).where(col(Bot.organisation_id) == organisation_id, col(Bot.deleted_at).is_(None))
    return (await session.exec(query.order_by(col(Bot.created_at), col(Bot.id)))).all()


async def bot_of(session: AsyncSession, organisation_id: UUID, bot_id: UUID, *, lock: bool = False) -> Bot | None:
    query = select(Bot).where(
        col(Bot.id) == bot_id, col(Bot.organisation_id) == organisation_id, col(Bot.deleted_at).is_(None)
    )
    return (await session.exec(query.with_for_update(key_share=True) if lock else query)).first()


async def master_bot(session: AsyncSession) -> Bot | None:
    """The newest live bot without an organisation."""
    query = select(Bot).where(col(Bot.organisation_id).is_(None), col(Bot.deleted_at).is_(None))
    return (await session.exec(query.order_by(col(Bot.created_at).desc()).limit(1))).first()


async def is_bot_taken(session: AsyncSession, tokens: Sequence[bytes], telegram_id: int | None, but: UUID) -> bool:
    """Whether another live bot has the token (its index under each key) or the Telegram id."""
    same = or_(col(Bot.token_index).in_(tokens), col(Bot.telegram_id) == telegram_id)
    query = select(exists().where(same, col(Bot.id) != but, col(Bot.deleted_at).is_(None)))
    return bool((await session.exec(query)).one())


async def is_bot_used(session: AsyncSession, bot_id: UUID) -> bool:
    query = select(exists().where(col(Account.bot_id) == bot_id, col(Account.deleted_at).is_(None)))
    return bool((await session.exec(query)).one())


async def accounts_of(session: AsyncSession, organisation_id: UUID) -> Sequence[Account]:
    """The oldest first."""
    query = select(Account).where(col(Account.organisation_id) == organisation_id, col(Account.deleted_at).is_(None))
    return (await session.exec(query.order_by(col(Account.created_at), col(Account.id)))).all()


async def account_of(
    session: AsyncSession, organisation_id: UUID, account_id: UUID, *, lock: bool = False
) -> Account | None:
    query = select(Account).where(
        col(Account.id) == account_id,
        col(Account.organisation_id) == organisation_id,
        col(Account.deleted_at).is_(None),
    )
    return (await session.exec(query.with_for_update(key_share=True) if lock else query)).first()


async def is_account_taken(session: AsyncSession, organisation_id: UUID, client_id: str, but: UUID) -> bool:
    """Whether another live account of the organisation has the key."""
    same = exists().where(
        col(Account.organisation_id) == organisation_id,
        col(Account.api_client_id) == client_id,
        col(Account.id) != but,
        col(Account.deleted_at).is_(None),
    )
    return bool((await session.exec(select(same))).one())


async def add_unless_taken(session: AsyncSession, row: Bot | Account) -> bool:
    """Stores a row; False if a concurrent request has taken the token or key."""
    try:
        async with session.begin_nested():
            session.add(row)
            await session.flush()
    except IntegrityError:
        return False
    return True
