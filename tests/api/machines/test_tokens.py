"""Access tokens: each kind opens its own door, for its own time."""

from datetime import timedelta
from uuid import uuid4

import jwt
import pytest

from api.machines.tokens import ALGORITHM, TYPE, Tokens
from domain.kernel.refusal import NotAuthenticated
from tests.clock import FakeClock

SECRET, OTHER = "a" * 40, "b" * 40
LIFE = timedelta(minutes=15)


def tokens(clock: FakeClock, secret: str = SECRET, audience: str = "privet-clients") -> Tokens:
    return Tokens(secret, audience, LIFE, clock)


def forged(
    clock: FakeClock, *, key: str = SECRET, algorithm: str = ALGORITHM, typ: str = TYPE, **claims: object
) -> str:
    now = int(clock.now.timestamp())
    ids = {"sub": str(uuid4()), "sid": str(uuid4())}
    whole = {"iss": "privet", "aud": "privet-clients", "iat": now, "exp": now + 60} | ids | claims
    present = {name: value for name, value in whole.items() if value is not None}
    return jwt.encode(present, key, algorithm=algorithm, headers={"typ": typ})


def test_a_token_says_who_asks_and_in_which_session(clock: FakeClock) -> None:
    user, session = uuid4(), uuid4()
    claims = tokens(clock).read(tokens(clock).issue(user, session))
    assert (claims.subject, claims.session) == (user, session)


def test_a_token_dies_with_its_time(clock: FakeClock) -> None:
    token = tokens(clock).issue(uuid4(), uuid4())
    clock.advance(LIFE)
    tokens(clock).read(token)  # a few seconds for clocks that differ
    clock.advance(timedelta(seconds=5))
    with pytest.raises(NotAuthenticated):
        tokens(clock).read(token)


def test_a_token_does_not_outlive_its_session(clock: FakeClock) -> None:
    until = clock.now + timedelta(seconds=30)
    now = clock.now.timestamp()
    assert tokens(clock).read(tokens(clock).issue(uuid4(), uuid4(), until)).expires == now + 30
    later = clock.now + timedelta(days=1)
    assert tokens(clock).read(tokens(clock).issue(uuid4(), uuid4(), later)).expires == now + LIFE.total_seconds()


def test_a_managers_token_opens_nothing_for_clients(clock: FakeClock) -> None:
    issued = tokens(clock, OTHER, "privet-managers").issue(uuid4(), uuid4())
    same_secret = tokens(clock, SECRET, "privet-managers").issue(uuid4(), uuid4())
    for token in (issued, same_secret):
        with pytest.raises(NotAuthenticated):
            tokens(clock).read(token)


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": OTHER},
        {"algorithm": "HS512"},
        {"algorithm": "none", "key": ""},
        {"typ": "JWT"},
        {"iss": "somebody"},
        {"aud": None},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": 1},
        {"sub": None},
        {"sub": "1"},
        {"sid": None},
        {"sid": "1"},
        {"sid": 1},
    ],
    ids=str,
)
def test_a_token_that_we_did_not_issue_just_so_is_none(clock: FakeClock, wrong: dict[str, object]) -> None:
    tokens(clock).read(forged(clock))
    with pytest.raises(NotAuthenticated):
        tokens(clock).read(forged(clock, **wrong))  # type: ignore[arg-type]  # a table of keyword arguments


@pytest.mark.parametrize("text", ["", "a.b.c", "ж.ж.ж", "x" * 100_000, "..", "e30.e30.e30"])
def test_any_other_text_is_no_token(clock: FakeClock, text: str) -> None:
    with pytest.raises(NotAuthenticated):
        tokens(clock).read(text)
