"""The Telegram Login widget: checks that Telegram has signed the fields for the bot, and recently."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.people.refusals import BadCredentials

OLDEST: Final = timedelta(minutes=5)
"""The widget hands a payload over as soon as it is signed."""

MOST_AHEAD: Final = timedelta(seconds=60)
"""Tolerance for a Telegram clock that is ahead."""

# Telegram's ids have at most 52 bits; eleven digits of seconds reach beyond the year 5000.
_ID: Final = re.compile(r"[0-9]{1,16}")
_SECONDS: Final = re.compile(r"[0-9]{1,11}")
_NAME: Final = re.compile(r"[a-z_]{1,32}")


@dataclass(frozen=True)
class TelegramUser:
    """The signed-in user; `fingerprint` is the payload's hash, stored so that a payload is used once."""

    id: int
    first_name: str
    last_name: str
    username: str
    photo_url: str
    auth_date: datetime
    fingerprint: str


def check_login(fields: Mapping[str, str | int], bot_token: str, now: datetime) -> TelegramUser:
    """HMAC-SHA256, under SHA-256 of the bot's token, over sorted «k=v» lines: core.telegram.org/widgets/login.

    All sent fields are signed, except `hash` and those that are neither text nor a number.
    Raises BadCredentials.
    """
    sent = _signed(fields)
    fingerprint = fields.get("hash")
    if not isinstance(fingerprint, str) or not _matches(sent, fingerprint, bot_token):
        raise BadCredentials("Подпись Telegram не подходит. Войдите через Telegram ещё раз.")
    user_id = _number(sent, "id", _ID)
    auth_date = datetime.fromtimestamp(_number(sent, "auth_date", _SECONDS), UTC)
    if now - auth_date > OLDEST or auth_date - now > MOST_AHEAD:
        raise BadCredentials("Вход через Telegram устарел. Войдите ещё раз.")
    return TelegramUser(
        id=user_id,
        first_name=sent.get("first_name", ""),
        last_name=sent.get("last_name", ""),
        username=sent.get("username", ""),
        photo_url=sent.get("photo_url", ""),
        auth_date=auth_date,
        fingerprint=fingerprint.lower(),
    )


def _signed(fields: Mapping[str, object]) -> dict[str, str]:
    """The signed fields as text; refuses line breaks, by which one field could pass for two."""
    sent = {
        name: str(value)
        for name, value in fields.items()
        if name != "hash" and isinstance(value, str | int) and not isinstance(value, bool)
    }
    if any("\n" in value or _NAME.fullmatch(name) is None for name, value in sent.items()):
        raise BadCredentials("Данные входа через Telegram повреждены. Войдите ещё раз.")
    return sent


def _matches(sent: Mapping[str, str], fingerprint: str, bot_token: str) -> bool:
    lines = "\n".join(f"{name}={sent[name]}" for name in sorted(sent))
    key = hashlib.sha256(bot_token.encode()).digest()
    expected = hmac.new(key, lines.encode(errors="replace"), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), fingerprint.lower().encode(errors="replace"))


def _number(sent: Mapping[str, str], name: str, form: re.Pattern[str]) -> int:
    if form.fullmatch(sent.get(name, "")) is None:
        raise BadCredentials("В данных входа через Telegram не хватает полей. Войдите ещё раз.")
    return int(sent[name])
