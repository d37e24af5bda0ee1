"""Waiting for a part to answer."""

import asyncio
from collections.abc import Awaitable, Callable

PAUSE = 0.05
"""Seconds between two looks."""


class NotReady(Exception):
    """The part does not answer yet; the text says why."""


async def until(check: Callable[[], Awaitable[None]], patience: float, what: str) -> None:
    """Call `check` until it raises no NotReady; TimeoutError with the last reason after `patience` seconds."""
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
