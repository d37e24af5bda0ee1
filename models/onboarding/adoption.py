"""Users without a card, and cards without a workflow."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.clients.client import Client
from models.people.user import User


async def users_without_card(session: AsyncSession, limit: int) -> Sequence[User]:
    """Users without a card, from the client product; skips rows locked by another adoption run."""
    has_card = exists().where(col(Client.user_id) == col(User.id))
    return (await session.exec(select(User).where(~has_card).limit(limit).with_for_update(skip_locked=True))).all()


async def without_workflow(session: AsyncSession, limit: int) -> Sequence[UUID]:
    """Cards without a workflow, oldest first; a workflow sets `workflow_seen_at` at its first read."""
    query = (
        select(Client.id).where(col(Client.workflow_seen_at).is_(None)).order_by(col(Client.created_at)).limit(limit)
    )
    return (await session.exec(query)).all()
