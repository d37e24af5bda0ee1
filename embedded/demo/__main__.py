"""`python -m embedded.demo`: five onboardings against a running `make up`, with progress and step latencies."""

import asyncio
import os
import random
import sys
from collections import defaultdict

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from embedded.config import BadSetting, UpConfig
from embedded.demo.onboarding import STEPS, Finished, Onboarding, Refused, accepted
from embedded.demo.people import Person, invent
from embedded.demo.photos import photo
from embedded.demo.report import latencies, links

CLIENTS = 5
MANAGER = {"email": "manager@example.com", "password": "ChangeMe123"}
"""The demo account that the seed adds to the embedded database."""


async def run(app_url: str, sandbox: str, console: Console) -> tuple[list[Finished], dict[str, list[float]]]:
    """Raises Refused, and httpx.HTTPError when the API does not answer."""
    chance = random.Random()  # noqa: S311 - invented people
    seconds: dict[str, list[float]] = defaultdict(list)
    finished = []
    async with httpx.AsyncClient(base_url=app_url, trust_env=False, timeout=60) as http:
        login = await http.post("/api/manager/auth/login", json=MANAGER)
        accepted(login, "manager log-in")
        with progress(console) as bar:
            for _ in range(CLIENTS):
                token = login.json()["access_token"]
                finished.append(await onboard(http, sandbox, token, invent(chance), seconds, bar, chance))
    return finished, seconds


async def onboard(
    http: httpx.AsyncClient,
    sandbox: str,
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

    finished = await Onboarding(http, manager, person, timed, sandbox).run(photos)
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


def main() -> None:
    console = Console()
    try:
        config = UpConfig.read(os.environ)
        finished, seconds = asyncio.run(run(config.app_url, config.sandbox_url, console))
    except httpx.ConnectError:
        sys.exit(f"privet: nothing answers on {config.app_url}: start `make up` first")
    except (Refused, BadSetting) as error:
        sys.exit(f"privet: {error}")
    console.print(latencies(seconds))
    for line in links(config, finished):
        console.print(line, soft_wrap=True, highlight=False)
    for line in (
        "The PDF links hold for five minutes; the QR code of a certificate leads to the public page that verifies it.",
        "To read payloads in the Web UI, log in as the manager and do what that page says:",
        f"  {config.app_url}/codec/login",
    ):
        console.print(line, soft_wrap=True, highlight=False)


if __name__ == "__main__":
    main()
