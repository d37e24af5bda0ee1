"""Password hashing in a small thread pool, in constant time for unknown accounts."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from activities.people.common_passwords import common_passwords
from domain.kernel.refusal import Unavailable
from domain.people import password as rule
from domain.people.guessable import Owner

AT_ONCE: Final = 2
WAITING: Final = 64


@dataclass(frozen=True)
class Checked:
    """`rehashed` is the new hash to store if the old one has outdated parameters."""

    ok: bool
    rehashed: str | None = None


class Passwords:
    """argon2id with bounded memory and CPU; built once per process, `close()` at the end."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="password")
        self._turns = asyncio.Semaphore(at_once)
        self._waiting, self._most = 0, waiting + at_once
        self._decoy = rule.hash_password("nobody has this password")

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Reserve one of the hashing threads; raises `Unavailable` when the queue is full."""
        if self._waiting >= self._most:
            raise Unavailable("Слишком много входов одновременно. Повторите через несколько секунд.")
        self._waiting += 1
        try:
            async with self._turns:
                yield
        finally:
            self._waiting -= 1

    async def hash(self, password: str) -> str:
        async with self.turn():
            return await asyncio.get_running_loop().run_in_executor(self._threads, rule.hash_password, password)

    @staticmethod
    def check_new(password: str, owner: Owner) -> None:
        """Raises `InvalidValue` for a password that nobody should choose."""
        rule.check_password(password, owner, common_passwords())

    async def check(self, stored: str | None, password: str) -> Checked:
        """Check a password inside a `turn`. Without a stored hash it takes as long and never matches."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._check, stored, password)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _check(self, stored: str | None, password: str) -> Checked:
        if not rule.matches(stored or self._decoy, password) or stored is None:
            return Checked(ok=False)
        return Checked(ok=True, rehashed=rule.hash_password(password) if rule.needs_rehash(stored) else None)
