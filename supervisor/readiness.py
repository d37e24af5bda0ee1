"""Waits until a service answers."""

import asyncio
from collections.abc import Awaitable, Callable

PAUSE = 0.05
"""Seconds between two checks."""


class NotReady(Exception):
    """The service does not answer yet; the text says why."""


async def until(check: Callable[[], Awaitable[None]], patience: float, what: str) -> None:
    """Call `check` until it raises no NotReady; raises TimeoutError with the last reason after `patience` seconds."""
    reason = "no answer"
    try:
        async with asyncio.timeout(patience):
            while True:
                try:
                    return await check()
                except NotReady as error:
                    reason = str(error)
                await asyncio.sleep(PAUSE)
    except TimeoutError as error:
        raise TimeoutError(f"{what} is not ready after {patience:g} s: {reason}") from error
