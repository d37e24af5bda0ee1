"""One-time codes: random, stored as a hash bound to one thing (a document, an address), valid for one use."""

import hashlib
import hmac
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.kernel.text import visible
from domain.people.refusals import CodeExpired, CodeLocked, WrongCode

CODE_DIGITS: Final = 6
OTHER_ADDRESS: Final = "Адрес изменился, код больше не действует. Запросите новый код."


@dataclass(frozen=True)
class CodeRules:
    """Lifetime of a code and pause between two codes, in seconds; tries per code."""

    ttl: int
    tries: int
    resend: int


@dataclass(frozen=True)
class SentCode:
    """The stored form of a sent code; the digits cannot be computed from it without the server's key."""

    hash: bytes
    salt: bytes
    bound_to: str
    sent_at: datetime
    expires_at: datetime
    tries_left: int
    used: bool


def make_code(choose: Callable[[int], int]) -> str:
    """Six digits; `choose(n)` returns a uniformly random integer of 0…n-1 (`secrets.randbelow`)."""
    return f"{choose(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def hash_code(code: str, salt: bytes, key: bytes, bound_to: str) -> bytes:
    """HMAC-SHA256: without a secret key, all million codes could be tried within a second."""
    fields = (salt, code.encode(), bound_to.encode())
    message = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    return hmac.digest(key, message, hashlib.sha256)


def check_code(
    sent: SentCode, given: str, key: bytes, bound_to: str, now: datetime, changed: str = OTHER_ADDRESS
) -> None:
    """Returns for the right code, else raises `CodeLocked`, `CodeExpired` or `WrongCode` with `tries_left`.

    The state of the code is checked before its value, so that an invalid code reveals nothing. The caller counts the
    try and marks the use, in the transaction that read `sent`. `changed` is said for a code of another thing.
    """
    if sent.tries_left <= 0:
        raise CodeLocked("Слишком много неверных попыток. Запросите новый код.")
    if now >= sent.expires_at:
        raise CodeExpired("Срок действия кода истёк. Запросите новый код.")
    if sent.used:
        raise CodeExpired("Этот код уже использован. Запросите новый код.")
    if not hmac.compare_digest(sent.bound_to.encode(), bound_to.encode()):
        raise CodeExpired(changed)
    if not hmac.compare_digest(sent.hash, hash_code(_normalised(given), sent.salt, key, bound_to)):
        left = sent.tries_left - 1
        hint = f"Осталось попыток: {left}." if left else "Попыток не осталось, запросите новый код."
        raise WrongCode(f"Код не подходит. {hint}", tries_left=left)


def cooldown_left(sent_at: datetime | None, now: datetime, seconds: int) -> int:
    """Whole seconds until the next code may be sent; 0 if it may be sent now."""
    if sent_at is None:
        return 0
    left = math.ceil(seconds - (now - sent_at).total_seconds())
    return min(max(left, 0), seconds)


def _normalised(given: str) -> str:
    """The digits without spaces and what is not seen; an empty text, which matches no code, for what can be no code."""
    code = "".join(visible(given).split())
    return code if len(code) == CODE_DIGITS and code.isascii() and code.isdigit() else ""
