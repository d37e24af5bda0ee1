"""Sessions of staff, and the refresh tokens of those in a browser."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.kernel.columns import choice, reference
from models.people.family import Family, FamilyToken
from models.people.manager import Manager


class SessionKind(StrEnum):
    BROWSER = "browser"
    """With a refresh token in a cookie."""

    TOKEN = "token"  # noqa: S105 - a kind
    """Of one access token."""

    CODEC = "codec"
    """Of the codec's cookie."""


@dataclass(frozen=True)
class Bearer:
    """Whom and which session a token names, and the time of the request."""

    manager_id: UUID
    session_id: UUID
    at: datetime


class ManagerSession(Family, table=True):
    __tablename__ = "manager_sessions"

    manager_id: UUID = reference("manager_users.id", index=True, cascade=True)
    kind: SessionKind = choice(SessionKind, "manager_session_kind", default=SessionKind.BROWSER)

    @staticmethod
    def is_live(bearer: Bearer) -> ColumnElement[bool]:
        """Whether the row is the bearer's session, neither ended nor expired."""
        return and_(
            col(ManagerSession.id) == bearer.session_id,
            col(ManagerSession.manager_id) == bearer.manager_id,
            col(ManagerSession.revoked_at).is_(None),
            col(ManagerSession.expires_at) > bearer.at,
        )

    @staticmethod
    async def manager_of(session: AsyncSession, bearer: Bearer) -> Manager | None:
        """The manager of a live session, in one statement."""
        query = select(Manager).join(ManagerSession, col(ManagerSession.manager_id) == col(Manager.id))
        return (await session.exec(query.where(ManagerSession.is_live(bearer)))).first()

    @staticmethod
    async def live_of(
        session: AsyncSession, ids: Collection[UUID], now: datetime
    ) -> Sequence[tuple["ManagerSession", Manager]]:
        """Those of the sessions that are live, with their managers, who are enabled."""
        query = (
            select(ManagerSession, Manager)
            .join(Manager, col(Manager.id) == col(ManagerSession.manager_id))
            .where(
                col(ManagerSession.id).in_(ids),
                col(ManagerSession.revoked_at).is_(None),
                col(ManagerSession.expires_at) > now,
                col(Manager.disabled_at).is_(None),
            )
        )
        return (await session.exec(query)).all()

    @staticmethod
    async def end_with_codec(
        session: AsyncSession, session_id: UUID | None, token_digest: bytes | None, now: datetime
    ) -> None:
        """End the session of the id and that of the refresh token, and all sessions of their managers at the codec."""
        of_token = select(ManagerSessionToken.session_id).where(col(ManagerSessionToken.digest) == token_digest)
        meant = or_(col(ManagerSession.id) == session_id, col(ManagerSession.id).in_(of_token))
        owners = select(ManagerSession.manager_id).where(meant)
        at_codec = and_(col(ManagerSession.kind) == SessionKind.CODEC, col(ManagerSession.manager_id).in_(owners))
        ended = update(ManagerSession).where(col(ManagerSession.revoked_at).is_(None), or_(meant, at_codec))
        await (await session.connection()).execute(ended.values(revoked_at=now))

    @staticmethod
    async def end_all(session: AsyncSession, manager_id: UUID, now: datetime) -> None:
        own = update(ManagerSession).where(
            col(ManagerSession.manager_id) == manager_id, col(ManagerSession.revoked_at).is_(None)
        )
        await (await session.connection()).execute(own.values(revoked_at=now))


class ManagerSessionToken(FamilyToken, table=True):
    __tablename__ = "manager_session_tokens"

    session_id: UUID = reference("manager_sessions.id", index=True, cascade=True)
