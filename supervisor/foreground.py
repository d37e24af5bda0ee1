"""A supervisor at a terminal: one per data folder, ended by a signal or by the loss of its reader."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from supervisor import lock
from supervisor.child import Backoff
from supervisor.console import Console
from supervisor.record import RunRecord
from supervisor.stages import Stage, Supervisor


@dataclass(frozen=True)
class Foreground:
    """`folder` keeps the lock and the record of the run, `out` is the descriptor of the terminal.

    `name` precedes the lines of the supervisor itself.
    """

    name: str
    folder: Path
    out: int

    async def run(
        self, plan: Callable[[Console], Sequence[Stage]], when_up: Callable[[Console], Awaitable[None]]
    ) -> None:
        """Run the stages of `plan` until SIGINT, SIGTERM or SIGHUP, or until `out` has no reader.

        Raises AlreadyRunning, what `plan` raises, and RuntimeError or TimeoutError when a start fails.
        """
        loop, unread = asyncio.get_running_loop(), asyncio.Event()
        with lock.hold(self.folder / "lock"):
            console = Console(self.out, self.name, lambda: _call_in(loop, unread.set))
            try:
                record = RunRecord(self.folder / "run.json")
                for child in record.end_last_run():
                    console.warn(f"{child} was left running by a start that was killed; it is ended now")
                supervisor = Supervisor(plan(console), console, record, Backoff())
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    loop.add_signal_handler(number, supervisor.stop)
                watching = asyncio.create_task(_stop_after(unread, supervisor))
                await supervisor.run(lambda: when_up(console))
                watching.cancel()
                console.say("everything has ended, the data stay")
            finally:
                console.close()


async def _stop_after(event: asyncio.Event, supervisor: Supervisor) -> None:
    await event.wait()
    supervisor.stop()


def _call_in(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop may be closed by now
        loop.call_soon_threadsafe(call)
