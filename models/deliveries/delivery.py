"""Deliveries with the attempts of their channels: what was sent, by which way, and what became of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.deliveries.delivery import ARRIVED, AttemptState, Channel, DeliveryState, Purpose, Reason
from models.kernel.columns import choice, created, key, reference, sealed

LETTER = "deliveries.letter"
"""Purpose of the encryption of `letter`: JSON `{subject, text, short, html, masked}`."""

ADDRESSES = "deliveries.addresses"
"""Purpose of the encryption of `addresses`: JSON `{channel: address}`."""

ADDRESS = "delivery_attempts.address"
"""Purpose of the encryption of `DeliveryAttempt.address`: JSON string."""


def _list() -> Any:
    return Field(default_factory=list, sa_type=JSONB, nullable=False, sa_column_kwargs={"server_default": text("'[]'")})


class Delivery(SQLModel, table=True):
    """A message to a client's account or to a manager, by the first of `channels` that takes it.

    `addresses` are set where the address is not what the person has confirmed. `attachments` is
    `[{key, name, content_type}]`. `started_at`: its workflow was started. `due_at`: when the workflow does something
    next, null once nothing is left to do.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_deliveries_contract", "contract_id", "created_at"),
    )

    id: UUID = key()
    client_id: UUID | None = reference("manager_clients.id", nullable=True, index=True)
    user_id: UUID | None = reference("users.id", nullable=True, index=True)
    manager_id: UUID | None = reference("manager_users.id", nullable=True, index=True)
    contract_id: UUID | None = reference("manager_contracts.id", nullable=True)
    purpose: Purpose = choice(Purpose, "delivery_purpose")
    channels: list[str] = _list()
    letter: bytes = sealed(nullable=False)
    attachments: list[dict[str, str]] = _list()
    addresses: bytes | None = sealed()
    state: DeliveryState = choice(DeliveryState, "delivery_state", default=DeliveryState.PENDING)
    reason: Reason | None = choice(Reason, "delivery_reason", nullable=True)
    created_at: datetime = created()
    expires_at: datetime | None = None
    started_at: datetime | None = None
    due_at: datetime | None = None
    settled_at: datetime | None = None

    @staticmethod
    async def add(session: AsyncSession, row: "Delivery") -> bool:
        """Insert it; False if there is one of this id."""
        new = insert(Delivery).values(row.model_dump()).on_conflict_do_nothing(index_elements=["id"])
        return (await (await session.connection()).execute(new.returning(col(Delivery.id)))).first() is not None

    @staticmethod
    async def waiting_in_chat(
        session: AsyncSession, user_id: UUID, message_ids: Collection[str]
    ) -> Sequence[tuple[UUID, UUID | None]]:
        """Deliveries, with their clients, that stand in these messages of the chat and have not been shown."""
        query = select(Delivery.id, Delivery.client_id).join(
            DeliveryAttempt, col(DeliveryAttempt.delivery_id) == col(Delivery.id)
        )
        waiting = query.where(
            col(Delivery.user_id) == user_id,
            col(DeliveryAttempt.channel) == Channel.SUPPORT_CHAT,
            col(DeliveryAttempt.state) == AttemptState.SENT,
            col(DeliveryAttempt.provider_id).in_(message_ids),
        )
        return (await session.exec(waiting)).all()

    @staticmethod
    async def client_of(session: AsyncSession, delivery_id: UUID) -> UUID | None:
        return (await session.exec(select(Delivery.client_id).where(col(Delivery.id) == delivery_id))).first()

    @staticmethod
    async def locked(session: AsyncSession, delivery_id: UUID) -> "Delivery | None":
        return (await session.exec(select(Delivery).where(col(Delivery.id) == delivery_id).with_for_update())).first()

    @staticmethod
    async def overdue(session: AsyncSession, before: datetime, limit: int) -> Sequence[UUID]:
        """Deliveries whose workflow should have done something before this time, the longest overdue first."""
        query = select(col(Delivery.id)).where(col(Delivery.due_at) < before)
        return (await session.exec(query.order_by(col(Delivery.due_at), col(Delivery.id)).limit(limit))).all()

    @staticmethod
    async def withdraw(session: AsyncSession, client_id: UUID, purpose: Purpose, at: datetime) -> None:
        """What has not gone out yet, and is of no use any more, is not sent."""
        pending = update(Delivery).where(
            col(Delivery.client_id) == client_id,
            col(Delivery.purpose) == purpose,
            col(Delivery.state) == DeliveryState.PENDING,
        )
        await (await session.connection()).execute(pending.values(expires_at=at, reason=Reason.WITHDRAWN))


class DeliveryAttempt(SQLModel, table=True):
    """The one attempt of a delivery by one channel, kept as evidence.

    `at` is the first try, `tried_at` the newest; `provider_status` is the channel's own code of a refusal.
    """

    __tablename__ = "delivery_attempts"
    __table_args__ = (Index("uq_delivery_attempts_channel", "delivery_id", "channel", unique=True),)

    id: UUID = key()
    delivery_id: UUID = reference("deliveries.id", cascade=True)
    channel: Channel = choice(Channel, "delivery_channel")
    state: AttemptState = choice(AttemptState, "attempt_state")
    reason: Reason | None = choice(Reason, "attempt_reason", nullable=True)
    provider_status: int | None = Field(default=None, sa_type=Integer)
    provider_id: str | None = Field(default=None, max_length=255)
    address: bytes | None = sealed()
    tries: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})
    at: datetime = created()
    tried_at: datetime = created()
    retry_at: datetime | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    receipts_asked: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})
    asked_at: datetime | None = None

    @staticmethod
    async def of(session: AsyncSession, delivery_id: UUID) -> Sequence["DeliveryAttempt"]:
        """In the order of their first tries."""
        query = select(DeliveryAttempt).where(col(DeliveryAttempt.delivery_id) == delivery_id)
        return (await session.exec(query.order_by(col(DeliveryAttempt.at), col(DeliveryAttempt.id)))).all()

    @staticmethod
    async def way(session: AsyncSession, delivery_id: UUID) -> "DeliveryAttempt | None":
        """The attempt by which the message went; None as long as no channel has taken it."""
        attempts = await DeliveryAttempt.of(session, delivery_id)
        return next((one for one in reversed(attempts) if one.state in ARRIVED), None)
