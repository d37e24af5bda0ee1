"""The heads of all trails, page by page, and the events at given places of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Uuid, bindparam, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.evidence.anchor import Leaf
from models.clients.trail import Event

_HEADS: Final = text(
    """
    SELECT c.id, c.events_head, (SELECT count(*) FROM audit_events e WHERE e.client_id = c.id) AS events
      FROM manager_clients c
     WHERE c.events_head IS NOT NULL AND (CAST(:after AS uuid) IS NULL OR c.id > :after)
     ORDER BY c.id
     LIMIT :limit
    """
).bindparams(bindparam("after", type_=Uuid()))

_STANDING: Final = text(
    """
    SELECT asked.id, c.id IS NOT NULL AS there, events.count, at_place.seq
      FROM unnest(:ids, :counts) AS asked (id, place)
      LEFT JOIN manager_clients c ON c.id = asked.id
      CROSS JOIN LATERAL (SELECT count(*) AS count FROM audit_events e WHERE e.client_id = asked.id) AS events
      LEFT JOIN LATERAL (SELECT e.seq FROM audit_events e WHERE e.client_id = asked.id
                          ORDER BY e.seq OFFSET asked.place - 1 LIMIT 1) AS at_place ON true
    """
).bindparams(bindparam("ids", type_=ARRAY(Uuid())), bindparam("counts", type_=ARRAY(BigInteger)))


@dataclass(frozen=True)
class Standing:
    """A trail as it is now; `event` is the one at the place that was asked for, if the trail is that long."""

    there: bool
    count: int
    event: Event | None


async def heads(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[Leaf]:
    """Clients with events, by id, beginning behind `after`."""
    rows = await (await session.connection()).execute(_HEADS, {"after": after, "limit": limit})
    return [Leaf(row.id, row.events, bytes(row.events_head)) for row in rows]


async def standing(session: AsyncSession, leaves: Sequence[Leaf]) -> Mapping[UUID, Standing]:
    """The trails of these clients, each with its event number `count` (from 1)."""
    asked = {"ids": [leaf.client_id for leaf in leaves], "counts": [leaf.count for leaf in leaves]}
    rows = (await (await session.connection()).execute(_STANDING, asked)).all()
    wanted = select(Event).where(col(Event.seq).in_([row.seq for row in rows if row.seq is not None]))
    events = {event.seq: event for event in (await session.exec(wanted)).all()}
    return {row.id: Standing(row.there, row.count, events.get(row.seq)) for row in rows}
