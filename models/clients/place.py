"""Where staff worked and where clients registered and signed, for some days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, Index, LargeBinary, false, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel import sizes
from domain.people.nearby import Act, Place, Reason
from models.clients.client import Client
from models.clients.trail import Event
from models.kernel.columns import choice, created, key, reference
from models.people.manager import Manager

NEARBY: Final = "staff-nearby-noticed"
"""The verb of a flag in the trail; details: `act`, `reasons`, `managers`."""

MOST: Final = 20
"""Places, and cards, that one question finds."""


class SeenPlace(SQLModel, table=True):
    """One per person and place: of a member of staff, or of a client with what he did there."""

    __tablename__ = "seen_places"
    __table_args__ = (
        Index("ix_seen_places_network", "network", "last_seen_at"),
        Index("ix_seen_places_browser", "browser", "last_seen_at"),
    )

    id: UUID = key()
    manager_id: UUID | None = reference("manager_users.id", nullable=True, index=True, cascade=True)
    client_id: UUID | None = reference("manager_clients.id", nullable=True, index=True)
    act: Act | None = choice(Act, "place_act", nullable=True)
    network: str | None = Field(default=None, max_length=64)
    browser: bytes | None = Field(default=None, sa_type=LargeBinary)
    user_agent: str | None = Field(default=None, max_length=sizes.LONG_LINE)
    last_seen_at: datetime = created()

    @property
    def place(self) -> Place:
        return Place(self.network, self.user_agent, self.browser)

    @staticmethod
    async def see_staff(session: AsyncSession, manager_id: UUID, place: Place, at: datetime) -> None:
        await _see(session, _id(manager_id, "", place), place, at, manager_id=manager_id)

    @staticmethod
    async def see_client(session: AsyncSession, client_id: UUID, act: Act, place: Place, at: datetime) -> None:
        await _see(session, _id(client_id, act, place), place, at, client_id=client_id, act=act)

    @staticmethod
    async def staff_near(
        session: AsyncSession, organisation_id: UUID, place: Place, since: datetime
    ) -> Sequence["SeenPlace"]:
        """Where staff of the organisation, or the operator, worked since in this browser or network."""
        query = (
            select(SeenPlace)
            .join(Manager, col(Manager.id) == col(SeenPlace.manager_id))
            .where(or_(col(Manager.organisation_id) == organisation_id, col(Manager.is_super_admin)))
            .where(_same(place), col(SeenPlace.last_seen_at) > since)
        )
        return (await session.exec(query.order_by(col(SeenPlace.last_seen_at).desc()).limit(MOST))).all()

    @staticmethod
    async def clients_who_signed(
        session: AsyncSession, manager: Manager, place: Place, since: datetime
    ) -> Sequence["SeenPlace"]:
        """Where clients of the manager's organisation signed since, in this browser or network."""
        query = (
            select(SeenPlace)
            .join(Client, col(Client.id) == col(SeenPlace.client_id))
            .where(col(SeenPlace.act) == Act.SIGNED, _same(place), col(SeenPlace.last_seen_at) > since)
        )
        if not manager.is_super_admin:
            query = query.where(col(Client.organisation_id) == manager.organisation_id)
        return (await session.exec(query.order_by(col(SeenPlace.last_seen_at).desc()).limit(MOST))).all()


def _same(place: Place) -> ColumnElement[bool]:
    """Of a place that is known."""
    known: list[ColumnElement[bool]] = [false()]
    if place.network is not None:
        known.append(col(SeenPlace.network) == place.network)
    if place.browser is not None:
        known.append(col(SeenPlace.browser) == place.browser)
    return or_(*known)


def _id(person: UUID, act: str, place: Place) -> UUID:
    browser = place.browser.hex() if place.browser else ""
    return uuid5(person, f"place-{act}-{place.network}-{browser}-{place.user_agent}")


async def _see(session: AsyncSession, place_id: UUID, place: Place, at: datetime, **whose: UUID | Act) -> None:
    row = insert(SeenPlace).values(
        id=place_id,
        network=place.network,
        browser=place.browser,
        user_agent=place.user_agent,
        last_seen_at=at,
        **whose,
    )
    again = row.on_conflict_do_update(index_elements=["id"], set_={"last_seen_at": at})
    await (await session.connection()).execute(again)


@dataclass(frozen=True)
class Flag:
    """An event of `NEARBY`, for the owners' digest."""

    client_id: UUID
    at: datetime
    act: Act
    reasons: tuple[Reason, ...]


async def flags_between(session: AsyncSession, organisation_id: UUID, since: datetime, until: datetime) -> list[Flag]:
    """Of the organisation's clients, the oldest first."""
    query = (
        select(Event)
        .join(Client, col(Client.id) == col(Event.client_id))
        .where(col(Client.organisation_id) == organisation_id, col(Event.verb) == NEARBY)
        .where(col(Event.at) >= since, col(Event.at) < until)
    )
    events = (await session.exec(query.order_by(col(Event.at), col(Event.seq)))).all()
    return [_flag(event) for event in events]


def _flag(event: Event) -> Flag:
    details = event.details or {}
    return Flag(event.client_id, event.at, Act(details["act"]), tuple(map(Reason, details["reasons"])))
