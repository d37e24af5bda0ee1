"""What both stand-ins were asked, what they answered, and which calls the real services would have refused."""

from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.clock import Now
from sandbox.faults import Side

KEPT = 20_000
"""Calls and violations that are remembered; older ones are counted only."""


@dataclass(frozen=True)
class Call:
    side: Side
    method: str
    """Bot API method, or HTTP method."""
    path: str
    body: dict[str, Any]
    """The parameters, without bytes and secrets."""
    outcome: str
    """`200`, `429 too-many`, `dropped`."""
    violation: str | None
    """What is wrong with the call, for one that the published API does not allow."""
    at: float


class Journal:
    def __init__(self, now: Now) -> None:
        self._now = now
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._violations: deque[str] = deque(maxlen=KEPT)
        self.counts: dict[str, int] = {}

    def note(
        self,
        side: Side,
        method: str,
        path: str,
        body_summary: dict[str, Any],
        outcome: str,
        violation: str | None = None,
    ) -> None:
        self._calls.append(Call(side, method, path, body_summary, outcome, violation, self._now()))
        self.counts[side] = self.counts.get(side, 0) + 1
        if violation is not None:
            self._violations.append(f"{side}: {method} {path}: {violation}")

    def calls(self, side: Side | None = None) -> list[Call]:
        """Oldest first."""
        return [call for call in self._calls if side in (None, call.side)]

    def violations(self) -> list[str]:
        return list(self._violations)

    def clear(self) -> None:
        self._calls.clear()
        self._violations.clear()
        self.counts.clear()

    def view(self, side: Side | None = None) -> list[dict[str, Any]]:
        return [asdict(call) for call in self.calls(side)]
