"""Counts messages: rate, latency, and how many were lost, doubled or out of order."""

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MARK = "↻"
"""The mark of a copy that the product declares a possible repetition."""

_TAG = re.compile(r"<(\w+) (\d+)\.(\d+)>")


@dataclass(frozen=True, order=True)
class Tag:
    """Identifies a message by run, chat and number in the chat."""

    run: str
    chat: int
    number: int

    def text(self) -> str:
        return f"Здравствуйте! Вопрос по объявлению <{self.run} {self.chat}.{self.number}>"


@dataclass(frozen=True)
class Shown:
    """A message in a topic; `at` is in Unix seconds."""

    tag: Tag
    at: float
    marked: bool = False


@dataclass(frozen=True)
class Counts:
    """`rate` is in messages per second; `p50` and `p95` are milliseconds from the buyer's message to the topic."""

    sent: int
    lost: int
    doubled: int
    marked: int
    """Doubled messages with MARK."""
    disordered: int
    """First copies after a later message of their chat."""
    rate: float
    p50: float
    p95: float


def tags_in(text: str) -> Iterable[Tag]:
    return (Tag(run, int(chat), int(number)) for run, chat, number in _TAG.findall(text))


def count(sent: Mapping[Tag, float], shown: Iterable[Shown]) -> Counts:
    """`sent` has the time of each message; messages of other runs do not count."""
    copies = sorted((one for one in shown if one.tag in sent), key=lambda one: one.at)
    first: dict[Tag, Shown] = {}
    for one in copies:
        first.setdefault(one.tag, one)
    counts = Counter(one.tag for one in copies)
    doubled = [tag for tag, count in counts.items() if count > 1]
    marked = {one.tag for one in copies if one.marked}
    late = [(one.at - sent[tag]) * 1000 for tag, one in first.items()]
    span = max((one.at for one in first.values()), default=0.0) - min(sent.values(), default=0.0)
    return Counts(
        sent=len(sent),
        lost=len(sent) - len(first),
        doubled=len(doubled),
        marked=len(marked.intersection(doubled)),
        disordered=_disordered([one.tag for one in first.values()]),
        rate=len(first) / span if first and span > 0 else 0.0,
        p50=percentile(late, 0.5),
        p95=percentile(late, 0.95),
    )


def percentile(values: Sequence[float], part: float) -> float:
    """The `part` quantile; 0 without values."""
    if not values:
        return 0.0
    if part == 0.5:
        return statistics.median(values)
    return sorted(values)[min(len(values) - 1, round(len(values) * part))]


def _disordered(tags: Iterable[Tag]) -> int:
    latest: dict[int, int] = {}
    wrong = 0
    for tag in tags:
        wrong += tag.number < latest.get(tag.chat, -1)
        latest[tag.chat] = max(tag.number, latest.get(tag.chat, -1))
    return wrong
