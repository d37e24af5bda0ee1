"""A buyer's file that does not come: when it is asked for again, and what the topic says meanwhile."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from domain.conversations.content import Kind

TRIES: Final = 3
"""Failures in a row after which later messages go on, and staff are told that the file comes later."""

FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(minutes=15)
_LONGEST_DOUBLING: Final = 5

MOST_TRIES: Final = 100
"""Failures in a row after which a file is not asked for by itself any more: with these pauses, a day."""

ASK_AGAIN: Final = "Запросить ещё раз — ответьте на это сообщение командой /retry."

_WHAT: Final[Mapping[str, str]] = {Kind.IMAGE: "изображение", Kind.VOICE: "голосовое сообщение"}


def next_fetch(tries: int, now: datetime) -> datetime:
    """After `tries` failures in a row a file is asked for again in half a minute, a minute … a quarter of an hour."""
    return now + min(FIRST_PAUSE * (1 << min(max(tries - TRIES, 0), _LONGEST_DOUBLING)), LONGEST_PAUSE)


def is_given_up(tries: int) -> bool:
    return tries >= MOST_TRIES


def late(kind: str, *, from_app: bool) -> str:
    """Avito, or the access to it, does not answer for now."""
    return (
        f"{_sent(kind, from_app)}, но получить файл пока не удаётся. Он придёт сюда, как только получится. "
        "Запросить сейчас — ответьте на это сообщение командой /retry."
    )


def given_up(kind: str, *, from_app: bool) -> str:
    """Nobody has refused the file, and nobody has given it either."""
    return f"{_sent(kind, from_app)}, но получить файл так и не удалось. Откройте чат на Avito. {ASK_AGAIN}"


def refused(kind: str, *, from_app: bool) -> str:
    """Avito has answered about this very file: it is not there, too large, or not for us."""
    return f"{_sent(kind, from_app)}: Avito его не отдаёт. Откройте чат на Avito. {ASK_AGAIN}"


def not_taken(kind: str, *, from_app: bool) -> str:
    """Telegram takes words and not this file."""
    return f"{_sent(kind, from_app)}, но Telegram не принимает этот файл. Откройте чат на Avito. {ASK_AGAIN}"


def _sent(kind: str, from_app: bool) -> str:
    what = _WHAT.get(kind, "файл")
    return f"Из приложения Avito отправлено {what}" if from_app else f"Покупатель прислал {what}"
