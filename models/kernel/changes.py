"""What the triggers say of rows that changed, heard on a connection of our own."""

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
"""Seconds between two questions whether the other end is still there; a firewall drops what is silent for long."""

PATIENCE: Final = 10.0
"""Seconds for its answer."""


class Kind(StrEnum):
    CLIENT = "client"
    DIALOG = "dialog"
    BOT = "bot"
    ACCOUNT = "account"
    ORGANISATION = "organisation"
    STAFF = "staff"


@dataclass(frozen=True)
class Change:
    """A row that is another one now, or new; the transaction that did it is committed."""

    kind: Kind
    organisation_id: UUID
    id: UUID

    @staticmethod
    def read(payload: str) -> "Change":
        """ValueError for what no trigger of ours says."""
        said: dict[str, Any] = json.loads(payload)
        try:
            return Change(Kind(said["kind"]), UUID(said["org"]), UUID(said["id"]))
        except (AttributeError, KeyError, TypeError):
            raise ValueError("not a change") from None


def ear(url: str) -> AsyncEngine:
    """For `listen` alone: one connection, outside of the pool of those that answer people."""
    return create_async_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": 5, "server_settings": {"application_name": "privet-live"}},
    )


async def listen(engine: AsyncEngine, begun: Callable[[], None], heard: Callable[[str], None]) -> None:
    """Until the connection is lost: returns, or raises what the driver or the network says.

    `begun` is called once, when nothing that is committed from now on can be missed.
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
            # It listens: it is worth nothing to anybody else, and may be dead.
            await connection.invalidate()


async def _is_set(event: asyncio.Event, patience: float) -> bool:
    try:
        async with asyncio.timeout(patience):
            await event.wait()
    except TimeoutError:
        return False
    return True
