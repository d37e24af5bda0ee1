"""Live events for the open pages of managers: one LISTEN per process, and a short queue for every page.

Events contain only ids; a page requests the data itself. Events are not replayed: after `hello` a page reloads
everything.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from asyncpg.exceptions import InterfaceError, PostgresError
from sqlalchemy.exc import SQLAlchemyError

from domain.kernel.refusal import TooManyRequests, Unavailable
from logs import FIELDS
from models.kernel.changes import Change, Kind, ear, listen
from models.people.manager import Manager

PER_ACCOUNT: Final = 20
PER_PROCESS: Final = 500
"""Open streams."""

MOST_WAITING: Final = 200
"""Largest number of waiting events of a page; one more replaces them all by `hello`."""

SOON: Final = 0.25
LATEST: Final = 10.0
"""Bounds of the pause before the next attempt to listen, in seconds; it doubles at each failure."""

RETRY: Final = 30
"""Seconds in `Retry-After`."""

SignedIn: TypeAlias = Callable[[Collection[UUID]], Awaitable[Mapping[UUID, Manager]]]

AWAY: Final = (OSError, TimeoutError, PostgresError, InterfaceError, SQLAlchemyError)

log = logging.getLogger("privet.live")


@dataclass(frozen=True)
class Event:
    """`id` is None for events of the organisation or of the stream."""

    name: str
    id: UUID | None = None

    def encode(self) -> bytes:
        data = f'{{"id":"{self.id}"}}' if self.id else "{}"
        return f"event: {self.name}\ndata: {data}\n\n".encode()


HELLO: Final = Event("hello")
BYE: Final = Event("bye")


@dataclass(frozen=True)
class Reader:
    """The manager of a page and his session; `onboards`: may receive events of clients."""

    manager_id: UUID
    organisation_id: UUID
    onboards: bool
    session_id: UUID

    @staticmethod
    def of(manager: Manager, session_id: UUID) -> "Reader":
        return Reader(manager.id, manager.organisation_id, manager.can_onboard, session_id)


class Stream:
    """Queue of one page's events, without duplicates."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.over = False
        self._waiting: dict[Event, None] = {HELLO: None}
        self._woken = asyncio.Event()
        self._woken.set()

    def tell(self, event: Event) -> None:
        if event not in self._waiting and len(self._waiting) >= MOST_WAITING:
            self.greet()
            return
        self._waiting[event] = None
        self._woken.set()

    def greet(self) -> None:
        """`hello` replaces all waiting events."""
        self._waiting = {HELLO: None}
        self._woken.set()

    def end(self) -> None:
        self.over = True
        self._woken.set()

    async def take(self, patience: float) -> list[Event]:
        """Wait for events and take them all; empty after `patience` seconds or at the end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._woken.wait()
        taken, self._waiting = list(self._waiting), {}
        if not self.over:
            self._woken.clear()
        return taken


class Live:
    """Hub of the live events; only tests pass `ping`.

    `signed_in` gives the enabled managers of those of the sessions that are live.
    """

    def __init__(self, url: str, signed_in: SignedIn, *, ping: float = 15.0) -> None:
        self.ping, self._url, self._signed_in = ping, url, signed_in
        self._streams: defaultdict[UUID, set[Stream]] = defaultdict(set)
        self._counts: Counter[UUID] = Counter()
        self._over = False
        self.listens = False
        self._task: asyncio.Task[None] | None = None
        self._recheck: asyncio.Task[None] | None = None

    def open(self) -> None:
        self._task = asyncio.create_task(self._listen())

    async def close(self) -> None:
        self.end()
        for task in (self._task, self._recheck):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    def end(self) -> None:
        """End all streams and refuse new ones."""
        self._over = True
        for stream in self._all():
            stream.end()

    def join(self, reader: Reader) -> Stream:
        """A stream that starts with `hello`; the caller must call `leave`."""
        if self._over:
            raise Unavailable()
        if self._counts.total() >= PER_PROCESS or self._counts[reader.manager_id] >= PER_ACCOUNT:
            raise TooManyRequests("Открыто слишком много вкладок. Закройте лишние.", retry_after=RETRY)
        stream = Stream(reader)
        self._counts[reader.manager_id] += 1
        self._streams[reader.organisation_id].add(stream)
        return stream

    def leave(self, stream: Stream) -> None:
        reader = stream.reader
        if stream not in self._streams.get(reader.organisation_id, ()):
            return
        self._streams[reader.organisation_id].discard(stream)
        self._counts[reader.manager_id] -= 1
        self._counts += Counter()  # removes zero counts
        if not self._streams[reader.organisation_id]:
            del self._streams[reader.organisation_id]

    def heard(self, payload: str) -> None:
        try:
            change = Change.read(payload)
        except ValueError:
            log.warning("unreadable change", extra={FIELDS: {"length": len(payload)}})
            return
        if change.kind in (Kind.STAFF, Kind.SESSION):
            self._end_streams_of(change.id)
            return
        for stream in tuple(self._streams.get(change.organisation_id, ())):
            _pass_on(change, stream)

    async def check(self, *streams: Stream) -> None:
        """End those of the streams whose session has ended or whose manager's rights have changed."""
        there = await self._signed_in({stream.reader.session_id for stream in streams})
        for stream in streams:
            manager = there.get(stream.reader.session_id)
            if manager is None or Reader.of(manager, stream.reader.session_id) != stream.reader:
                stream.end()

    def _end_streams_of(self, manager_or_session: UUID) -> None:
        """End the streams of a manager whose rights may have changed, or of an ended session; the pages reconnect."""
        for stream in self._all():
            if manager_or_session in (stream.reader.manager_id, stream.reader.session_id):
                stream.end()

    def _all(self) -> Iterator[Stream]:
        for streams in tuple(self._streams.values()):
            yield from tuple(streams)

    def _begun(self) -> None:
        """Greet and check all streams, because changes before LISTEN were missed."""
        self.listens = True
        streams = tuple(self._all())
        for stream in streams:
            stream.greet()
        if streams:
            self._recheck = asyncio.create_task(self._check_or_end(streams))

    async def _check_or_end(self, streams: tuple[Stream, ...]) -> None:
        try:
            await self.check(*streams)
        except AWAY:
            for stream in streams:
                stream.end()

    async def _listen(self) -> None:
        engine, pause = ear(self._url), SOON
        try:
            while True:
                try:
                    await listen(engine, self._begun, self.heard)
                except AWAY as error:
                    log.warning("not listening", extra={FIELDS: {"error": type(error).__name__}})
                pause = SOON if self.listens else min(pause * 2, LATEST)
                self.listens = False
                await asyncio.sleep(pause)
        finally:
            await asyncio.shield(engine.dispose())


def _pass_on(change: Change, stream: Stream) -> None:
    match change.kind:
        case Kind.CLIENT if not stream.reader.onboards:
            pass
        case Kind.ORGANISATION:
            stream.tell(Event(change.kind.value))
        case _:
            stream.tell(Event(change.kind.value, change.id))
