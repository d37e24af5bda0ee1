"""Flags a client's registration or signature where staff worked, and staff who come where a client has signed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4, uuid5

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel.actor import SYSTEM
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.people.nearby import REMEMBERED, Act, Place, Reason, in_order
from models.clients.client import Client
from models.clients.place import MOST, NEARBY, SeenPlace
from models.clients.trail import Event
from models.kernel.database import Sessions
from models.people.manager import Manager

OFTEN_ENOUGH: Final = timedelta(minutes=5)
"""A place of the staff is written down anew after this time."""

MOST_REMEMBERED: Final = 10_000
"""Places of the staff in memory."""


class StaffPlaces:
    """Notes where staff work; one per process."""

    def __init__(self, sessions: Sessions, keyring: Keyring, now: Clock) -> None:
        self.sessions, self.keyring, self.now = sessions, keyring, now
        self._noted: dict[tuple[UUID, Place], datetime] = {}

    async def worked(self, manager_id: UUID, place: Place) -> None:
        """At any request; most of them cost nothing."""
        at, known = self.now(), (manager_id, place)
        if not place.is_known or at - self._noted.get(known, datetime.min.replace(tzinfo=at.tzinfo)) < OFTEN_ENOUGH:
            return
        async with self.sessions.begin() as session:
            await SeenPlace.see_staff(session, manager_id, place, at)
        if len(self._noted) >= MOST_REMEMBERED:
            self._noted.clear()
        self._noted[known] = at

    async def came(self, manager_id: UUID, place: Place) -> None:
        """At a sign-in or refresh: also flags the clients who signed at this device within a day."""
        await self.worked(manager_id, place)
        if not place.is_known:
            return
        async with self.sessions() as session:
            manager = await session.get_one(Manager, manager_id)
            found = await SeenPlace.clients_who_signed(session, manager, place, self.now() - REMEMBERED)
        for seen in sorted(found, key=lambda seen: seen.id):
            reasons = seen.place.reasons(place) - {Reason.NETWORK}
            if seen.client_id is not None and reasons:
                await self._flag(seen.client_id, manager, seen, in_order(reasons))

    async def _flag(self, client_id: UUID, manager: Manager, seen: SeenPlace, reasons: Sequence[Reason]) -> None:
        """Once per signature and member of staff."""
        event_id = uuid5(seen.id, f"{seen.last_seen_at.isoformat()}-{manager.id}")
        async with self.sessions.begin() as session:
            client = await Client.locked(session, client_id)
            if client is not None and not await Event.exists(session, event_id):
                _add(session, self.keyring, client, Act.STAFF_CAME, reasons, [manager.id], self.now(), event_id)


async def note_act(
    session: AsyncSession,
    keyring: Keyring,
    client: Client,
    act: Act,
    place: Place,
    at: datetime,
    event_id: UUID | None = None,
) -> list[str]:
    """What a client does at a place, in the caller's transaction with the card locked; a flag if staff worked there.

    Returns the reasons as `registered-browser`, the strongest first; empty if there are none.
    """
    if not place.is_known:
        return []
    near = await SeenPlace.staff_near(session, client.organisation_id, place, at - REMEMBERED)
    await SeenPlace.see_client(session, client.id, act, place, at)
    reasons = in_order({reason for seen in near for reason in place.reasons(seen.place)})
    if reasons:
        managers = sorted({seen.manager_id for seen in near if seen.manager_id is not None})[:MOST]
        _add(session, keyring, client, act, reasons, managers, at, event_id or uuid4())
    return [f"{act}-{reason}" for reason in reasons]


async def earlier_reasons(session: AsyncSession, client_id: UUID) -> list[str]:
    """Reasons of the flags that the client's trail has, the oldest first, in the form of `note_act`."""
    flags = await Event.of_verb(session, client_id, NEARBY)
    found = [f"{(flag.details or {})['act']}-{reason}" for flag in flags for reason in (flag.details or {})["reasons"]]
    return list(dict.fromkeys(found))


def _add(
    session: AsyncSession,
    keyring: Keyring,
    client: Client,
    act: Act,
    reasons: Sequence[Reason],
    managers: Sequence[UUID],
    at: datetime,
    event_id: UUID,
) -> None:
    Event.add(
        session,
        keyring,
        client,
        SYSTEM,
        NEARBY,
        at,
        event_id,
        act=act.value,
        reasons=[reason.value for reason in reasons],
        managers=[str(manager) for manager in managers],
    )
