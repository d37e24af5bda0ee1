"""Starts stages of children in order, keeps them running, and ends them in reverse order."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from supervisor.child import Backoff, Child, Job, Service
from supervisor.console import Console
from supervisor.record import RunRecord

Stage: TypeAlias = Sequence[Service | Job]

START_PATIENCE = 90.0
"""Seconds until a service must be ready, with a cold disk and two busy cores."""


class Supervisor:
    """Runs stages until `stop` is called or a start fails; all children are ended in both cases."""

    def __init__(self, stages: Sequence[Stage], console: Console, record: RunRecord, backoff: Backoff) -> None:
        self.stages, self.console, self.record, self.backoff = stages, console, record, backoff
        self.started: list[list[Child]] = []
        self.keepers: list[asyncio.Task[None]] = []
        self.background: list[asyncio.Task[None]] = []
        self.stopped = asyncio.Event()
        self.hurry = asyncio.Event()

    def stop(self) -> None:
        """The first call ends every child by its stop signal, the second by SIGKILL."""
        if self.stopped.is_set():
            self.hurry.set()
        self.stopped.set()

    async def run(self, when_up: Callable[[], Awaitable[None]]) -> None:
        """Start the stages, then call `when_up`; raises RuntimeError or TimeoutError when a start fails."""
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
            await self._start(stage)
        await asyncio.gather(*self.background)
        await when_up()
        await asyncio.gather(*self.keepers)

    async def _start(self, stage: Stage) -> None:
        children = [(one, Child(one, self.console, self.backoff, self.record.add)) for one in stage]
        self.started.append([child for _, child in children])
        await asyncio.gather(*(self._start_one(one, child) for one, child in children))

    async def _start_one(self, one: Service | Job, child: Child) -> None:
        if isinstance(one, Job):
            ending = child.run_to_end()
            if one.in_background:
                self.background.append(asyncio.create_task(ending))
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
        for children in reversed(self.started):
            await asyncio.gather(*(self._end(child) for child in children))
        left = [*self.keepers, *self.background]
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)
        self.record.remove()

    async def _end(self, child: Child) -> None:
        patience = child.service.stop_patience if isinstance(child.service, Service) else 2.0
        ending = asyncio.create_task(child.stop(0 if self.hurry.is_set() else patience))
        hurrying = asyncio.create_task(self.hurry.wait())
        await asyncio.wait([ending, hurrying], return_when=asyncio.FIRST_COMPLETED)
        hurrying.cancel()
        if not ending.done():
            ending.cancel()
            await asyncio.wait([ending])
            await child.stop(0)
