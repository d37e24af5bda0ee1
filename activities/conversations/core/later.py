"""Outcomes of Avito and Telegram that mean «try again later», as one exception with the time of the next try."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeAlias

from activities.avito.account import AccountAway
from domain.kernel.trouble import Trouble
from gateways.outcome import NotDone, Unknown

At: TypeAlias = Callable[[], datetime]
"""Returns the time of the next try; called when the failure has happened."""


class Later(Exception):
    """The activity cannot go on before `at`; `trouble` is null when another worker or an incomplete album delays it."""

    def __init__(self, trouble: Trouble | None, at: datetime) -> None:
        super().__init__(trouble or "later")
        self.trouble, self.at = trouble, at


@contextmanager
def later_of_avito(at: At, *outcomes: type[Exception]) -> Iterator[None]:
    """Raises Later for AccountAway (with its own trouble and time), NotDone, Unknown and `outcomes`."""
    try:
        yield
    except AccountAway as away:
        raise Later(away.trouble, away.retry_at) from None
    except (NotDone, Unknown):
        raise Later(Trouble.AVITO, at()) from None
    except outcomes:
        raise Later(Trouble.AVITO, at()) from None


@contextmanager
def later_of_telegram(at: At, *outcomes: type[Exception]) -> Iterator[None]:
    """Raises Later for `outcomes`; others differ from call to call."""
    try:
        yield
    except outcomes:
        raise Later(Trouble.TELEGRAM, at()) from None


def sooner(one: Later | None, other: Later | None) -> Later | None:
    return min((found for found in (one, other) if found is not None), key=lambda found: found.at, default=None)
