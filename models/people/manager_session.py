"""Sessions of staff in a browser, and their refresh tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.columns import reference
from models.people.family import Family, FamilyToken


class ManagerSession(Family, table=True):
    __tablename__ = "manager_sessions"

    manager_id: UUID = reference("manager_users.id", index=True, cascade=True)

    @staticmethod
    async def end_all(session: AsyncSession, manager_id: UUID, now: datetime) -> None:
        own = update(ManagerSession).where(
            col(ManagerSession.manager_id) == manager_id, col(ManagerSession.revoked_at).is_(None)
        )
        await (await session.connection()).execute(own.values(revoked_at=now))


class ManagerSessionToken(FamilyToken, table=True):
    __tablename__ = "manager_session_tokens"

    session_id: UUID = reference("manager_sessions.id", index=True, cascade=True)
