"""The client's log-ins: a session is a family of refresh tokens of which one is current."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, exists, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.columns import created, key, reference
from models.user import User


class UserSession(SQLModel, table=True):
    """One signed-in device; revoked as a whole."""

    __tablename__ = "user_sessions"

    id: UUID = key()
    user_id: UUID = reference("users.id", index=True, cascade=True)
    ip: str | None = Field(default=None, max_length=64)
    user_agent: str | None = Field(default=None, max_length=500)
    created_at: datetime = created()
    last_used_at: datetime = created()
    expires_at: datetime
    revoked_at: datetime | None = None

    @staticmethod
    async def with_user(session: AsyncSession, session_id: UUID, user_id: UUID) -> "tuple[UserSession, User] | None":
        """Who asks and in which session, in one statement."""
        query = select(UserSession, User).join(User, col(User.id) == col(UserSession.user_id))
        return (await session.exec(query.where(col(UserSession.id) == session_id, col(User.id) == user_id))).first()

    @staticmethod
    async def live_of(session: AsyncSession, user_id: UUID, now: datetime, limit: int) -> Sequence["UserSession"]:
        """The devices that are signed in, the one used last first."""
        live = select(UserSession).where(
            col(UserSession.user_id) == user_id,
            col(UserSession.revoked_at).is_(None),
            col(UserSession.expires_at) > now,
        )
        ordered = live.order_by(col(UserSession.last_used_at).desc(), col(UserSession.id)).limit(limit)
        return (await session.exec(ordered)).all()

    @staticmethod
    async def revoke(session: AsyncSession, session_id: UUID, user_id: UUID, now: datetime) -> bool:
        """False when the user has no such session; one that has ended already stays as it was."""
        own = select(UserSession).where(col(UserSession.id) == session_id, col(UserSession.user_id) == user_id)
        found = (await session.exec(own.with_for_update())).first()
        if found is None:
            return False
        found.revoked_at = found.revoked_at or now
        return True


class UserSessionToken(SQLModel, table=True):
    """A refresh token, as SHA-256 of its secret only; `replaced_at` is set when it was used."""

    __tablename__ = "user_session_tokens"

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    session_id: UUID = reference("user_sessions.id", index=True, cascade=True)
    created_at: datetime = created()
    replaced_at: datetime | None = None

    @staticmethod
    async def held(session: AsyncSession, digest: bytes) -> "tuple[UserSessionToken, UserSession] | None":
        """The token with its session, both held until the transaction ends: one use of a family at a time."""
        query = (
            select(UserSessionToken, UserSession)
            .join(UserSession, col(UserSession.id) == col(UserSessionToken.session_id))
            .where(col(UserSessionToken.digest) == digest)
            .with_for_update()
        )
        return (await session.exec(query)).first()

    async def is_newest_replaced(self, session: AsyncSession) -> bool:
        """Whether the token that came after this one is the current one."""
        other = aliased(UserSessionToken)
        later = exists().where(
            col(other.session_id) == self.session_id,
            col(other.replaced_at) > self.replaced_at,
        )
        return not (await session.exec(select(later))).one()

    @staticmethod
    async def revoke_family(session: AsyncSession, digest: bytes, now: datetime) -> None:
        """End the session that the token belongs to, be it current or not."""
        family = select(UserSessionToken.session_id).where(col(UserSessionToken.digest) == digest).scalar_subquery()
        ended = update(UserSession).where(col(UserSession.id) == family, col(UserSession.revoked_at).is_(None))
        await (await session.connection()).execute(ended.values(revoked_at=now))
