"""`make demo`: five onboardings over HTTP against a running `make up`, with progress and the latency of each step."""

import asyncio
import os
import random
import statistics
import sys
from collections import defaultdict

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from embedded.config import BadSetting, UpConfig
from embedded.demo_people import Person, invent
from embedded.demo_photos import photo
from embedded.demo_walk import STEPS, Finished, Refused, Walk, accepted

CLIENTS = 5
MANAGER = {"email": "manager@example.com", "password": "ChangeMe123"}
"""The demo login that the seed makes in the embedded database."""


async def run(app_url: str, console: Console) -> tuple[list[Finished], dict[str, list[float]]]:
    """Raises Refused, and httpx.HTTPError when nothing answers."""
    chance = random.Random()  # noqa: S311 - invented people
    seconds: dict[str, list[float]] = defaultdict(list)
    finished = []
    async with httpx.AsyncClient(base_url=app_url, trust_env=False, timeout=60) as http:
        login = await http.post("/api/manager/auth/login", json=MANAGER)
        accepted(login, "manager log-in")
        with progress(console) as bar:
            for _ in range(CLIENTS):
                finished.append(await one(http, login.json()["access_token"], invent(chance), seconds, bar, chance))
    return finished, seconds


async def one(
    http: httpx.AsyncClient,
    manager: str,
    person: Person,
    seconds: dict[str, list[float]],
    bar: Progress,
    chance: random.Random,
) -> Finished:
    task = bar.add_task(person.name, total=len(STEPS), step="photos")
    titles = ["Паспорт", *(title for _, title in person.devices)]
    photos = [await asyncio.to_thread(photo, title, chance) for title in titles]

    def timed(step: str, took: float) -> None:
        seconds[step].append(took)
        bar.update(task, advance=1, step=step)

    finished = await Walk(http, manager, person, timed).walk(photos)
    bar.update(task, step=f"{finished.status}, {finished.contract_number}")
    return finished


def progress(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description:<22}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[step]}"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console)


def latencies(seconds: dict[str, list[float]]) -> Table:
    table = Table(title="Step latencies, ms", title_justify="left")
    table.add_column("step")
    for name in ("times", "p50", "p95"):
        table.add_column(name, justify="right")
    for step, values in seconds.items():
        milliseconds = sorted(value * 1000 for value in values)
        table.add_row(
            step, str(len(values)), f"{statistics.median(milliseconds):.0f}", f"{percentile_95(milliseconds):.0f}"
        )
    return table


def percentile_95(values: list[float]) -> float:
    """Of sorted values, by the nearest rank."""
    return values[max(0, -(-len(values) * 95 // 100) - 1)]


def where_to_look(config: UpConfig, finished: list[Finished]) -> list[str]:
    """Links on lines of their own: a folded one cannot be clicked."""
    ui = f"http://{config.reach}:{config.ports['TEMPORAL_UI_PORT']}/namespaces/default/workflows"
    return [
        f"{one.name}, {one.contract_number}, {one.status}\n"
        f"  workflow     {ui}/onboarding-{one.client_id}\n"
        f"  contract     {one.contract_url}\n"
        f"  certificate  {one.certificate_url}"
        for one in finished
    ]


def main() -> None:
    console = Console()
    try:
        config = UpConfig.read(os.environ)
        finished, seconds = asyncio.run(run(config.app_url, console))
    except httpx.ConnectError:
        sys.exit(f"privet: nothing answers on {config.app_url}: start `make up` first")
    except (Refused, BadSetting) as error:
        sys.exit(f"privet: {error}")
    console.print(latencies(seconds))
    for line in where_to_look(config, finished):
        console.print(line, soft_wrap=True, highlight=False)
    for line in (
        "The PDF links hold for five minutes; the QR code of a certificate leads to the public page that verifies it.",
        "To read payloads in the Web UI, log in as the manager and do what that page says:",
        f"  {config.app_url}/codec/login",
    ):
        console.print(line, soft_wrap=True, highlight=False)


if __name__ == "__main__":
    main()
