"""Only a fresh payload that Telegram signed for our bot logs anybody in."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from aiogram.utils.auth_widget import check_signature

from domain.people.refusals import BadCredentials
from domain.people.telegram import TelegramUser, check_login

TOKEN = "1000000002:SANDBOX-master-bot-token-000000002"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
Fields = dict[str, str | int]


def signed(fields: Fields | None = None, token: str = TOKEN, age: timedelta = timedelta(minutes=1)) -> Fields:
    sent: Fields = {"id": 501, "first_name": "Анна", "auth_date": int((NOW - age).timestamp()), **(fields or {})}
    lines = "\n".join(f"{name}={sent[name]}" for name in sorted(sent))
    return {**sent, "hash": hmac.new(hashlib.sha256(token.encode()).digest(), lines.encode(), "sha256").hexdigest()}


def test_telegrams_own_payload_is_accepted() -> None:
    fields = signed({"username": "anna", "last_name": "К", "photo_url": "https://t.me/i/1.jpg", "language": "ru"})
    assert check_signature(TOKEN, **{name: str(value) for name, value in fields.items()})
    assert check_login(fields, TOKEN, NOW) == TelegramUser(
        501, "Анна", "К", "anna", "https://t.me/i/1.jpg", NOW - timedelta(minutes=1), str(fields["hash"])
    )


def test_a_payload_by_query_string_is_the_same() -> None:
    fields = signed()
    texts: Fields = {name: str(value) for name, value in fields.items()}
    assert check_login(texts, TOKEN, NOW) == check_login(fields, TOKEN, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"id": 502},
        {"first_name": "Яна"},
        {"last_name": "К"},
        {"auth_date": int(NOW.timestamp())},
        {"hash": "0" * 64},
        {"hash": ""},
        {"hash": "я"},
        {"hash": 5},
    ],
)
def test_a_changed_payload_is_refused(change: Fields) -> None:
    with pytest.raises(BadCredentials, match="Подпись"):
        check_login({**signed(), **change}, TOKEN, NOW)


@pytest.mark.parametrize("missing", ["id", "auth_date", "hash", "first_name"])
def test_a_payload_with_a_field_taken_away_is_refused(missing: str) -> None:
    with pytest.raises(BadCredentials):
        check_login({name: value for name, value in signed().items() if name != missing}, TOKEN, NOW)


def test_a_payload_for_another_bot_is_refused() -> None:
    with pytest.raises(BadCredentials):
        check_login(signed(token="1:other"), TOKEN, NOW)


@pytest.mark.parametrize(
    ("age", "accepted"),
    [
        (timedelta(minutes=5), True),
        (timedelta(minutes=5, seconds=1), False),
        (timedelta(days=1), False),
        (timedelta(seconds=-60), True),
        (timedelta(seconds=-61), False),
    ],
)
def test_a_payload_is_good_for_five_minutes(age: timedelta, accepted: bool) -> None:
    if accepted:
        assert check_login(signed(age=age), TOKEN, NOW).id == 501
    else:
        with pytest.raises(BadCredentials, match="устарел"):
            check_login(signed(age=age), TOKEN, NOW)


def test_one_signed_field_cannot_be_read_as_two() -> None:
    """Somebody whose name holds a line break must not log in as the number that stands in his name."""
    fields = signed({"first_name": "А\nid=42"})
    with pytest.raises(BadCredentials):
        check_login(fields, TOKEN, NOW)
    forged: Fields = {**fields, "first_name": "А", "id": "42\nid=501"}
    with pytest.raises(BadCredentials):
        check_login(forged, TOKEN, NOW)


@pytest.mark.parametrize("changed", [{"id": "-5"}, {"id": "abc"}, {"auth_date": "soon"}, {"auth_date": 10**17}])
def test_signed_nonsense_is_refused(changed: Fields) -> None:
    with pytest.raises(BadCredentials):
        check_login(signed(changed), TOKEN, NOW)
