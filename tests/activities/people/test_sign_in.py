"""Guesses of a password slow the account down and lock nobody out, and nobody learns which accounts there are."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from activities.kernel.limits import Limits
from activities.people.passwords import Passwords
from activities.people.sign_in import LONGEST_PAUSE, SignIn, pause
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import TooManyRequests
from domain.people.origin import Origin
from domain.people.refusals import BadCredentials
from models.kernel.database import Sessions
from tests.clock import FakeClock
from tests.factories import PASSWORD, make_user

HERE = Origin("203.0.113.7", None)
UNKNOWN = "9990000000"


class Guessing:
    """Log-ins of clients, and the seconds that they were made to wait."""

    def __init__(self, sessions: Sessions, keyring: Keyring, clock: FakeClock, passwords: Passwords) -> None:
        self.waited: list[float] = []
        limits = Limits(sessions, keyring, clock)
        self.sign_in = SignIn(sessions, passwords, limits, clock, None, self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)

    async def wrong(self, phone: str | None, ip: str) -> None:
        with pytest.raises(BadCredentials):
            await self.sign_in.client(str(phone), "wrong-password", replace(HERE, ip=ip))


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    passwords = Passwords()
    yield passwords
    passwords.close()


@pytest.fixture
def guessing(sessions: Sessions, keyring: Keyring, clock: FakeClock, passwords: Passwords) -> Guessing:
    return Guessing(sessions, keyring, clock, passwords)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (9, 0), (10, 0.25), (19, 0.25), (20, 0.5), (30, 1), (40, 2), (50, 4), (10**6, 4)]
)
def test_the_pause_grows_with_the_failures_and_has_an_end(failures: int, seconds: float) -> None:
    assert pause(failures) == seconds <= LONGEST_PAUSE


async def test_an_account_that_is_guessed_from_everywhere_is_slow_and_open(
    guessing: Guessing, sessions: Sessions
) -> None:
    user = await make_user(sessions)
    for number in range(21):
        await guessing.wrong(user.phone, f"198.51.100.{number}")
    assert (await guessing.sign_in.client(str(user.phone), PASSWORD, HERE)).id == user.id
    assert guessing.waited == [0.0] * 10 + [0.25] * 10 + [0.5] * 2


async def test_in_the_network_of_the_guesses_nobody_waits_but_all_are_refused(
    guessing: Guessing, sessions: Sessions
) -> None:
    user = await make_user(sessions)
    for _ in range(10):
        await guessing.wrong(user.phone, str(HERE.ip))
    with pytest.raises(TooManyRequests) as refused:
        await guessing.sign_in.client(str(user.phone), PASSWORD, HERE)
    assert refused.value.retry_after > 0
    assert len(guessing.waited) == 10


async def test_an_unknown_account_is_slowed_down_as_a_known_one_is(guessing: Guessing, sessions: Sessions) -> None:
    waited = []
    for phone in (str((await make_user(sessions)).phone), UNKNOWN):
        guessing.waited.clear()
        for number in range(12):
            await guessing.wrong(phone, f"198.51.100.{number}")
        waited.append(list(guessing.waited))
    assert waited[0] == waited[1]
