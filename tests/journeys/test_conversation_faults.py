"""Whatever goes wrong outside: nothing is lost, the buyer gets nothing twice, order is kept on both sides."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.journeys.conversation_setup import ConnectedOrganisation
from tests.journeys.http_callers import good
from tests.journeys.message_tally import Result, all_arrived, buyer_speaks, speak, staff_speak
from tests.journeys.product import Product, eventually
from tests.journeys.sandbox_client import SandboxClient

TALKS, MESSAGES = 5, 10
AT_ONCE = 5
"""Shops whose world is broken at the same time, each in its own way: most of it is waiting."""

PATIENCE = 200.0
FIRST = 2
"""Messages before a fault that breaks what there is already."""


@dataclass(frozen=True)
class Broken:
    side: str
    fault: str
    every: int = 3
    times: int | None = None
    seconds: float = 1.0
    needs_topics: bool = False
    pays: bool = False
    """The owner has to do something about it."""

    @property
    def name(self) -> str:
        return f"{self.side}: {self.fault}"

    def place(self, organisation: ConnectedOrganisation) -> str:
        """What calls and webhooks of this shop alone have in their paths."""
        if self.fault.endswith(("-hooks", "-echo")) and self.side == "telegram":
            return f"{organisation.group_id}"
        return f"{organisation.user_id}" if self.side == "avito" else f"/{organisation.group_id}/"


BROKEN = (
    Broken("telegram", "too-many", times=10),
    Broken("telegram", "too-many-bare", times=10),
    Broken("telegram", "server-error"),
    Broken("telegram", "html"),
    Broken("telegram", "html-after"),
    Broken("telegram", "dropped"),
    Broken("telegram", "kicked", times=3),
    Broken("telegram", "topic-deleted", needs_topics=True),
    Broken("telegram", "topic-closed", needs_topics=True),
    Broken("telegram", "group-migrated", needs_topics=True),
    Broken("telegram", "duplicate-hooks"),
    Broken("telegram", "late-hooks", seconds=0.2),
    Broken("avito", "too-many", every=4),
    Broken("avito", "too-many-bare", every=5),
    # Nobody knows whether it was done: each of these costs a conversation half a minute of looking.
    Broken("avito", "server-error", times=10),
    Broken("avito", "html", times=10),
    Broken("avito", "html-after"),
    Broken("avito", "dropped"),
    Broken("avito", "late-lists", seconds=2.0),
    # One that has just been made and is refused already means something else: the key's rights.
    Broken("avito", "expired-token", every=20, times=5),
    Broken("avito", "payment-required", every=20, needs_topics=True, pays=True),
    Broken("avito", "early-echo", every=1),
    Broken("avito", "duplicate-hooks"),
    Broken("avito", "lost-hooks", every=2),
    Broken("avito", "late-hooks"),
    Broken("avito", "reordered-hooks"),
)


@dataclass(frozen=True)
class Outcome:
    struck: int
    result: Result


@pytest.fixture(scope="module", autouse=True)
async def outcomes(
    product: Product, sandbox_client: SandboxClient, in_doubt: asyncio.Task[list[str]]
) -> AsyncIterator[Mapping[str, asyncio.Task[Outcome]]]:
    """All of them under way, some at a time; whoever asks for one waits for it."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def taking_turns(broken: Broken) -> Outcome:
        async with turns:
            return await live_through(product, sandbox_client, broken)

    tasks = {broken.name: asyncio.create_task(taking_turns(broken)) for broken in BROKEN}
    yield tasks
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    await sandbox_client.mend()


