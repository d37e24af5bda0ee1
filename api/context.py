"""What the routes are given: built once by `api.app`, found through `Ctx`."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from fastapi import Depends
from starlette.requests import HTTPConnection
from temporalio.client import Client as Temporal

from activities.channels.inbox import Inbox
from api.machines.limits import Limits
from api.machines.live import Live
from api.machines.passwords import Passwords
from api.machines.tokens import Tokens
from api.machines.uploads import Uploads
from api.machines.wakes import Wakes
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring, NamedSecrets
from gateways.avito.client import Avito
from gateways.storage.client import Storage
from gateways.telegram.client import TelegramApi
from models.kernel.database import Sessions
from settings import Settings

LINK_LIFETIME: Final = timedelta(minutes=5)
"""Of every presigned GET that an answer carries."""


@dataclass(frozen=True)
class Context:
    """`autocommit` gives sessions whose every statement is a transaction of its own: one round trip each."""

    settings: Settings
    sessions: Sessions
    autocommit: Sessions
    keyring: Keyring
    secrets: NamedSecrets
    temporal: Temporal
    storage: Storage
    passwords: Passwords
    limits: Limits
    manager_tokens: Tokens
    client_tokens: Tokens
    codec_tokens: Tokens
    uploads: Uploads
    telegram: TelegramApi
    avito: Avito
    inbox: Inbox
    wakes: Wakes
    live: Live
    now: Clock

    def link(self, key: str | None) -> str | None:
        """A link to a stored object, minutes long; None for no object."""
        return self.storage.presigned_get(key, LINK_LIFETIME) if key else None


# Async, because FastAPI would send a plain function to a thread.
async def context_of(connection: HTTPConnection) -> Context:
    context: Context = connection.app.state.context
    return context


Ctx = Annotated[Context, Depends(context_of)]
