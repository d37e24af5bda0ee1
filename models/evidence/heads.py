"""All trails, page by page: who has one, and the events as they are anchored and exported."""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.evidence.trail import TrailEvent
from models.clients.client import Client
from models.clients.trail import Event

AT_ONCE: Final = 500
"""Events in memory."""

_EVENTS: Final = text(
    """
    SELECT id, client_id, at, actor_kind, actor_id, verb, details, key_id, previous, hash
      FROM audit_events WHERE client_id = ANY (:clients) ORDER BY client_id, seq
    """
).bindparams(bindparam("clients", type_=ARRAY(Uuid())))


async def clients_with_trail(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[UUID]:
    """In the order of their ids, beginning behind `after`."""
    query = select(Client.id).where(col(Client.events_head).is_not(None)).order_by(col(Client.id)).limit(limit)
    return (await session.exec(query if after is None else query.where(col(Client.id) > after))).all()


async def existing(session: AsyncSession, clients: Collection[UUID]) -> set[UUID]:
    return set((await session.exec(select(Client.id).where(col(Client.id).in_(clients)))).all())


async def trail_events(session: AsyncSession, clients: Collection[UUID]) -> AsyncIterator[tuple[UUID, TrailEvent]]:
    """The events of these clients as of one moment, by client, in the order of their writing; few in memory."""
    connection = await session.connection()
    options = {"yield_per": AT_ONCE}
    number, before = 0, None
    async with connection.stream(_EVENTS, {"clients": list(clients)}, execution_options=options) as rows:
        async for row in rows:
            number = number + 1 if row.client_id == before else 1
            before = row.client_id
            body = [
                str(row.id),
                str(row.client_id),
                row.at.isoformat(),
                row.actor_kind,
                str(row.actor_id),
                row.verb,
                row.details,
            ]
            yield row.client_id, TrailEvent(number, body, row.previous, row.hash, row.key_id)


def as_exported(events: Iterable[Event]) -> list[TrailEvent]:
    """The rows of one client, in the order of their writing."""
    return [
        TrailEvent(
            number=number,
            body=[
                str(one.id),
                str(one.client_id),
                one.at.isoformat(),
                one.actor_kind.value,
                str(one.actor_id),
                one.verb,
                one.details,
            ],
            previous=one.previous,
            hash=one.hash,
            key_id=one.key_id,
        )
        for number, one in enumerate(events, start=1)
    ]