async def live_through(product: Product, sandbox_client: SandboxClient, broken: Broken) -> Outcome:
    async with ConnectedOrganisation(product, sandbox_client) as organisation:
        await organisation.connect()
        talks = await organisation.chats(TALKS)
        before = FIRST if broken.needs_topics else 0
        await asyncio.gather(*(speak(chat, before) for chat in talks))
        place = broken.place(organisation)
        how = {"every": broken.every, "times": broken.times, "seconds": broken.seconds, "path": place}
        await sandbox_client.break_(broken.side, broken.fault, **how)
        if broken.fault == "group-migrated":
            # Telegram keeps order within a group, and this one is two: nobody writes in both at the same time.
            await asyncio.gather(*(buyer_speaks(chat, MESSAGES - before, before) for chat in talks))
            await eventually(lambda: moved(organisation), "the group is another one")
            await asyncio.gather(*(staff_speak(chat, MESSAGES - before, before) for chat in talks))
        else:
            await asyncio.gather(*(speak(chat, MESSAGES - before, before) for chat in talks))
        struck = await pay(organisation) if broken.pays else 0
        result = await all_arrived(talks, MESSAGES, PATIENCE)
        return Outcome(struck or await sandbox_client.struck(place), result)


async def moved(organisation: ConnectedOrganisation) -> bool:
    group = await organisation.sandbox_client.group(organisation.group_id)
    return bool(group["chat_id"] != organisation.group_id)


async def pay(organisation: ConnectedOrganisation) -> int:
    """He is told what is wrong, sets it right, and says so: otherwise it is tried again after minutes.

    How often Avito has refused until then.
    """

    async def blocked() -> bool:
        [account] = await organisation.manager_app.get("/avito/accounts")
        return account["status"] == "blocked" and "подписк" in account["status_reason"].lower()

    await eventually(blocked, "the account is said to need a subscription")
    struck = await organisation.sandbox_client.struck(f"{organisation.user_id}")
    await organisation.sandbox_client.mend("avito", "payment-required")
    good(
        await organisation.manager_app.ask(
            "PATCH", f"/api/avito/accounts/{organisation.account['id']}", {"monitoring_enabled": True}
        )
    )
    return struck


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [broken.name for broken in BROKEN])
async def test_nothing_is_lost_or_said_twice_under(name: str, outcomes: Mapping[str, asyncio.Task[Outcome]]) -> None:
    outcome = await outcomes[name]
    assert outcome.struck > 0
    assert outcome.result.wrong == {}


@pytest.mark.timeout(300)
async def test_what_nobody_knows_the_end_of_is_left_to_a_person_who_sends_it_again(
    in_doubt: asyncio.Task[list[str]],
) -> None:
    assert await in_doubt == ["До этого", "Да!", "После этого"]


@pytest.fixture(scope="module")
async def in_doubt(product: Product, sandbox_client: SandboxClient) -> AsyncIterator[asyncio.Task[list[str]]]:
    """Takes a minute: begun together with the others."""
    await sandbox_client.begin()
    task = asyncio.create_task(doubt(product, sandbox_client))
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def doubt(product: Product, sandbox_client: SandboxClient) -> list[str]:
    """What the buyer has in the end."""
    async with ConnectedOrganisation(product, sandbox_client) as organisation:
        await organisation.connect()
        chat = await organisation.chat("Ольга")
        await chat.says("Здравствуйте")
        await chat.writes("До этого")
        await chat.gets("До этого")
        place = f"POST /messenger/v1/accounts/{organisation.user_id}/chats/{chat.chat_id}/messages"
        await sandbox_client.break_("avito", "server-error", times=2, path=place)
        number = await chat.writes("Да!")

        async def failed() -> Any:
            return [one for one in (await chat.detail())["messages"] if one["status"] == "failed"]

        [message] = await eventually(failed, "nobody knows whether the answer has arrived", PATIENCE, pause=0.5)
        assert "неизвестно, дошло ли" in message["failure"]
        await chat.shows("неизвестно, дошло ли")
        await organisation.settled()
        [own] = [post for post in (await chat.topic())["messages"] if post["message_id"] == number]
        assert own["reactions"] == ["🤔"]
        good(await organisation.manager_app.ask("POST", f"/api/dialogs/{(await chat.dialog())['id']}/retry"))
        await chat.gets("Да!")
        await chat.writes("После этого")
        await chat.gets("После этого")
        await organisation.settled()
        return [one["text"] for one in await chat.received()]


async def test_nothing_was_asked_that_the_published_services_refuse(
    sandbox_client: SandboxClient, outcomes: Mapping[str, asyncio.Task[Outcome]]
) -> None:
    await asyncio.gather(*outcomes.values())
    assert await sandbox_client.violations() == []
