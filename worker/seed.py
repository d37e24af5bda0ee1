"""`python -m worker.seed`: demo accounts, only on an empty embedded database."""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.onboarding.registration import add_client
from domain.kernel.clock import utc_now
from domain.kernel.crypto import Keyring
from domain.people.origin import Origin
from domain.people.password import hash_password
from models import Manager, Organisation, User
from models.kernel.database import Sessions, connect, make_sessions
from models.people.organisation import FIRST
from worker.demo_conversations import seed_conversations
from worker.managers import NewManager

PASSWORD = "ChangeMe123"  # noqa: S105  # printed by `make up`; the embedded database listens on this machine only
DELAY = 75
"""Seconds before an auto-reply, unless AUTO_REPLY_DELAY_SECONDS is set."""

MANAGER = NewManager("manager@example.com", "Анна Менеджер", PASSWORD, admin=True, owner=True, demo=True)


@dataclass(frozen=True)
class Sandbox:
    """Settings of demo conversations, for Telegram and Avito of the sandbox; `delay` of auto-replies in seconds."""

    delay: int


@dataclass(frozen=True)
class DemoClient:
    phone: str
    email: str
    name: str
    address: str


CLIENTS = (
    DemoClient("9000000001", "client1@example.com", "Мария Соколова", "г. Москва, ул. Арбат, д. 10, кв. 5"),
    DemoClient("9000000002", "client2@example.com", "Пётр Королёв", "г. Казань, ул. Баумана, д. 44, кв. 12"),
    DemoClient("9000000003", "client3@example.com", "Алёна Ёжикова", "г. Санкт-Петербург, Невский пр., д. 28, кв. 7"),
)


async def seed(sessions: Sessions, keyring: Keyring, now: datetime, sandbox: Sandbox | None = None) -> bool:
    """Make the demo accounts; False if the database has a manager and so is in use."""
    async with sessions.begin() as session:
        # One seed at a time; a second one finds the manager of the first.
        await session.get_one(Organisation, FIRST, with_for_update=True)
        if await Manager.any_exists(session):
            return False
        session.add(MANAGER.row(now))
        for demo in CLIENTS:
            await _register(session, keyring, demo, now)
        if sandbox is not None:
            await seed_conversations(session, keyring, now, sandbox.delay)
    return True


async def _register(session: AsyncSession, keyring: Keyring, demo: DemoClient, now: datetime) -> None:
    """Register a client without a session; skips a known phone."""
    user = User(
        id=_id("user", demo),
        phone=demo.phone,
        email=demo.email,
        name=demo.name,
        address=demo.address,
        password_hash=hash_password(PASSWORD),
        created_at=now,
    )
    await add_client(session, keyring, user, Origin(None, None), now, (_id("client", demo), _id("event", demo)))


def _id(what: str, demo: DemoClient) -> UUID:
    return uuid5(FIRST, f"demo-{what}-{demo.phone}")


async def execute(url: str, keyring: Keyring, sandbox: Sandbox | None) -> bool:
    engine = connect(url, pool_size=1)
    made = await seed(make_sessions(engine), keyring, utc_now(), sandbox)
    await engine.dispose()
    return made


def main(environment: Mapping[str, str]) -> None:
    if environment.get("PRIVET_EMBEDDED") != "1" or not environment.get("DATABASE_URL"):
        sys.exit("Demo accounts are made only by `make up`, in its own database.")
    sandbox = None
    if environment.get("PRIVET_SANDBOX") == "1":
        delay = int(environment.get("AUTO_REPLY_DELAY_SECONDS") or DELAY)
        sandbox = Sandbox(delay)
    keyring = Keyring.parse(environment["DATA_KEYS"])
    made = asyncio.run(execute(environment["DATABASE_URL"], keyring, sandbox))
    print("demo accounts are made" if made else "the database has its managers; no demo accounts are made")


if __name__ == "__main__":
    main(os.environ)
