"""How long to wait before the next try of what a service has not done."""

from datetime import timedelta
from typing import Final

LONGEST_PAUSE: Final = timedelta(seconds=60)
_SPREAD: Final = 16
_LONGEST_DOUBLING: Final = 6


def pause_after(earlier: int) -> timedelta:
    """1, 2, 4 … 60 seconds after a failure; `earlier` failures in a row came before it."""
    return min(timedelta(seconds=1 << min(max(earlier, 0), _LONGEST_DOUBLING)), LONGEST_PAUSE)


def probe_after(failing_for: timedelta, shortest: timedelta = timedelta()) -> timedelta:
    """How long to wait before a bot that fails is tried again: a quarter of the time so far, up to a minute.

    Some 35 tries in the first minute, then one a minute.
    """
    return min(max(failing_for / 4, shortest), LONGEST_PAUSE)


def spread(number: int, pause: timedelta) -> timedelta:
    """What the dialog of this number waits beyond `pause`, so that not all come at once; at most a quarter of it."""
    return pause * (number % _SPREAD) / (4 * _SPREAD)
