"""A client's card: contact data, assigned manager and process status."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Index, Integer, LargeBinary, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.clients.status import ClientStatus
from domain.clients.trail import Head
from domain.kernel import sizes
from domain.kernel.crypto import Keyring
from domain.kernel.phone import known_phone
from domain.kernel.search import search_text
from models.kernel.columns import choice, created, key, reference
from models.kernel.draft import Draft
from models.people.user import User

NO_MAC: Final = b""
"""Of a head that lost its MAC: never right, so that the verifier finds it."""

_COUNT: Final = text("SELECT count(*) AS events, count(key_id) AS keyed FROM audit_events WHERE client_id = :client_id")


@dataclass(frozen=True)
class Contact:
    phone: str | None
    email: str | None
    name: str | None
    address: str | None


class Client(SQLModel, table=True):
    """`contact_*` belong to the card; a null falls back to the account's value, which is never copied.

    `card_version` grows with every change of contract data; `events_head` is the hash of the newest event,
    `events_count` the number of events and `events_mac` the MAC over both by the key `events_key_id`.
    """

    __tablename__ = "manager_clients"
    __table_args__ = (
        Index(
            "ix_manager_clients_search",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
        Index("ix_manager_clients_list", "organisation_id", "created_at", "id"),
        Index("ix_manager_clients_held", "assigned_manager_id", "status"),
    )

    id: UUID = key()
    organisation_id: UUID = reference("organisations.id")
    user_id: UUID = reference("users.id", unique=True)
    status: ClientStatus = choice(ClientStatus, "client_status")
    assigned_manager_id: UUID | None = reference("manager_users.id", nullable=True)
    support_ticket_id: UUID | None = reference("support_tickets.id", nullable=True)
    contact_phone: str | None = Field(default=None, max_length=10)
    contact_email: str | None = Field(default=None, max_length=sizes.EMAIL)
    contact_name: str | None = Field(default=None, max_length=sizes.LINE)
    contact_address: str | None = Field(default=None, max_length=sizes.LONG_LINE)
    full_name: str | None = Field(default=None, max_length=310)
    search_text: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    card_version: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})
    events_head: bytes | None = Field(default=None, sa_type=LargeBinary)
    events_count: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})
    events_mac: bytes | None = Field(default=None, sa_type=LargeBinary)
    events_key_id: str | None = Field(default=None, max_length=32)
    workflow_seen_at: datetime | None = None
    last_step_at: datetime | None = None
    created_at: datetime = created()
    updated_at: datetime = created()

    def index(self, user: User, registration_address: str | None) -> None:
        """Set the text of the quick search."""
        contact = self.contact(user)
        self.search_text = search_text(
            self.full_name, contact.name, contact.phone, contact.email, contact.address, registration_address
        )

    def contact(self, user: User) -> "Contact":
        """The card's contact data, with the account's values, confirmed or not, in place of missing ones."""
        return Contact(
            phone=self.contact_phone or known_phone(user.phone) or user.new_phone,
            email=self.contact_email or user.email or user.new_email,
            name=self.contact_name or user.name,
            address=self.contact_address or user.address,
        )

    @property
    def head(self) -> Head:
        return Head(self.id, self.events_count, self.events_head, self.events_mac, self.events_key_id)

    def may_be_keyed(self, keyring: Keyring) -> bool:
        """Whether the head is the application's: its MAC is right, or it never had one."""
        return self.events_mac is None or self.head.is_sound(keyring)

    def key_head(self, keyring: Keyring) -> None:
        self.events_key_id = keyring.current
        self.events_mac = self.head.made_mac(keyring, keyring.current)

    async def count_events(self, session: AsyncSession) -> None:
        """Of a head without a MAC, which earlier releases did not count; keyed events without one are a break."""
        if self.events_mac is not None or self.events_head is None:
            return
        found = (await (await session.connection()).execute(_COUNT, {"client_id": self.id})).one()
        self.events_count = found.events
        if found.keyed:
            self.events_mac = NO_MAC

    @staticmethod
    async def locked(session: AsyncSession, client_id: UUID) -> "Client | None":
        """The row, locked until the transaction ends: one change of a client at a time."""
        client = (await session.exec(select(Client).where(col(Client.id) == client_id).with_for_update())).first()
        if client is not None:
            await client.count_events(session)
        return client

    @staticmethod
    async def locked_of_users(session: AsyncSession, user_ids: Collection[UUID]) -> Sequence["Client"]:
        """The cards of accounts, locked in the order of their ids."""
        query = select(Client).where(col(Client.user_id).in_(user_ids)).order_by(col(Client.id)).with_for_update()
        found = (await session.exec(query)).all()
        for client in found:
            await client.count_events(session)
        return found

    @staticmethod
    async def locked_with_draft(
        session: AsyncSession, client_id: UUID, draft_id: UUID
    ) -> "tuple[Client, Draft] | None":
        """The client and a draft, both locked until the transaction ends; None if either is missing."""
        query = select(Client, Draft).join(Draft, col(Draft.id) == draft_id).where(col(Client.id) == client_id)
        found = (await session.exec(query.with_for_update())).first()
        if found is not None:
            await found[0].count_events(session)
        return found

    @staticmethod
    async def of_user(session: AsyncSession, user_id: UUID) -> "Client | None":
        return (await session.exec(select(Client).where(col(Client.user_id) == user_id))).first()
