"""Dependencies of the routes: built once by `api.app`, injected as `Ctx`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from asn1crypto.x509 import Certificate
from fastapi import Depends
from starlette.requests import HTTPConnection
from temporalio.client import Client as Temporal

from activities.channels.accounts import Accounts
from activities.channels.bots import Bots
from activities.channels.inbox import Inbox
from activities.files.photos import Photos
from activities.files.uploads import Uploads
from activities.kernel.limits import Limits
from activities.onboarding.registration import Registration
from activities.people.client_sessions import ClientSessions
from activities.people.confirmation_codes import ConfirmationCodes
from activities.people.links import Links
from activities.people.manager_sessions import ManagerSessions
from activities.people.phone_links import PhoneLinks
from activities.people.profile import Profiles
from activities.people.sign_in import SignIn
from api.machines.live import Live
from api.machines.tokens import Tokens
from api.machines.wakes import Wakes
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from gateways.avito.client import Avito
from gateways.storage.client import Storage
from gateways.telegram.client import TelegramApi
from models.kernel.database import Sessions
from settings import Settings

LINK_LIFETIME: Final = timedelta(minutes=5)
"""Lifetime of presigned links in answers."""


@dataclass(frozen=True)
class Context:
    """Dependencies of a request; `authorities` are certificates of who stamps times, none: anybody's stamp is believed.

    In `autocommit` sessions each statement is its own transaction: one round trip."""

    settings: Settings
    sessions: Sessions
    autocommit: Sessions
    keyring: Keyring
    authorities: Sequence[Certificate]
    temporal: Temporal
    storage: Storage
    limits: Limits
    sign_in: SignIn
    links: Links
    phone_links: PhoneLinks
    manager_sessions: ManagerSessions
    client_sessions: ClientSessions
    registration: Registration
    confirmations: ConfirmationCodes
    profiles: Profiles
    manager_tokens: Tokens
    client_tokens: Tokens
    codec_tokens: Tokens
    uploads: Uploads
    photos: Photos
    telegram: TelegramApi
    avito: Avito
    bots: Bots
    accounts: Accounts
    inbox: Inbox
    wakes: Wakes
    live: Live
    now: Clock

    def link(self, key: str | None) -> str | None:
        """A link to a stored object, valid for minutes; None without an object."""
        return self.storage.presigned_get(key, LINK_LIFETIME) if key else None


# Async, because FastAPI runs plain functions in threads.
async def context_of(connection: HTTPConnection) -> Context:
    context: Context = connection.app.state.context
    return context


Ctx = Annotated[Context, Depends(context_of)]
