"""Sessions of clients and their refresh tokens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.columns import reference
from models.people.family import Family, FamilyToken
from models.people.user import User


class UserSession(Family, table=True):
    """`phone_proved_at`: when the account's phone was proven in this session."""

    __tablename__ = "user_sessions"

    user_id: UUID = reference("users.id", index=True, cascade=True)
    phone_proved_at: datetime | None = None

    @staticmethod
    async def with_user(session: AsyncSession, session_id: UUID, user_id: UUID) -> "tuple[UserSession, User] | None":
        """A session with its user, in one statement."""
        query = select(UserSession, User).join(User, col(User.id) == col(UserSession.user_id))
        return (await session.exec(query.where(col(UserSession.id) == session_id, col(User.id) == user_id))).first()

    @staticmethod
    async def live_of(session: AsyncSession, user_id: UUID, now: datetime, limit: int) -> Sequence["UserSession"]:
        """Live sessions of a user, the last used first."""
        live = select(UserSession).where(
            col(UserSession.user_id) == user_id,
            col(UserSession.revoked_at).is_(None),
            col(UserSession.expires_at) > now,
        )
        ordered = live.order_by(col(UserSession.last_used_at).desc(), col(UserSession.id)).limit(limit)
        return (await session.exec(ordered)).all()

    @staticmethod
    async def live(session: AsyncSession, session_id: UUID, user_id: UUID, now: datetime) -> "UserSession | None":
        """The user's live session."""
        live = select(UserSession).where(
            col(UserSession.id) == session_id,
            col(UserSession.user_id) == user_id,
            col(UserSession.revoked_at).is_(None),
            col(UserSession.expires_at) > now,
        )
        return (await session.exec(live)).first()

    @staticmethod
    async def forget_proofs(session: AsyncSession, user_id: UUID) -> None:
        """What sessions have proven of an earlier phone counts no more."""
        own = update(UserSession).where(
            col(UserSession.user_id) == user_id, col(UserSession.phone_proved_at).is_not(None)
        )
        await (await session.connection()).execute(own.values(phone_proved_at=None))

    @staticmethod
    async def revoke(session: AsyncSession, session_id: UUID, user_id: UUID, now: datetime) -> bool:
        """False if the user has no such session; an ended session does not change."""
        own = select(UserSession).where(col(UserSession.id) == session_id, col(UserSession.user_id) == user_id)
        found = (await session.exec(own.with_for_update())).first()
        if found is None:
            return False
        found.revoked_at = found.revoked_at or now
        return True


class UserSessionToken(FamilyToken, table=True):
    __tablename__ = "user_session_tokens"

    session_id: UUID = reference("user_sessions.id", index=True, cascade=True)
