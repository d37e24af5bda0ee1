"""Who was left out: users without a card, cards whose workflow never ran."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.clients.client import Client
from models.people.user import User


async def users_without_card(session: AsyncSession, limit: int) -> Sequence[User]:
    """People of the client product who registered before us or past us; two adoptions at once do not meet."""
    has_card = exists().where(col(Client.user_id) == col(User.id))
    return (await session.exec(select(User).where(~has_card).limit(limit).with_for_update(skip_locked=True))).all()


async def without_workflow(session: AsyncSession, limit: int) -> Sequence[UUID]:
    """Oldest first; a workflow notes itself on the card when it first reads it."""
    query = (
        select(Client.id).where(col(Client.workflow_seen_at).is_(None)).order_by(col(Client.created_at)).limit(limit)
    )
    return (await session.exec(query)).all()
