"""Tables and the queries that read them; importing this package makes `SQLModel.metadata` complete."""

from models.account import Account
from models.agreement import PepAgreement
from models.autosave import Autosave
from models.bot import Bot, BotErrand
from models.budget import Group, Wait
from models.client import Client
from models.code import Code
from models.contract import Contract, ContractCounter
from models.device import Device, DevicePhoto, OwnDevice
from models.dialog import Dialog, FormerTopic
from models.draft import Draft
from models.event import AccessEvent, Event
from models.inbox import AvitoHint, TelegramUpdate
from models.invoice import Invoice
from models.limit import RateBucket
from models.link import LoginLink, TelegramLogin
from models.manager import Manager
from models.message import Attachment, Copy, Message, Send
from models.organisation import Organisation
from models.passport import PassportRow
from models.session import UserSession, UserSessionToken
from models.staff_session import ManagerSession, ManagerSessionToken
from models.support import ManagerMessage, ManagerThread, SupportMessage, SupportTicket
from models.tariff import ClientTariff, Tariff
from models.upload import UploadTicket
from models.user import User

__all__ = [
    "AccessEvent",
    "Account",
    "Attachment",
    "Autosave",
    "AvitoHint",
    "Bot",
    "BotErrand",
    "Client",
    "ClientTariff",
    "Code",
    "Contract",
    "ContractCounter",
    "Copy",
    "Device",
    "DevicePhoto",
    "Dialog",
    "Draft",
    "Event",
    "FormerTopic",
    "Group",
    "Invoice",
    "LoginLink",
    "Manager",
    "ManagerMessage",
    "ManagerSession",
    "ManagerSessionToken",
    "ManagerThread",
    "Message",
    "Organisation",
    "OwnDevice",
    "PassportRow",
    "PepAgreement",
    "RateBucket",
    "Send",
    "SupportMessage",
    "SupportTicket",
    "Tariff",
    "TelegramLogin",
    "TelegramUpdate",
    "UploadTicket",
    "User",
    "UserSession",
    "UserSessionToken",
    "Wait",
]
