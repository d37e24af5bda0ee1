"""How a phone or an e-mail address of an account is confirmed, and what a session has proven."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Final


class ConfirmedBy(StrEnum):
    """What vouches that the phone is the client's own."""

    SMS = "sms"
    """A one-time code that was sent to the number."""

    TELEGRAM = "telegram"
    """The client's own contact, whose number Telegram has verified."""


class ConfirmationKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"


def has_proven(confirmed_at: datetime | None, proved_at: datetime | None) -> bool:
    """Whether a session has proven the phone that the account has now: a proof of an earlier number is older."""
    return confirmed_at is not None and proved_at is not None and proved_at >= confirmed_at


CODES_PER_ACCOUNT: Final = 10
"""Codes of one kind that an account may ask for in 24 hours."""

CODES_PER_ADDRESS: Final = 10
"""Codes to one phone or e-mail address in 24 hours, over all accounts: a stranger's phone is not flooded."""

WRONG_PER_ACCOUNT: Final = 30
"""Wrong tries of an account in 24 hours, over all its codes of one kind."""

DAY: Final = timedelta(hours=24)


def is_mobile(phone: str) -> bool:
    """Whether an SMS may be sent to ten Russian digits: not to a landline and not to 8-800."""
    return phone.startswith("9")


def wait_for_room(times: Sequence[datetime], most: int, now: datetime) -> int:
    """Seconds until fewer than `most` of these times, the first first, lie in the last 24 hours; 0 if there is room."""
    recent = [at for at in times if at > now - DAY]
    if len(recent) < most:
        return 0
    return max(1, ceil((recent[len(recent) - most] + DAY - now).total_seconds()))


def mask_email(email: str) -> str:
    """The first letter and the domain, which the owner recognises."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}•••@{host}"


def phone_code_message(code: str) -> str:
    """At most 70 characters: one part of an SMS in Cyrillic."""
    return f"{code} - код подтверждения номера. Не говорите его никому, даже нам."


def email_code_message(code: str, minutes: int) -> str:
    return (
        f"Код подтверждения почты: {code}. Он действует {minutes} мин.\n\n"
        "Введите его в приложении. Не сообщайте его никому, в том числе нашим сотрудникам. "
        "Если вы ничего не подтверждали, просто удалите это письмо."
    )
