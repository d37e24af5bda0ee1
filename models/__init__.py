"""Tables and the queries that read them."""

from importlib import import_module
from pkgutil import walk_packages

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from models.billing.invoice import Invoice
from models.channels.account import Account
from models.channels.bot import Bot, BotRequest
from models.channels.budget import Group, Wait
from models.channels.turn import AvitoWait
from models.clients.autosave import Autosave
from models.clients.client import Client
from models.clients.device import Device, DevicePhoto, OwnDevice
from models.clients.passport import PassportRow
from models.clients.tariff import ClientTariff, Tariff
from models.clients.trail import AccessEvent, Event
from models.contracts.agreement import Accession
from models.contracts.code import Code
from models.contracts.contract import Contract, ContractCounter
from models.contracts.opening import ContractOpening, VerifyLink
from models.contracts.seal import SealCertificate
from models.conversations.dialog import Dialog, FormerTopic
from models.conversations.inbox import AvitoHint, TelegramUpdate
from models.conversations.message import Attachment, Copy, Message, Send
from models.deliveries.delivery import Delivery, DeliveryAttempt
from models.kernel.draft import Draft
from models.kernel.limit import RateBucket
from models.kernel.upload import UploadTicket
from models.people.client_session import UserSession, UserSessionToken
from models.people.confirmation import Confirmation
from models.people.manager import Manager
from models.people.manager_session import ManagerSession, ManagerSessionToken
from models.people.organisation import Organisation
from models.people.phone_link import PhoneLink
from models.people.sign_in_link import LoginLink, TelegramLogin
from models.people.user import User
from models.support.ticket import ManagerMessage, ManagerThread, SupportMessage, SupportTicket


def metadata() -> MetaData:
    """Metadata of all tables of the package, which are imported first."""
    for module in walk_packages(__path__, f"{__name__}."):
        import_module(module.name)
    return SQLModel.metadata
