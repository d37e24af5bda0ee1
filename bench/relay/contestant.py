"""The interface of a measured relay."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bench.relay.sandbox import Room


class Serving(Protocol):
    """A running relay."""

    def kill_worker(self) -> None:
        """Send SIGKILL to the process that carries messages, and to its children."""

    def start_worker(self) -> None: ...

    def pids(self) -> Mapping[str, int]:
        """The processes whose CPU time and memory count, servers of the relay included."""


class Contestant(Protocol):
    """A relay that can be measured."""

    name: str

    def serving(self, room: Room) -> AbstractAsyncContextManager[Serving]:
        """Run the relay for the room; ready when entered."""
