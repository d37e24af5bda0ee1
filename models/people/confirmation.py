"""One-time codes that confirm a phone or an e-mail address of an account; what was used is kept as evidence."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, LargeBinary
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.people.confirmation import ConfirmationKind
from models.kernel.columns import choice, created, key, reference, sealed

ADDRESS = "account_confirmations.address"
"""Purpose of the sealed address and of its blind index."""


class Confirmation(SQLModel, table=True):
    """A code of an account's session for one address; neither digits nor address are stored in clear.

    `session_id`: which asked for it; once it is used, in which it was entered: that one has proven the address.
    `address_index` finds the codes of one address over all accounts; `wrong_tries` counts what was entered in vain.
    """

    __tablename__ = "account_confirmations"
    __table_args__ = (
        Index("ix_account_confirmations_user", "user_id", "kind", "sent_at"),
        Index("ix_account_confirmations_address", "address_index", "sent_at"),
    )

    id: UUID = key()
    user_id: UUID = reference("users.id")
    session_id: UUID
    kind: ConfirmationKind = choice(ConfirmationKind, "confirmation_kind")
    address: bytes = sealed(nullable=False)
    address_index: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)
    salt: bytes = Field(sa_type=LargeBinary)
    key_id: str = Field(max_length=64)
    sent_at: datetime = created()
    expires_at: datetime
    tries_left: int = Field(sa_type=Integer)
    wrong_tries: int = Field(default=0, sa_type=Integer)
    used_at: datetime | None = None

    @staticmethod
    async def newest(session: AsyncSession, user_id: UUID, kind: ConfirmationKind) -> "Confirmation | None":
        query = select(Confirmation).where(col(Confirmation.user_id) == user_id, col(Confirmation.kind) == kind)
        ordered = query.order_by(col(Confirmation.sent_at).desc(), col(Confirmation.id))
        return (await session.exec(ordered.limit(1))).first()

    @staticmethod
    async def locked_newest(session: AsyncSession, user_id: UUID, kind: ConfirmationKind) -> "Confirmation":
        """The newest, which exists, as it is now; locked until the transaction ends."""
        query = select(Confirmation).where(col(Confirmation.user_id) == user_id, col(Confirmation.kind) == kind)
        ordered = query.order_by(col(Confirmation.sent_at).desc(), col(Confirmation.id)).limit(1).with_for_update()
        return (await session.exec(ordered.execution_options(populate_existing=True))).one()

    @staticmethod
    async def is_used_in(session: AsyncSession, user_id: UUID, kind: ConfirmationKind, session_id: UUID | None) -> bool:
        """Whether the newest code that confirmed something was entered in this session."""
        query = select(Confirmation.session_id).where(
            col(Confirmation.user_id) == user_id, col(Confirmation.kind) == kind, col(Confirmation.used_at).is_not(None)
        )
        newest = (await session.exec(query.order_by(col(Confirmation.used_at).desc()).limit(1))).first()
        return newest is not None and newest == session_id

    @staticmethod
    async def times_of_account(
        session: AsyncSession, user_id: UUID, kind: ConfirmationKind, since: datetime
    ) -> Sequence[datetime]:
        """When codes of the account were sent, the first first."""
        query = select(Confirmation.sent_at).where(
            col(Confirmation.user_id) == user_id, col(Confirmation.kind) == kind, col(Confirmation.sent_at) > since
        )
        return (await session.exec(query.order_by(col(Confirmation.sent_at)))).all()

    @staticmethod
    async def times_of_address(session: AsyncSession, indexes: Sequence[bytes], since: datetime) -> Sequence[datetime]:
        """When codes were sent to an address over all accounts, the first first; `indexes` under all keys."""
        query = select(Confirmation.sent_at).where(
            col(Confirmation.address_index).in_(indexes), col(Confirmation.sent_at) > since
        )
        return (await session.exec(query.order_by(col(Confirmation.sent_at)))).all()

    @staticmethod
    async def wrong_since(session: AsyncSession, user_id: UUID, kind: ConfirmationKind, since: datetime) -> int:
        """Wrong tries at the account's codes that were sent since then."""
        query = select(func.coalesce(func.sum(col(Confirmation.wrong_tries)), 0)).where(
            col(Confirmation.user_id) == user_id, col(Confirmation.kind) == kind, col(Confirmation.sent_at) > since
        )
        return (await session.exec(query)).one()
