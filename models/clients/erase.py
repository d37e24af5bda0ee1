"""Erasure of a client's card: passport, devices, tariff, autosaves, places, uploads."""

from typing import Final

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.clients.autosave import Autosave
from models.clients.client import Client
from models.clients.device import Device, DevicePhoto, OwnDevice
from models.clients.passport import PassportRow
from models.clients.place import SeenPlace
from models.clients.tariff import ClientTariff
from models.kernel.subject import Person
from models.kernel.upload import UploadTicket, device_place, passport_place, user_place

ERASES: Final = (
    Autosave,
    Client,
    ClientTariff,
    Device,
    DevicePhoto,
    OwnDevice,
    PassportRow,
    SeenPlace,
    UploadTicket,
)

_BLANK: Final[dict[str, str | None]] = {
    "support_ticket_id": None,
    "contact_phone": None,
    "contact_email": None,
    "contact_name": None,
    "contact_address": None,
    "full_name": None,
    "search_text": "",
}


async def erase(session: AsyncSession, person: Person) -> set[str]:
    """Blank the card and delete the rest; returns the keys of photos and of uploads.

    The blank card keeps ids, status and times, because the trail refers to it; events and reads of the card
    are append-only and contain no personal data.
    """
    connection = await session.connection()
    await connection.execute(update(Client).where(col(Client.id) == person.client_id).values(_BLANK))
    devices = select(Device.id).where(col(Device.client_id) == person.client_id)
    places = [user_place(person.user_id)]
    if person.client_id is not None:
        places += [passport_place(person.client_id), *map(device_place, (await session.exec(devices)).all())]
    found = [
        delete(DevicePhoto).where(col(DevicePhoto.device_id).in_(devices)).returning(col(DevicePhoto.file_key)),
        delete(PassportRow).where(col(PassportRow.user_id) == person.user_id).returning(col(PassportRow.photo_key)),
        delete(UploadTicket).where(col(UploadTicket.place).in_(places)).returning(col(UploadTicket.file_key)),
    ]
    keys = {key for statement in found for key in (await connection.execute(statement)).scalars() if key}
    await connection.execute(delete(OwnDevice).where(col(OwnDevice.user_id) == person.user_id))
    for table in (Device, ClientTariff, Autosave, SeenPlace):
        await connection.execute(delete(table).where(col(table.client_id) == person.client_id))
    return keys
