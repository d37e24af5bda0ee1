"""Tables and the queries that read them; importing this package makes `SQLModel.metadata` complete."""

from models.agreement import PepAgreement
from models.client import Client
from models.code import Code
from models.contract import Contract, ContractCounter
from models.device import Device, DevicePhoto, OwnDevice
from models.draft import Draft
from models.event import AccessEvent, Event
from models.invoice import Invoice
from models.limit import RateBucket
from models.manager import Manager
from models.organisation import Organisation
from models.passport import PassportRow
from models.session import UserSession, UserSessionToken
from models.support import ManagerMessage, ManagerThread, SupportMessage, SupportTicket
from models.tariff import ClientTariff, Tariff
from models.upload import UploadTicket
from models.user import User

__all__ = [
    "AccessEvent",
    "Client",
    "ClientTariff",
    "Code",
    "Contract",
    "ContractCounter",
    "Device",
    "DevicePhoto",
    "Draft",
    "Event",
    "Invoice",
    "Manager",
    "ManagerMessage",
    "ManagerThread",
    "Organisation",
    "OwnDevice",
    "PassportRow",
    "PepAgreement",
    "RateBucket",
    "SupportMessage",
    "SupportTicket",
    "Tariff",
    "UploadTicket",
    "User",
    "UserSession",
    "UserSessionToken",
]
