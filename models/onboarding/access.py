"""Session, manager and addressed client of a request, in one statement before every route of the managers."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.clients.client import Client
from models.clients.device import Device
from models.people.manager import Manager
from models.people.manager_session import Bearer, ManagerSession


@dataclass(frozen=True)
class Place:
    """A manager and the addressed client; `device_id` is set if the card has the addressed device."""

    manager: Manager
    client_id: UUID | None
    held_by: UUID | None
    device_id: UUID | None


async def find_place(session: AsyncSession, bearer: Bearer, client_id: UUID, device_id: UUID | None) -> Place | None:
    """None without a live session; `client_id` is None for a client of another organisation."""
    query = (
        select(Manager, col(Client.id), col(Client.assigned_manager_id), col(Device.id))
        .select_from(Manager)
        .join(ManagerSession, col(ManagerSession.manager_id) == col(Manager.id))
        .outerjoin(
            Client, and_(col(Client.id) == client_id, col(Client.organisation_id) == col(Manager.organisation_id))
        )
        .outerjoin(Device, and_(col(Device.id) == device_id, col(Device.client_id) == col(Client.id)))
        .where(ManagerSession.is_live(bearer))
    )
    row = (await session.exec(query)).first()
    return Place(*row) if row is not None else None
