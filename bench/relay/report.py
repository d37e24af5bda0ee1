"""Result tables in Markdown, for the terminal and docs/performance.md."""

from collections.abc import Iterable, Mapping, Sequence

from bench.relay.run import Outcome, Scenario
from bench.relay.sleepers import SleepersResult

TITLES = {
    Scenario.PLAIN: "Nothing goes wrong",
    Scenario.FAULTS: "Telegram answers every twentieth send with 429 (wait 1 s), every twentieth other one with 500",
    Scenario.BUSY: "Four busy loops beside it",
    Scenario.KILL: "`kill -9` of the worker when half of the messages are shown, started again after 1 s",
}

FLOOR = "floor: a bare workflow's activity begins"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with its first column aligned left, the others right."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def relays(outcomes: Sequence[Outcome]) -> str:
    parts = []
    for scenario in Scenario:
        found = [one for one in outcomes if one.scenario is scenario]
        if found:
            parts.append(f"{TITLES[scenario]}:\n\n{_counts(found)}")
    plain = [one for one in outcomes if one.scenario is Scenario.PLAIN]
    parts += [_pace(plain), _costs(plain)] if plain else []
    return "\n\n".join(parts)


def sleepers(result: SleepersResult) -> str:
    parts = ("temporal", "worker", "api", "postgres")
    rows = [
        ("opening one, CPU ms", *(f"{result.opening[name]:.1f}" for name in parts)),
        ("memory of one, KB", *(f"{result.memory[name]:.1f}" for name in parts)),
        ("idle, % of a core", *(f"{result.idle[name]:.1f}" for name in parts)),
        ("answering one, CPU ms", *(f"{result.answering[name]:.1f}" for name in parts)),
    ]
    return (
        f"{result.count} open conversations, each with a timer (opened at {result.per_second:.0f} a second):\n\n"
        f"{table(('', *parts), rows)}\n\n"
        f"{result.due} of them due at the same moment, {result.missing} not answered; milliseconds late:\n\n"
        f"{table(('', 'p50', 'p95', 'the last'), [_late('answered', result.late), _late(FLOOR, result.floor)])}"
    )


def _late(name: str, late: Sequence[float]) -> Sequence[str]:
    return (name, *(f"{value:.0f}" for value in late))


def _counts(outcomes: Sequence[Outcome]) -> str:
    heads = ("relay", "messages/s", "missing", "doubled (marked)", "out of order", "of", "bad calls")
    return table(heads, (_count(one) for one in outcomes))


def _count(one: Outcome) -> Sequence[str]:
    loaded = one.loaded
    doubled = f"{loaded.doubled} ({loaded.marked})" if loaded.doubled else "0"
    return (
        one.name,
        f"{loaded.rate:.0f}",
        str(loaded.lost),
        doubled,
        str(loaded.disordered),
        str(loaded.sent),
        str(one.violations),
    )


def _pace(outcomes: Sequence[Outcome]) -> str:
    heads = ("relay", "p50 ms", "p95 ms", "p50 in a burst", "p95 in a burst")
    rows = [
        (one.name, *(f"{value:.0f}" for value in (one.calm.p50, one.calm.p95, one.loaded.p50, one.loaded.p95)))
        for one in outcomes
        if one.calm is not None
    ]
    return f"From the buyer's message to the topic, at an even pace and in the burst:\n\n{table(heads, rows)}"


def _costs(outcomes: Sequence[Outcome]) -> str:
    heads = ("relay", "CPU ms a message", "of which", "memory MB")
    rows = [(one.name, f"{sum(one.cpu.values()):.1f}", _listed(one.cpu), _listed(one.memory, 0)) for one in outcomes]
    return f"What a message of the burst costs:\n\n{table(heads, rows)}"


def _listed(values: Mapping[str, float], digits: int = 1) -> str:
    return ", ".join(f"{name} {value:.{digits}f}" for name, value in values.items())
