"""The trail: append-only, hash-chained events of a client; and reads of the card."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, LargeBinary
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel.actor import Actor, ActorKind
from models.clients.client import Client
from models.kernel.columns import choice, created, document, key, reference


class Event(SQLModel, table=True):
    """An event of the trail; `details` contain ids, numbers and times, never personal data.

    `hash` covers the event and `previous`, so a changed or deleted row breaks the chain.
    """

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_client", "client_id", "seq"),)

    seq: int | None = Field(default=None, sa_type=BigInteger, primary_key=True, sa_column_args=(Identity(always=True),))
    id: UUID = Field(unique=True)
    client_id: UUID = reference("manager_clients.id")
    at: datetime = created()
    actor_kind: ActorKind = choice(ActorKind, "event_actor_kind")
    actor_id: UUID | None = None
    verb: str = Field(max_length=64)
    details: dict[str, Any] | None = document()
    previous: bytes | None = Field(default=None, sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)

    def digest(self) -> bytes:
        """SHA-256 over the canonical form of the event and the hash before it."""
        body = [
            str(self.id),
            str(self.client_id),
            self.at.isoformat(),
            self.actor_kind.value,
            str(self.actor_id),
            self.verb,
        ]
        text = json.dumps([*body, self.details], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256((self.previous or b"") + text.encode()).digest()

    @staticmethod
    def add(
        session: AsyncSession, client: Client, actor: Actor, verb: str, at: datetime, event_id: UUID, **details: Any
    ) -> "Event":
        """Append to the client's chain; the caller has locked the client's row."""
        event = Event(
            id=event_id,
            client_id=client.id,
            at=at,
            actor_kind=actor.kind,
            actor_id=actor.id,
            verb=verb,
            details=details or None,
            previous=client.events_head,
            hash=b"",
        )
        event.hash = event.digest()
        client.events_head = event.hash
        session.add(event)
        return event

    @staticmethod
    async def of_client(session: AsyncSession, client_id: UUID) -> Sequence["Event"]:
        """In chronological order."""
        return (
            await session.exec(select(Event).where(col(Event.client_id) == client_id).order_by(col(Event.seq)))
        ).all()


class AccessEvent(SQLModel, table=True):
    """A manager's read of a card with its passport (ASVS 14.2.6)."""

    __tablename__ = "access_events"
    __table_args__ = (Index("ix_access_events_client", "client_id", "at"),)

    id: UUID = key()
    client_id: UUID = reference("manager_clients.id")
    manager_id: UUID = reference("manager_users.id")
    at: datetime = created()
