"""Five conversations of ten messages both ways, of every kind there is: each arrives once, whole and in order."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.journeys.conversation_setup import BuyerChat, ConnectedOrganisation, is_card, text_of
from tests.journeys.message_kinds import BUYER, Got, Shown, Told, is_shown
from tests.journeys.product import Product, eventually
from tests.journeys.sandbox_client import SandboxClient
from tests.journeys.staff_message_kinds import CANNED, STAFF

TALKS, MESSAGES = 5, 10
FIRST = "Добрый день!"


@dataclass(frozen=True)
class Said:
    """One conversation when it is over: what was to be seen, and where to look."""

    chat: BuyerChat
    shown: list[Shown]
    got: list[Got]
    told: list[Told]


@pytest.fixture(scope="module")
async def said(product: Product, sandbox_client: SandboxClient) -> AsyncIterator[list[Said]]:
    await sandbox_client.begin()
    async with ConnectedOrganisation(product, sandbox_client) as organisation:
        await organisation.connect()
        await organisation.change(canned_replies=CANNED)
        talks = await organisation.chats(TALKS)
        found = await asyncio.gather(*(converse(chat, number) for number, chat in enumerate(talks)))
        await eventually(lambda: all_there(found), "everything arrives")
        await organisation.settled()
        await organisation.swept()
        yield found


async def converse(chat: BuyerChat, number: int) -> Said:
    """Each conversation begins elsewhere in the list of kinds; both sides write at the same time."""
    await chat.says(FIRST)
    await chat.shows(FIRST)

    async def buyer() -> list[Shown]:
        seen = [Shown("text", FIRST)]
        for turn in range(MESSAGES):
            act = BUYER[(number * 3 + turn) % len(BUYER)]
            seen += await act(chat, f"[б{number}{turn}]")
        return seen

    async def staff() -> tuple[list[Got], list[Told]]:
        got: list[Got] = []
        told: list[Told] = []
        for turn in range(MESSAGES):
            act = STAFF[(number * 5 + turn) % len(STAFF)]
            more, answers = await act(chat, f"[с{number}{turn}]")
            got, told = got + more, told + answers
        return got, told

    shown, (got, told) = await asyncio.gather(buyer(), staff())
    return Said(chat, shown, got, told)


async def all_there(found: Sequence[Said]) -> bool:
    for one in found:
        if len(of_buyer(await messages(one.chat))) < len(one.shown):
            return False
        if len(await one.chat.received()) < len(one.got):
            return False
    return True


async def messages(chat: BuyerChat) -> list[Mapping[str, Any]]:
    """All that stands in the topic, the staff's own as well."""
    return list((await chat.topic())["messages"])


def of_buyer(posts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The bot's posts that speak for the buyer: no card, no reply to the staff."""
    staff = {post["message_id"] for post in posts if not post["by_bot"]}
    return [
        post
        for post in posts
        if post["by_bot"] and post["kind"] != "service" and not is_card(post) and post["reply_to"] not in staff
    ]


def test_every_kind_is_said_by_somebody() -> None:
    assert {(number * 3 + turn) % len(BUYER) for number in range(TALKS) for turn in range(MESSAGES)} == set(
        range(len(BUYER))
    )
    assert {(number * 5 + turn) % len(STAFF) for number in range(TALKS) for turn in range(MESSAGES)} == set(
        range(len(STAFF))
    )


async def test_the_topic_shows_each_message_of_the_buyer_once_and_in_order(said: list[Said]) -> None:
    for one in said:
        there = await messages(one.chat)
        by_id = {post["message_id"]: post for post in there}
        posts = of_buyer(there)
        wrong = [
            (wanted, post["kind"], text_of(post)[:80])
            for wanted, post in zip(one.shown, posts, strict=False)
            if not is_shown(wanted, post, by_id)
        ]
        assert wrong == []
        assert len(posts) == len(one.shown)


async def test_the_buyer_gets_each_answer_once_and_in_order(said: list[Said], sandbox_client: SandboxClient) -> None:
    images = (await sandbox_client.get("/state"))["images"]
    for one in said:
        assert read(await one.chat.received(), one.got, images) == one.got


def read(received: Sequence[Mapping[str, Any]], wanted: Sequence[Got], images: Mapping[str, Any]) -> list[Got]:
    """What came, with the parts of a long text put together where one is due."""
    found: list[Got] = []
    left = list(received)
    while left:
        one = left.pop(0)
        due = wanted[len(found)] if len(found) < len(wanted) else Got("nothing")
        if one["type"] == "image":
            [image_id] = {url.split("/images/")[1].split("/")[0] for url in one["content"]["image"]["sizes"].values()}
            found.append(Got("image", sha256=images[image_id]["sha256"] if due.sha256 else ""))
            continue
        text = one["text"]
        while left and text != due.text and due.text.startswith(text + " "):
            text = f"{text} {left.pop(0)['text']}"
        found.append(Got(one["type"], text))
    return found


async def test_the_staff_are_told_what_came_of_each_message(said: list[Said]) -> None:
    for one in said:
        there = await messages(one.chat)
        for told in one.told:
            [own] = [post for post in there if post["message_id"] == told.message_id]
            answers = [text_of(post) for post in there if post["by_bot"] and post["reply_to"] == told.message_id]
            assert own["reactions"] == [told.reaction] * bool(told.reaction)
            assert len(answers) == bool(told.words), (told, answers)
            assert all(told.words in words for words in answers), (told, answers)


async def test_nothing_was_asked_that_the_published_services_refuse(
    said: list[Said], sandbox_client: SandboxClient
) -> None:
    assert await sandbox_client.violations() == []
