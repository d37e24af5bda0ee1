"""Next action of a conversation: news, waiting rows, deadlines, and pauses after failures."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from activities.conversations.core.messages import Standing
from activities.conversations.core.wake import Side
from domain.conversations.retry import pause_after
from domain.kernel.trouble import Trouble
from workflows.kernel.status import WorkflowStatus

QUIET = timedelta(days=14)
"""An open conversation that is quiet for so long ends its workflow; the next message starts it again."""

AT_LEAST = timedelta(seconds=1)
"""Shortest pause between two tries, and shortest timer of the server."""

STUCK_AFTER = 5
"""Failures in a row: half a minute."""


IN_A_QUEUE = (Trouble.BUDGET, Trouble.TURN)
"""Waits that are no failures."""


class Action(StrEnum):
    """Actions in order of preference when due at the same moment; values are part of saved histories."""

    SHOW = "show"
    ANSWER = "answer"
    AUTO_REPLY = "auto_reply"
    REMIND = "remind"


class End(StrEnum):
    """Why the workflow ends."""

    UNKNOWN = "unknown"
    CLOSED = "closed"
    QUIET = "quiet"


@dataclass(frozen=True)
class Todo:
    action: Action
    at: datetime


class Agenda:
    """Takes facts by `add_news` and `record`, and works out the next action from them. Knows no Temporal."""

    def __init__(
        self, standing: Standing | None, news: Iterable[str], tries: Mapping[str, int], began_at: datetime
    ) -> None:
        self.standing = standing
        self.since = began_at
        self.news: dict[Action, datetime] = {}
        self.tries: dict[Action, int] = {Action(name): count for name, count in tries.items()}
        self.troubles: dict[Action, Trouble] = {}
        self.not_before: dict[Action, datetime] = {}
        self.is_read = False
        for side in news:
            self.add_news(side, began_at)

    # Facts.

    def add_news(self, side: str, at: datetime) -> None:
        """Adds news from one side; repeated news before the action starts count once."""
        self.news.setdefault(Action.ANSWER if side == Side.STAFF else Action.SHOW, at)

    def start(self, action: Action) -> None:
        """Takes the action's news off; later news mean another round."""
        if self.news.pop(action, None) is not None and action is Action.SHOW:
            self.is_read = False

    def record(self, action: Action, standing: Standing, at: datetime) -> None:
        """Records an action's result; the other direction keeps its pause."""
        self._remember(standing, at)
        if action is Action.SHOW:
            self.is_read = standing.is_read
        if action is not Action.AUTO_REPLY:
            self._wait_out(action, standing, at)
        elif standing.trouble is not None:  # to decide against a reply says nothing of Avito
            self._wait_out(Action.ANSWER, standing, at)
        if action in (Action.AUTO_REPLY, Action.REMIND):
            # The same deadline again: there was trouble, or the worker's clock lags.
            told = standing.send_at if action is Action.AUTO_REPLY else standing.show_at
            self.not_before[action] = max(told or at, at + self._pause(action))

    def reset(self, standing: Standing, at: datetime) -> None:
        """Starts over from a fresh standing: pauses and failure counts are dropped."""
        self._remember(standing, at)
        self.tries.clear()
        self.troubles.clear()
        self.not_before.clear()
        self.is_read = False

    def _remember(self, standing: Standing, at: datetime) -> None:
        self.standing, self.since = standing, at

    def _wait_out(self, action: Action, standing: Standing, at: datetime) -> None:
        told = {Action.SHOW: standing.show_at, Action.ANSWER: standing.send_at}.get(action)
        if standing.trouble is None:
            for known in (self.tries, self.troubles, self.not_before):
                known.pop(action, None)
        else:
            self.troubles[action] = standing.trouble
            if standing.trouble not in IN_A_QUEUE:
                self.tries[action] = self.tries.get(action, 0) + 1
            told = max(told, at + AT_LEAST) if told else at + self._pause(action)
        if told is not None:
            self.not_before[action] = told

    def _pause(self, action: Action) -> timedelta:
        """Pause after failures if the activity names no time."""
        return pause_after(self.tries.get(action, 0) - 1)

    # Next action.

    def next(self) -> Todo | None:
        """The earliest action, possibly overdue; at the same moment the first news, then by preference."""
        return min(self._todos(), key=lambda todo: todo.at, default=None)

    def due(self, now: datetime) -> Action | None:
        todo = self.next()
        return todo.action if todo and todo.at <= now else None

    def next_at(self) -> datetime:
        """When the next action or the quiet end is due without further news."""
        todo = self.next()
        return todo.at if todo else self.since + QUIET

    def end(self, now: datetime) -> End | None:
        """The reason to end, or None to go on."""
        standing = self.standing
        if standing is None or self.next() is not None:
            return None
        if not standing.known:
            return End.UNKNOWN
        if standing.state.value == WorkflowStatus.CLOSED:
            return End.CLOSED
        return End.QUIET if now >= self.since + QUIET else None

    def _todos(self) -> Iterator[Todo]:
        for action, at in self.news.items():
            yield Todo(action, at)
        if self.standing is None or not self.standing.known:
            return
        for action, at in self._waiting(self.standing):
            if action not in self.news:
                yield Todo(action, max(at, self.not_before.get(action, at)))

    def _waiting(self, standing: Standing) -> Iterator[tuple[Action, datetime]]:
        if standing.to_show or Action.SHOW in self.not_before:  # what could not be read is in no row yet
            yield Action.SHOW, standing.show_at or self.since
        if standing.to_send:
            yield Action.ANSWER, standing.send_at or self.since
        if standing.auto_reply_at is not None:
            yield Action.AUTO_REPLY, standing.auto_reply_at
        if standing.remind_at is not None:
            yield Action.REMIND, standing.remind_at

    # Details.

    @property
    def status(self) -> WorkflowStatus:
        if any(count >= STUCK_AFTER for count in self.tries.values()):
            return WorkflowStatus.STUCK
        closed = self.standing is not None and self.standing.state.value == WorkflowStatus.CLOSED
        return WorkflowStatus.CLOSED if closed else WorkflowStatus.ACTIVE

    def sides(self) -> tuple[str, ...]:
        """Sides with news that no action has taken up, for the next run."""
        return tuple((Side.STAFF if action is Action.ANSWER else Side.BUYER).value for action in self.news)
