"""The confirmation code: random, stored as a hash bound to one document, valid for one use."""

import hashlib
import hmac
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.contracts.refusals import CodeExpired, CodeLocked, WrongCode
from domain.kernel.text import visible

CODE_DIGITS: Final = 6
MAX_CODES_PER_DAY: Final = 10
MAX_WRONG_PER_VERSION: Final = 30


@dataclass(frozen=True)
class SentCode:
    """The stored form of a sent code; the digits cannot be computed from it without the server's key."""

    hash: bytes
    salt: bytes
    document_sha256: str
    sent_at: datetime
    expires_at: datetime
    tries_left: int
    used: bool


def make_code(choose: Callable[[int], int]) -> str:
    """Six digits; `choose(n)` returns a uniformly random integer of 0…n-1 (`secrets.randbelow`)."""
    return f"{choose(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def hash_code(code: str, salt: bytes, key: bytes, document_sha256: str) -> bytes:
    """HMAC-SHA256: without a secret key, all million codes could be tried within a second."""
    fields = (salt, code.encode(), document_sha256.encode())
    message = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    return hmac.digest(key, message, hashlib.sha256)


def check_code(sent: SentCode, given: str, key: bytes, document_sha256: str, now: datetime) -> None:
    """Returns for the right code, else raises `CodeLocked`, `CodeExpired` or `WrongCode` with `tries_left`.

    The state of the code is checked before its value, so that an invalid code reveals nothing. The caller counts the
    try and marks the use, in the transaction that read `sent`.
    """
    if sent.tries_left <= 0:
        raise CodeLocked("Слишком много неверных попыток. Запросите новый код.")
    if now >= sent.expires_at:
        raise CodeExpired("Срок действия кода истёк. Запросите новый код.")
    if sent.used:
        raise CodeExpired("Этот код уже использован. Запросите новый код.")
    if not hmac.compare_digest(sent.document_sha256.encode(), document_sha256.encode()):
        raise CodeExpired("Договор изменился, код больше не действует. Запросите новый код.")
    if not hmac.compare_digest(sent.hash, hash_code(_normalised(given), sent.salt, key, document_sha256)):
        left = sent.tries_left - 1
        hint = f"Осталось попыток: {left}." if left else "Попыток не осталось, запросите новый код."
        raise WrongCode(f"Код не подходит. {hint}", tries_left=left)


class CodeStanding(StrEnum):
    """What a code is good for: only an active one is compared with what is entered."""

    ACTIVE = "active"
    EXPIRED = "expired"
    LOCKED = "locked"
    USED = "used"


def code_standing(tries_left: int, expires_at: datetime, used: bool, now: datetime) -> CodeStanding:
    """Checks the states in the order of `check_code`."""
    if tries_left <= 0:
        return CodeStanding.LOCKED
    if now >= expires_at:
        return CodeStanding.EXPIRED
    return CodeStanding.USED if used else CodeStanding.ACTIVE


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
