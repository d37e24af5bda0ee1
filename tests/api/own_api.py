"""The API as clients of it see it, over real servers, with a clock that a test moves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from sqlmodel import select

from api.app import create_app
from api.context import Context
from documents.contracts.seal import make_self_signed
from domain.kernel.crypto import Keyring
from embedded.stack import Stack
from models import Client, Manager, User, UserSession
from models.kernel.columns import unseal
from models.kernel.database import Sessions
from settings import Settings
from tests.clock import FakeClock
from tests.factories import PASSWORD, session_of

HOME = "203.0.113.7"
AGENT = "Telephone/1.0"
NAMESPACE = "client-app-tests"
"""Of Temporal: no other worker takes these workflows, and ours takes no others."""

OWN = {"TEMPORAL_NAMESPACE": NAMESPACE}


@dataclass
class Person:
    """Somebody with an app and a session in it."""

    http: AsyncClient
    refresh_token: str = ""

    def holds(self, pair: dict[str, Any]) -> None:
        self.http.headers["Authorization"] = f"Bearer {pair['access_token']}"
        self.refresh_token = pair["refresh_token"]

    async def refreshes(self, token: str | None = None) -> Response:
        return await self.http.post("/api/v1/auth/refresh", json={"refresh_token": token or self.refresh_token})


@dataclass
class OwnApi:
    app: FastAPI
    clock: FakeClock

    @property
    def context(self) -> Context:
        context: Context = self.app.state.context
        return context

    @property
    def sessions(self) -> Sessions:
        return self.context.sessions

    @property
    def keyring(self) -> Keyring:
        return self.context.keyring

    def visitor(self, ip: str = HOME) -> AsyncClient:
        """Somebody who is not signed in, at an address of his own."""
        transport = ASGITransport(app=self.app, client=(ip, 40_000), raise_app_exceptions=False)
        return AsyncClient(transport=transport, base_url="http://api.test", headers={"User-Agent": AGENT})

    async def signs_in(self, user: User, ip: str = HOME, *, proves: bool = True) -> Person:
        """In a session of his own, in which he proves his phone unless it is not confirmed at all."""
        person = Person(self.visitor(ip))
        answer = await person.http.post("/api/v1/auth/login", json={"phone": user.phone, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        person.holds(answer.json())
        if proves and user.phone_is_confirmed:
            await self.prove(person)
        return person

    async def prove(self, person: Person) -> None:
        """As if the phone had just been proven in the person's session."""
        session_id = self.context.client_tokens.read(person.http.headers["Authorization"].split()[1]).session
        async with self.sessions.begin() as session:
            (await session.get_one(UserSession, session_id)).phone_proved_at = self.clock.now

    def staff(self, manager: Manager) -> AsyncClient:
        http = self.visitor()
        http.headers["Authorization"] = f"Bearer {self.context.manager_tokens.issue(manager.id, session_of(manager))}"
        return http

    async def client_of(self, user_id: UUID | str) -> Client | None:
        async with self.sessions() as session:
            return (await session.exec(select(Client).where(Client.user_id == UUID(str(user_id))))).first()

    def unsealed(self, purpose: str, sealed: bytes) -> Any:
        return unseal(self.keyring, purpose, sealed)


def settings_of(stack: Stack, **changed: str) -> Settings:
    environment = {name.lower(): value for name, value in (stack.environment() | OWN | changed).items()}
    _make_seal(stack.seal_path, stack.secrets["SEAL_PASSPHRASE"])
    return Settings(_env_file=None, **environment)  # type: ignore[arg-type]  # pydantic reads them as text


@asynccontextmanager
async def open_api(settings: Settings, clock: FakeClock) -> AsyncIterator[OwnApi]:
    app = create_app(settings, clock)
    async with app.router.lifespan_context(app):
        yield OwnApi(app, clock)


def starting_now() -> FakeClock:
    """Workflows wait by the server's clock, so that rows with deadlines must begin where it stands."""
    return FakeClock(datetime.now(UTC).replace(microsecond=0))


def _make_seal(path: Path, passphrase: str) -> None:
    if not path.exists():
        path.write_bytes(make_self_signed("Privet tests", passphrase))
