"""Managers of an organisation who work on its clients."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, and_, exists, or_, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.clients.client import Client
from models.people.manager import Manager


async def colleagues(session: AsyncSession, organisation_id: UUID) -> Sequence[RowMapping]:
    """`id` and `name` of managers with the onboarding right, and of others with assigned clients; by name."""
    may = and_(col(Manager.can_onboard), col(Manager.disabled_at).is_(None))
    holds = exists().where(col(Client.assigned_manager_id) == col(Manager.id))
    statement = (
        select(col(Manager.id), col(Manager.name))
        .where(col(Manager.organisation_id) == organisation_id, or_(may, holds))
        .order_by(col(Manager.name), col(Manager.id))
    )
    return (await (await session.connection()).execute(statement)).mappings().all()
