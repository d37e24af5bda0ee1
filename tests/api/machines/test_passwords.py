"""Password work: a few at a time, off the event loop, and refused when the queue is too long."""

import asyncio
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from activities.people.passwords import Passwords
from domain.kernel.refusal import Unavailable
from domain.people.password import hash_password, matches, needs_rehash


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords(at_once=1, waiting=1)
    yield made
    made.close()


async def test_the_right_password_is_known_and_a_wrong_or_missing_one_is_not(passwords: Passwords) -> None:
    stored = hash_password("ChangeMe123")
    assert (await passwords.check(stored, "ChangeMe123")).ok
    assert not (await passwords.check(stored, "changeme123")).ok
    assert not (await passwords.check(None, "nobody has this password")).ok


async def test_an_old_hash_comes_back_as_a_new_one(passwords: Passwords) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("ChangeMe123")
    rehashed = (await passwords.check(old, "ChangeMe123")).rehashed
    assert rehashed is not None
    assert matches(rehashed, "ChangeMe123")
    assert not needs_rehash(rehashed)


async def test_nobody_joins_a_queue_that_is_full(passwords: Passwords) -> None:
    async with passwords.turn():
        waiting = asyncio.ensure_future(passwords.hash("ChangeMe123"))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await passwords.hash("ChangeMe123")
    assert matches(await waiting, "ChangeMe123")
