"""The trail: append-only, hash-chained events of a client; and reads of the card."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Integer, LargeBinary
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.clients.trail import BreakKind, Link
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.crypto import Keyring
from models.clients.client import Client
from models.kernel.columns import choice, created, document, key, reference


class Event(SQLModel, table=True):
    """An event of the trail; `details` contain ids, numbers and times, never personal data.

    `hash` covers the event and `previous`, so a changed or deleted row breaks the chain. It is keyed by a sub-key of
    DATA_KEYS of the name `key_id`; `ordinal` counts the client's events from 1. Both are null for earlier events.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_client", "client_id", "seq"),
        Index("uq_audit_events_ordinal", "client_id", "ordinal", unique=True),
    )

    seq: int | None = Field(default=None, sa_type=BigInteger, primary_key=True, sa_column_args=(Identity(always=True),))
    id: UUID = Field(unique=True)
    client_id: UUID = reference("manager_clients.id")
    at: datetime = created()
    actor_kind: ActorKind = choice(ActorKind, "event_actor_kind")
    actor_id: UUID | None = None
    verb: str = Field(max_length=64)
    details: dict[str, Any] | None = document()
    ordinal: int | None = Field(default=None, sa_type=Integer)
    key_id: str | None = Field(default=None, max_length=32)
    previous: bytes | None = Field(default=None, sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)

    @property
    def link(self) -> Link:
        return Link(
            id=self.id,
            client_id=self.client_id,
            at=self.at,
            actor_kind=self.actor_kind,
            actor_id=self.actor_id,
            verb=self.verb,
            details=self.details,
            previous=self.previous,
            ordinal=self.ordinal,
            key_id=self.key_id,
        )

    @staticmethod
    def add(
        session: AsyncSession,
        keyring: Keyring,
        client: Client,
        actor: Actor,
        verb: str,
        at: datetime,
        event_id: UUID,
        **details: Any,
    ) -> "Event":
        """Append to the client's chain; the caller has locked the client's row by `Client.locked`, or made it.

        A head that the application did not make is not authenticated again: its MAC stays as it is, for the verifier.
        """
        sound = client.may_be_keyed(keyring)
        event = Event(
            id=event_id,
            client_id=client.id,
            at=at,
            actor_kind=actor.kind,
            actor_id=actor.id,
            verb=verb,
            details=details or None,
            ordinal=client.events_count + 1,
            key_id=keyring.current,
            previous=client.events_head,
            hash=b"",
        )
        event.hash = event.link.hash(keyring)
        client.events_head, client.events_count = event.hash, client.events_count + 1
        if sound:
            client.key_head(keyring)
        session.add(event)
        return event

    @staticmethod
    async def of_client(session: AsyncSession, client_id: UUID) -> Sequence["Event"]:
        """In chronological order."""
        return (
            await session.exec(select(Event).where(col(Event.client_id) == client_id).order_by(col(Event.seq)))
        ).all()

    @staticmethod
    async def of_verb(session: AsyncSession, client_id: UUID, verb: str) -> Sequence["Event"]:
        """In chronological order."""
        query = select(Event).where(col(Event.client_id) == client_id, col(Event.verb) == verb)
        return (await session.exec(query.order_by(col(Event.seq)))).all()

    @staticmethod
    async def exists(session: AsyncSession, event_id: UUID) -> bool:
        return (await session.exec(select(Event.seq).where(col(Event.id) == event_id))).first() is not None


class TrailBreak(SQLModel, table=True):
    """A broken chain, kept for ever: once per client, kind and event."""

    __tablename__ = "trail_breaks"
    __table_args__ = (Index("ix_trail_breaks_client", "client_id"),)

    id: UUID = key()
    client_id: UUID = reference("manager_clients.id")
    kind: BreakKind = choice(BreakKind, "trail_break_kind")
    ordinal: int | None = Field(default=None, sa_type=Integer)
    found_at: datetime = created()


class AccessEvent(SQLModel, table=True):
    """A manager's read of a card with its passport (ASVS 14.2.6)."""

    __tablename__ = "access_events"
    __table_args__ = (Index("ix_access_events_client", "client_id", "at"),)

    id: UUID = key()
    client_id: UUID = reference("manager_clients.id")
    manager_id: UUID = reference("manager_users.id")
    at: datetime = created()
