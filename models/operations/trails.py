"""Rows for the check of all chains, and the breaks that were found."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.clients.trail import Break, Head, Link
from domain.kernel.actor import ActorKind
from models.clients.client import Client
from models.clients.trail import TrailBreak
from models.people.manager import Manager, Role

AT_ONCE: Final = 500
"""Events in memory."""

SIGNED: Final = "contract-signed"
"""The verb of a signature; its event names contract, number and hash of the PDF."""

CERTIFIED: Final = "contract-certified"
STAMPED: Final = "certificate-stamped"
"""Verbs of the certificate and of its stamped edition; their events name contract and hash of the file."""


_HEADS: Final = text(
    "SELECT id, events_count, events_head, events_mac, events_key_id FROM manager_clients WHERE id = ANY (:clients)"
)

_LINKS: Final = text(
    """
    SELECT id, client_id, at, actor_kind, actor_id, verb, details, previous, ordinal, key_id, hash
      FROM audit_events WHERE client_id = ANY (:clients) ORDER BY client_id, seq
    """
)


_SIGNED: Final = text(
    """
    SELECT id, client_id, number, sha256, certificate_sha256, stamped_sha256
      FROM manager_contracts WHERE client_id = ANY (:clients) AND signed_at IS NOT NULL
    """
)


@dataclass(frozen=True)
class Signed:
    """A signature as the contract's row says it."""

    contract_id: UUID
    client_id: UUID
    number: str
    sha256: str | None
    certificate_sha256: str | None
    stamped_sha256: str | None


async def freeze(session: AsyncSession) -> None:
    """All that the session reads is of one moment: events, heads and contracts agree while others write."""
    await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


async def next_clients(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Clients after one, in the order of their ids."""
    query = select(Client.id).order_by(col(Client.id)).limit(limit)
    return (await session.exec(query if after is None else query.where(col(Client.id) > after))).all()


async def heads_of(session: AsyncSession, clients: Collection[UUID]) -> Sequence[Head]:
    found = await (await session.connection()).execute(_HEADS, {"clients": list(clients)})
    return [Head(row.id, row.events_count, row.events_head, row.events_mac, row.events_key_id) for row in found]


async def links_of(session: AsyncSession, clients: Collection[UUID]) -> AsyncIterator[tuple[Link, bytes]]:
    """Events with their stored hash, each client's in the order of their writing; few of them in memory."""
    connection = await session.connection()
    options = {"yield_per": AT_ONCE}
    async with connection.stream(_LINKS, {"clients": list(clients)}, execution_options=options) as rows:
        async for row in rows:
            yield _link(row), row.hash


async def signatures_of(session: AsyncSession, clients: Collection[UUID]) -> Sequence[Signed]:
    rows = await (await session.connection()).execute(_SIGNED, {"clients": list(clients)})
    return [Signed(*row) for row in rows]


async def clients_without_mac(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[UUID]:
    query = select(Client.id).where(col(Client.events_mac).is_(None)).order_by(col(Client.id))
    if after is not None:
        query = query.where(col(Client.id) > after)
    return (await session.exec(query.limit(limit))).all()


async def note_break(session: AsyncSession, found: Break, at: datetime) -> UUID | None:
    """Keep the break; the id of the new row, None for one that is known."""
    break_id = uuid5(found.client_id, f"break-{found.kind}-{found.ordinal}")
    row = insert(TrailBreak).values(
        id=break_id, client_id=found.client_id, kind=found.kind, ordinal=found.ordinal, found_at=at
    )
    added = row.on_conflict_do_nothing(index_elements=["id"]).returning(col(TrailBreak.id))
    return break_id if (await (await session.connection()).execute(added)).first() else None


async def owners_of(session: AsyncSession, client_id: UUID) -> Sequence[Manager]:
    """Owners of the client's organisation and operators of the installation, without disabled ones."""
    organisation = select(Client.organisation_id).where(col(Client.id) == client_id).scalar_subquery()
    owner = (col(Manager.organisation_id) == organisation) & (col(Manager.role) == Role.OWNER)
    query = select(Manager).where(owner | col(Manager.is_super_admin), col(Manager.disabled_at).is_(None))
    return (await session.exec(query.order_by(col(Manager.id)))).all()


async def newest_breaks(session: AsyncSession, organisation_id: UUID | None, limit: int) -> Sequence[TrailBreak]:
    """Of one organisation or, with None, of all; the last found first."""
    query = select(TrailBreak).order_by(col(TrailBreak.found_at).desc(), col(TrailBreak.id)).limit(limit)
    if organisation_id is not None:
        query = query.join(Client, col(Client.id) == col(TrailBreak.client_id)).where(
            col(Client.organisation_id) == organisation_id
        )
    return (await session.exec(query)).all()


async def count_breaks(session: AsyncSession) -> int:
    return (await session.exec(select(func.count()).select_from(TrailBreak))).one()


def _link(row: Row[Any]) -> Link:
    return Link(
        id=row.id,
        client_id=row.client_id,
        at=row.at,
        actor_kind=ActorKind(row.actor_kind),
        actor_id=row.actor_id,
        verb=row.verb,
        details=row.details,
        previous=row.previous,
        ordinal=row.ordinal,
        key_id=row.key_id,
    )
