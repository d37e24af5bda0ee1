"""Passwords: permitted length, and hashing."""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.kernel.refusal import FieldError, InvalidValue

SHORTEST: Final = 8
LONGEST: Final = 128

# The OWASP profile of argon2id for machines where 64 MiB per log-in is too much: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def check_password(password: str) -> None:
    """Checks only the length in characters; composition rules weaken passwords (NIST 800-63B, ASVS 6.2.5)."""
    if SHORTEST <= len(password) <= LONGEST:
        return
    detail = f"Пароль должен быть от {SHORTEST} до {LONGEST} символов."
    raise InvalidValue(detail, [FieldError(loc=["body", "password"], msg=detail)])


def hash_password(password: str) -> str:
    """argon2id with a random salt, as one text; takes tens of milliseconds, so not for the event loop."""
    return _HASHER.hash(password)


def matches(stored: str, password: str) -> bool:
    """False also for a hash of another kind, as in an adopted row."""
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other parameters than the current ones."""
    return _HASHER.check_needs_rehash(stored)
