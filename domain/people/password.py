"""Passwords: which may be chosen, and hashing."""

import unicodedata
from collections.abc import Mapping
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.kernel.refusal import FieldError, InvalidValue
from domain.people.guessable import Owner, Weakness, guessed_first

SHORTEST: Final = 8
SHORTEST_OF_STAFF: Final = 12
LONGEST: Final = 128
"""Characters, after normalisation."""

_OTHER: Final = "Придумайте другой: лучше всего несколько слов, не связанных с вами."
WORDS: Final = {
    Weakness.COMMON: f"Это один из самых распространённых паролей, такие подбирают первыми. {_OTHER}",
    Weakness.PHONE: f"Пароль повторяет ваш номер телефона, его угадают. {_OTHER}",
    Weakness.NAME: f"Пароль повторяет ваше имя, его угадают. {_OTHER}",
    Weakness.EMAIL: f"Пароль повторяет вашу почту, его угадают. {_OTHER}",
    Weakness.PRODUCT: f"Пароль повторяет название сервиса, его угадают. {_OTHER}",
}

# The OWASP profile of argon2id for machines where 64 MiB per log-in is too much: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def weakness_of(password: str, owner: Owner, common: Mapping[str, int], shortest: int = SHORTEST) -> Weakness | None:
    """What is wrong with a new password: its length, or that it is guessed first.

    No rule of composition: those weaken passwords (NIST SP 800-63B-4, ASVS 6.2.5).
    """
    text = normalised(password)
    if not shortest <= len(text) <= LONGEST:
        return Weakness.LENGTH
    return guessed_first(text, owner, common)


def check_password(password: str, owner: Owner, common: Mapping[str, int]) -> None:
    """Raises `InvalidValue` with the reason; only for new passwords, at a log-in any that matches is right."""
    weakness = weakness_of(password, owner, common)
    if weakness is None:
        return
    detail = WORDS.get(weakness, f"Пароль должен быть от {SHORTEST} до {LONGEST} символов.")
    raise InvalidValue(detail, [FieldError(loc=["body", "password"], msg=detail)])


def normalised(password: str) -> str:
    """NFKC, so that keyboards which compose «й» differently give one password (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """argon2id with a random salt, as one text; takes tens of milliseconds, so not for the event loop."""
    return _HASHER.hash(normalised(password))


def matches(stored: str, password: str) -> bool:
    """False also for a hash of another kind, as in an adopted row.

    Hashes of earlier releases are of the password as it was typed: it is tried too where NFKC changes it.
    """
    return any(_verifies(stored, one) for one in dict.fromkeys((normalised(password), password)))


def _verifies(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other parameters than the current ones."""
    return _HASHER.check_needs_rehash(stored)
