"""Delivers webhooks: one after another within a chat, side by side between chats, with faults."""

import asyncio
from asyncio import Future
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

import aiohttp

from sandbox.faults import Fault, Faults, Side

CONNECTIONS = 100
AVITO_SECONDS = 2.0
"""Avito's guide: the endpoint answers within two seconds."""
TELEGRAM_SECONDS = 60.0
AVITO_PAUSES = (0.5, 1.0)
"""Before the second and the third try, after which Avito gives up (its real policy is not published)."""
TELEGRAM_FIRST_PAUSE, TELEGRAM_LONGEST_PAUSE = 0.1, 2.0
"""Telegram repeats until it is answered 2xx; the real one waits longer between tries."""


def _nothing(_text: str) -> None:
    return


@dataclass(frozen=True)
class Letter:
    side: Side
    key: str
    url: str
    headers: dict[str, str]
    body: bytes
    done: "Future[bool]"
    on_error: Callable[[str], None]
    delay: float = 0.0


@dataclass
class _Lane:
    """The letters of one key, in order."""

    letters: deque[Letter] = field(default_factory=deque)
    task: "asyncio.Task[None] | None" = None


class Hooks:
    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._lanes: dict[str, _Lane] = {}
        self._held: dict[str, tuple[Letter, asyncio.TimerHandle]] = {}
        self._session: aiohttp.ClientSession | None = None

    def send(
        self,
        side: Side,
        key: str,
        url: str,
        headers: dict[str, str],
        body: bytes,
        content_type: str = "application/json",
        on_error: Callable[[str], None] = _nothing,
    ) -> "Future[bool]":
        """Queues and returns at once; the future says later whether it was taken (awaiting it is up to the caller).

        `key` is what keeps order: one delivery at a time per key, so it names the side and the chat.
        """
        done: Future[bool] = asyncio.get_running_loop().create_future()
        letter = Letter(side, key, url, {"Content-Type": content_type, **headers}, body, done, on_error)
        if self._faults.strikes(side, Fault.LOST_HOOKS, key):
            done.set_result(True)
            return done
        if late := self._faults.strikes(side, Fault.LATE_HOOKS, key):
            letter = replace(letter, delay=late.seconds)
        copies = 2 if self._faults.strikes(side, Fault.DUPLICATE_HOOKS, key) else 1
        if key not in self._held and (swapped := self._faults.strikes(side, Fault.REORDERED_HOOKS, key)):
            timer = asyncio.get_running_loop().call_later(swapped.seconds, self._release, key)
            self._held[key] = (letter, timer)
            return done
        for _ in range(copies):
            self._queue(letter)
        self._release(key)
        return done

    def forget(self, url: str, side: Side) -> None:
        """Drops what waits for that address and stops what is under way; their futures say False."""
        for key, (letter, timer) in list(self._held.items()):
            if (letter.url, letter.side) == (url, side):
                timer.cancel()
                del self._held[key]
                _settle(letter, False)
        for key, lane in list(self._lanes.items()):
            if lane.letters and (lane.letters[0].url, lane.letters[0].side) == (url, side):
                if lane.task:
                    lane.task.cancel()
                del self._lanes[key]
                for letter in lane.letters:
                    _settle(letter, False)

    async def probe(self, url: str, headers: dict[str, str], body: bytes, seconds: float) -> int | None:
        """One POST now, outside of any order; its status, None when nothing answered in time."""
        try:
            return await self._post(url, headers, body, seconds)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None

    async def settled(self) -> None:
        """When nothing waits any more; for tests."""
        while tasks := [lane.task for lane in self._lanes.values() if lane.task]:
            await asyncio.wait(tasks)

    def waiting(self) -> int:
        return sum(len(lane.letters) for lane in self._lanes.values()) + len(self._held)

    async def close(self) -> None:
        tasks = [lane.task for lane in self._lanes.values() if lane.task]
        for task in tasks:
            task.cancel()
        for _, timer in self._held.values():
            timer.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    def _release(self, key: str) -> None:
        if held := self._held.pop(key, None):
            letter, timer = held
            timer.cancel()
            self._queue(letter)

    def _queue(self, letter: Letter) -> None:
        lane = self._lanes.setdefault(letter.key, _Lane())
        lane.letters.append(letter)
        if lane.task is None:
            lane.task = asyncio.get_running_loop().create_task(self._drain(letter.key, lane))

    async def _drain(self, key: str, lane: _Lane) -> None:
        while lane.letters:
            letter = lane.letters[0]
            if letter.delay:
                await asyncio.sleep(letter.delay)
            _settle(letter, await self._deliver(letter))
            lane.letters.popleft()
        if self._lanes.get(key) is lane:
            del self._lanes[key]

    async def _deliver(self, letter: Letter) -> bool:
        """False: given up (Avito only)."""
        failures = 0
        while True:
            error = await self._attempt(letter)
            if error is None:
                return True
            letter.on_error(error)
            if letter.side is Side.AVITO and failures >= len(AVITO_PAUSES):
                return False
            await asyncio.sleep(_pause(letter.side, failures))
            failures += 1

    async def _attempt(self, letter: Letter) -> str | None:
        """What went wrong, in the words of getWebhookInfo; None: taken."""
        seconds = AVITO_SECONDS if letter.side is Side.AVITO else TELEGRAM_SECONDS
        try:
            status = await self._post(letter.url, letter.headers, letter.body, seconds)
        except TimeoutError:
            return "Read timeout expired"
        except (aiohttp.ClientError, ValueError):
            return "Connection refused"
        return None if 200 <= status < 300 else f"Wrong response from the webhook: {status}"

    async def _post(self, url: str, headers: dict[str, str], body: bytes, seconds: float) -> int:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, force_close=False), trust_env=False
            )
        timeout = aiohttp.ClientTimeout(total=seconds)
        async with self._session.post(
            url, data=body, headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            await response.read()
            return response.status


def _pause(side: Side, failures: int) -> float:
    if side is Side.AVITO:
        return AVITO_PAUSES[failures]
    return float(min(TELEGRAM_FIRST_PAUSE * 2**failures, TELEGRAM_LONGEST_PAUSE))


def _settle(letter: Letter, taken: bool) -> None:
    with suppress(asyncio.InvalidStateError):
        letter.done.set_result(taken)
