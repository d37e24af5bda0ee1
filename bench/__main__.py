"""`python -m bench`: each wizard step over HTTP with 1, 16 and 64 callers, compared with bare updates."""

import asyncio
import statistics
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table

from bench.load import STEPS, Floor, Product, Times, lanes
from bench.product import Addresses, running

ROUNDS = 3
WALKS = {1: 8, 16: 32, 64: 64}
"""Walks (all steps of one client) of a round, by number of callers."""


async def measure(addresses: Addresses, console: Console) -> None:
    connector = aiohttp.TCPConnector(limit=100)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(60)) as http:
        product, floor = await Product.log_in(http, addresses), Floor(http, addresses)
        await _round(product, floor, 1, 3)
        for callers, walks in WALKS.items():
            mine: list[tuple[Times, float]] = []
            bare: list[tuple[Times, float]] = []
            for _ in range(ROUNDS):
                one, other = await _round(product, floor, callers, walks)
                mine.append(one)
                bare.append(other)
            _report(console, callers, walks, mine, bare)


async def _round(product: Product, floor: Floor, callers: int, walks: int) -> tuple[Any, Any]:
    """Measure product and floor in turn, so that changes of the machine's speed affect both."""
    clients = [await product.register() for _ in range(walks)]
    begun = [await floor.begin() for _ in range(walks)]
    await asyncio.sleep(0.5)
    mine = await lanes(lambda times: product.walk(clients.pop(), times), callers, walks)
    bare = await lanes(lambda times: floor.walk(begun.pop(), times), callers, walks)
    return mine, bare


def _report(
    console: Console, callers: int, walks: int, mine: list[tuple[Times, float]], bare: list[tuple[Times, float]]
) -> None:
    table = Table(title=f"{callers} callers, {ROUNDS} × {walks} walks")
    for name in ("step", "p50 ms", "p95 ms", "floor p50", "floor p95", "p50 ratio"):
        table.add_column(name, justify="left" if name == "step" else "right")
    for step in STEPS:
        times, floor = _all(mine, step), _all(bare, step)
        half = statistics.median(times) / statistics.median(floor)
        cells = (statistics.median(times), _p95(times), statistics.median(floor), _p95(floor))
        table.add_row(step, *(f"{cell:.1f}" for cell in cells), f"{half:.2f}")
    console.print(table)
    steps = walks * len(STEPS)
    rate = statistics.median(steps / seconds for _, seconds in mine)
    floor_rate = statistics.median(steps / seconds for _, seconds in bare)
    console.print(f"steps/s: {rate:.0f}, floor {floor_rate:.0f}, ratio {rate / floor_rate:.2f}\n")


def _all(rounds: list[tuple[Times, float]], step: str) -> list[float]:
    return [value for times, _ in rounds for value in times[step]]


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, round(len(values) * 0.95))]


def main() -> None:
    console = Console()
    console.print(
        "The floor: a FastAPI route that calls one update-with-start of a bare workflow with the same activities.\n"
    )
    with running() as addresses:
        asyncio.run(measure(addresses, console))


if __name__ == "__main__":
    main()
