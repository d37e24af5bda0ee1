"""What every relay that takes part can do: serve a room, and lose its worker."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bench.relay.stand import Room


class Serving(Protocol):
    """A relay at work."""

    def kill_worker(self) -> None:
        """`kill -9` of whatever carries messages, children included."""

    def start_worker(self) -> None: ...

    def pids(self) -> Mapping[str, int]:
        """What its work costs; servers that it uses alone or together with nobody else at that moment are in it."""


class Contestant(Protocol):
    name: str

    def serving(self, room: Room) -> AbstractAsyncContextManager[Serving]:
        """Ready when entered: the room's hooks arrive."""
