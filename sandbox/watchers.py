"""Tells the pages that look on that something changed, in bursts of at most twenty a second."""

import asyncio
from collections.abc import AsyncIterator

BURST = 0.05
STILL_HERE = 15.0
"""Seconds after which a comment keeps an idle stream open."""


class Watchers:
    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[bool]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def changed(self) -> None:
        if self._queues and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(BURST, self._tell)

    def stop(self) -> None:
        """Ends the streams."""
        for queue in self._queues:
            queue.put_nowait(False)

    async def stream(self) -> AsyncIterator[str]:
        """Server-Sent Events, from the first one at once."""
        queue: asyncio.Queue[bool] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield "data: changed\n\n"
            while (told := await _next(queue)) is not False:
                yield "data: changed\n\n" if told else ": still here\n\n"
        finally:
            self._queues.discard(queue)

    def _tell(self) -> None:
        self._timer = None
        for queue in self._queues:
            queue.put_nowait(True)


async def _next(queue: asyncio.Queue[bool]) -> bool | None:
    """None: nothing for a while."""
    try:
        return await asyncio.wait_for(queue.get(), STILL_HERE)
    except TimeoutError:
        return None
