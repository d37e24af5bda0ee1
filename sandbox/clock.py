"""The sandbox's clock: the machine's time, moved forward on request, so that tokens and links can expire at once."""

import time
from collections.abc import Callable
from typing import TypeAlias

Now: TypeAlias = Callable[[], float]
"""Unix time in seconds."""


class Clock:
    def __init__(self) -> None:
        self.machine: Now = time.time
        self.ahead = 0.0

    def __call__(self) -> float:
        return self.machine() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds
