"""How long to wait before the next try of what a service has not done."""

from datetime import timedelta
from typing import Final

LONGEST_PAUSE: Final = timedelta(seconds=60)
_LONGEST_DOUBLING: Final = 6


def pause_after(earlier: int) -> timedelta:
    """1, 2, 4 … 60 seconds after a failure; `earlier` failures in a row came before it."""
    return min(timedelta(seconds=1 << min(max(earlier, 0), _LONGEST_DOUBLING)), LONGEST_PAUSE)
