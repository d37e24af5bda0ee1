"""Starts stages of children in order, keeps them running, and ends them in the reverse order."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from embedded.child import Backoff, Child, Job, Service
from embedded.console import Console
from embedded.leftovers import RunRecord

Stage: TypeAlias = Sequence[Service | Job]

START_PATIENCE = 90.0
"""Seconds until a service must be ready; a cold disk and two busy cores need some of them."""


class Supervisor:
    """Runs until `stop` is called or a start fails; everything is ended either way."""

    def __init__(self, stages: Sequence[Stage], console: Console, record: RunRecord, backoff: Backoff) -> None:
        self.stages, self.console, self.record, self.backoff = stages, console, record, backoff
        self.begun: list[list[Child]] = []
        self.keepers: list[asyncio.Task[None]] = []
        self.meanwhile: list[asyncio.Task[None]] = []
        self.stopped = asyncio.Event()
        self.hurry = asyncio.Event()

    def stop(self) -> None:
        """The first call ends everything politely, the second at once."""
        if self.stopped.is_set():
            self.hurry.set()
        self.stopped.set()

    async def run(self, when_up: Callable[[], Awaitable[None]]) -> None:
        """Raises RuntimeError or TimeoutError when the start fails."""
        working = asyncio.create_task(self._work(when_up))
        stopping = asyncio.create_task(self.stopped.wait())
        try:
            await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            working.cancel()
            await asyncio.wait([working])
            await self._end_all()
        if not working.cancelled() and (error := working.exception()):
            raise error

    async def _work(self, when_up: Callable[[], Awaitable[None]]) -> None:
        for stage in self.stages:
            await self._begin(stage)
        await asyncio.gather(*self.meanwhile)
        await when_up()
        await asyncio.gather(*self.keepers)

    async def _begin(self, stage: Stage) -> None:
        children = [(one, Child(one, self.console, self.backoff, self.record.add)) for one in stage]
        self.begun.append([child for _, child in children])
        await asyncio.gather(*(self._begin_one(one, child) for one, child in children))

    async def _begin_one(self, one: Service | Job, child: Child) -> None:
        if isinstance(one, Job):
            ending = child.run_to_end()
            if one.meanwhile:
                self.meanwhile.append(asyncio.create_task(ending))
            else:
                await ending
            return
        keeper = asyncio.create_task(child.keep_running(one))
        self.keepers.append(keeper)
        ready = asyncio.ensure_future(one.wait_ready(START_PATIENCE))
        try:
            await asyncio.wait([keeper, ready], return_when=asyncio.FIRST_COMPLETED)
            await (keeper if keeper.done() else ready)
        finally:
            ready.cancel()

    async def _end_all(self) -> None:
        for children in reversed(self.begun):
            await asyncio.gather(*(self._end(child) for child in children))
        left = [*self.keepers, *self.meanwhile]
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)
        self.record.forget()

    async def _end(self, child: Child) -> None:
        patience = child.service.stop_patience if isinstance(child.service, Service) else 2.0
        politely = asyncio.create_task(child.stop(0 if self.hurry.is_set() else patience))
        hurrying = asyncio.create_task(self.hurry.wait())
        await asyncio.wait([politely, hurrying], return_when=asyncio.FIRST_COMPLETED)
        hurrying.cancel()
        if not politely.done():
            politely.cancel()
            await asyncio.wait([politely])
            await child.stop(0)
