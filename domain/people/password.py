"""Passwords: how long, and as what they are kept."""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.kernel.refusal import FieldError, InvalidValue

SHORTEST: Final = 8
LONGEST: Final = 128

# The OWASP profile of argon2id for machines where 64 MiB per log-in are too much: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def check_password(password: str) -> None:
    """Length only, as people count it; composition rules make passwords worse (NIST 800-63B, ASVS 6.2.5)."""
    if SHORTEST <= len(password) <= LONGEST:
        return
    detail = f"Пароль должен быть от {SHORTEST} до {LONGEST} символов."
    raise InvalidValue(detail, [FieldError(loc=["body", "password"], msg=detail)])


def hash_password(password: str) -> str:
    """argon2id with a salt of its own, as one text; tens of milliseconds on purpose: not for the event loop."""
    return _HASHER.hash(password)


def matches(stored: str, password: str) -> bool:
    """False also for a hash of another kind, which an adopted row may hold."""
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)
