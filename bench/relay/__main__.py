"""`python -m bench.relay`: compares the relay with its rivals, then measures conversations that wait for timers."""

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp

from bench.relay import report
from bench.relay.contestant import Contestant
from bench.relay.product import Product, environment_of
from bench.relay.rivals import MISSING, NO_QUEUE, Rival, has_queues, kinds
from bench.relay.run import Run, Scenario, Size
from bench.relay.sandbox import SandboxClient
from bench.relay.sleepers import Sleepers
from embedded.servers.sandbox import MASTER_BOT
from embedded.stack import Stack

KINDS = ("privet", "celery", "list", NO_QUEUE)
CONNECTIONS = 100
SECONDS = aiohttp.ClientTimeout(60)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.relay", description=__doc__)
    parser.add_argument("--chats", type=int, default=Size.chats)
    parser.add_argument("--messages", type=int, default=Size.messages)
    parser.add_argument("--paced", type=int, default=Size.paced, help="messages at an even pace, ten a second")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--scenarios", nargs="*", type=Scenario, choices=list(Scenario), default=list(Scenario))
    parser.add_argument("--sleepers", type=int, default=10_000, help="0: none")
    parser.add_argument("--due", type=int, default=500, help="how many of them are due at the same moment")
    return parser.parse_args()


async def relays(folder: Path, stack: Stack, http: aiohttp.ClientSession, chosen: argparse.Namespace) -> None:
    sandbox = SandboxClient(http, stack.sandbox.url)
    await sandbox.add_bot(MASTER_BOT)
    contestants: dict[str, Contestant] = {kind: Rival(kind, sandbox, folder) for kind in kinds()}
    contestants["privet"] = Product(http, stack, environment_of(stack), folder)
    run, outcomes = Run(sandbox, Size(chosen.chats, chosen.messages, chosen.paced)), []
    for scenario in chosen.scenarios:
        for kind in KINDS:
            if kind in chosen.only and kind in contestants and (kind, scenario) not in POINTLESS:
                print(f"{scenario}: {contestants[kind].name} …", flush=True)
                outcomes.append(await run.measure(contestants[kind], scenario))
    print(report.relays(outcomes), flush=True)


async def sleepers(folder: Path, stack: Stack, http: aiohttp.ClientSession, chosen: argparse.Namespace) -> None:
    sandbox, environment = SandboxClient(http, stack.sandbox.url), environment_of(stack)
    await sandbox.add_bot(MASTER_BOT)
    product = Product(http, stack, environment, folder)
    print(f"{chosen.sleepers} conversations …", flush=True)
    result = await Sleepers(sandbox, product, environment).measure(chosen.sleepers, chosen.due)
    print(report.sleepers(result), flush=True)


POINTLESS = {(NO_QUEUE, Scenario.FAULTS), (NO_QUEUE, Scenario.KILL)}
"""Without a queue, refused messages and those in progress are lost by design."""

Part = Callable[[Path, Stack, aiohttp.ClientSession, argparse.Namespace], Awaitable[None]]


def on_a_stack(part: Part, chosen: argparse.Namespace) -> None:
    """Run one part on a new stack, so that the memory of the servers is not affected by the other part."""

    async def measured(folder: Path, stack: Stack) -> None:
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        async with aiohttp.ClientSession(connector=connector, timeout=SECONDS) as http:
            await part(folder, stack, http, chosen)

    with tempfile.TemporaryDirectory() as name, Stack(Path(name), sandbox=True) as stack:
        asyncio.run(measured(Path(name), stack))


def main() -> None:
    chosen = arguments()
    if not has_queues():
        print(MISSING)
    if chosen.scenarios:
        on_a_stack(relays, chosen)
    if chosen.sleepers:
        on_a_stack(sleepers, chosen)


if __name__ == "__main__":
    main()
