"""The timeline of a client: events, reads of the card, and notices to the manager."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlmodel.ext.asyncio.session import AsyncSession

READ = text(
    """
    SELECT h.id, h.at, h.place, h.kind, h.actor_id, h.verb, h.details,
           CASE h.kind WHEN 'manager' THEN m.name
                       WHEN 'client' THEN coalesce(c.full_name, c.contact_name, u.name) END AS name
      FROM (SELECT e.id, e.at, e.seq AS place, e.actor_kind AS kind, e.actor_id, e.verb, e.details
              FROM audit_events e WHERE e.client_id = :client_id
            UNION ALL
            SELECT a.id, a.at, 0, 'manager', a.manager_id, 'card-read', NULL
              FROM access_events a WHERE a.client_id = :client_id
            UNION ALL
            SELECT n.id, n.created_at, 0, 'system', NULL, 'notice', jsonb_build_object('text', n.body)
              FROM manager_support_messages n
              JOIN manager_support_threads t ON t.id = n.thread_id
             WHERE t.client_id = :client_id) AS h
      JOIN manager_clients c ON c.id = :client_id
      JOIN users u ON u.id = c.user_id
      LEFT JOIN manager_users m ON m.id = h.actor_id
     WHERE CAST(:at AS timestamptz) IS NULL
        OR (h.at, h.place, h.id) < (CAST(:at AS timestamptz), CAST(:place AS bigint), CAST(:id AS uuid))
     ORDER BY h.at DESC, h.place DESC, h.id DESC
     LIMIT :limit
    """
)


@dataclass(frozen=True)
class Mark:
    """The last entry of a page."""

    at: datetime
    place: int
    id: UUID


async def read_history(session: AsyncSession, client_id: UUID, after: Mark | None, limit: int) -> Sequence[RowMapping]:
    """Newest first; events of one moment in the order in which they were written."""
    values = {
        "client_id": client_id,
        "limit": limit,
        "at": after.at if after else None,
        "place": after.place if after else None,
        "id": after.id if after else None,
    }
    return (await (await session.connection()).execute(READ, values)).mappings().all()
