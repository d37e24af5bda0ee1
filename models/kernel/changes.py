"""Notifications of changed rows, sent by database triggers and received on a separate connection."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

CHANNEL: Final = "privet_changes"

SILENCE: Final = 20.0
"""Seconds between checks of the connection; they also keep it alive through firewalls."""

PATIENCE: Final = 10.0
"""Seconds to wait for the answer of a check."""


class Kind(StrEnum):
    CLIENT = "client"
    DIALOG = "dialog"
    BOT = "bot"
    ACCOUNT = "account"
    ORGANISATION = "organisation"
    STAFF = "staff"
    SESSION = "session"
    """The end of a session of the staff."""


@dataclass(frozen=True)
class Change:
    """A new or changed row of a committed transaction."""

    kind: Kind
    organisation_id: UUID
    id: UUID

    @staticmethod
    def read(payload: str) -> "Change":
        """Parse a notification; raises ValueError for a malformed one."""
        said: dict[str, Any] = json.loads(payload)
        try:
            return Change(Kind(said["kind"]), UUID(said["org"]), UUID(said["id"]))
        except (AttributeError, KeyError, TypeError):
            raise ValueError("not a change") from None


def ear(url: str) -> AsyncEngine:
    """Engine for `listen` only: one connection outside the pool of the requests."""
    return create_async_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": 5, "server_settings": {"application_name": "privet-live"}},
    )


async def listen(engine: AsyncEngine, begun: Callable[[], None], heard: Callable[[str], None]) -> None:
    """Receive notifications until the connection is lost; returns, or raises the error of the driver or network.

    `begun` is called once, when all later commits are certain to be received.
    """
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        lost = asyncio.Event()
        driver.add_termination_listener(lambda _: lost.set())
        await driver.add_listener(CHANNEL, lambda _driver, _pid, _channel, payload: heard(payload))
        begun()
        try:
            while not await _is_set(lost, SILENCE):
                async with asyncio.timeout(PATIENCE):
                    await connection.execute(text("SELECT 1"))
        finally:
            # A listening connection must not be reused, and may be dead.
            await connection.invalidate()


async def _is_set(event: asyncio.Event, patience: float) -> bool:
    try:
        async with asyncio.timeout(patience):
            await event.wait()
    except TimeoutError:
        return False
    return True
