"""The budget of a group: so many sends, edits and new topics in any minute, shared by all of its topics."""

import math
from collections import deque
from dataclasses import dataclass, field

from sandbox.telegram.errors import too_many

MINUTE = 60.0


@dataclass
class Limit:
    per_minute: int = 0
    """0: none."""
    spent: deque[float] = field(default_factory=deque)

    def spend(self, now: float, messages: int = 1) -> None:
        """Refused with 429 and the seconds until there is room again; a refused call costs nothing."""
        if self.per_minute <= 0:
            return
        while self.spent and self.spent[0] <= now - MINUTE:
            self.spent.popleft()
        if (excess := len(self.spent) + messages - self.per_minute) > 0:
            free_at = self.spent[min(excess, len(self.spent)) - 1] + MINUTE if self.spent else now + MINUTE
            raise too_many(max(1, math.ceil(free_at - now)))
        self.spent.extend([now] * messages)
