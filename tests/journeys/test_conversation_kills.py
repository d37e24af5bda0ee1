"""kill -9 of the worker and of the API in the middle of twenty conversations: nothing is lost, doubled or mixed up."""

import asyncio
from collections.abc import Sequence
from random import Random

import pytest

from tests.journeys.conversation_setup import BuyerChat, ConnectedOrganisation
from tests.journeys.message_tally import Result, all_arrived, at_buyer, in_topic, speak
from tests.journeys.product import Product, eventually
from tests.journeys.sandbox_client import SandboxClient

TALKS, MESSAGES = 20, 20
ALL = TALKS * MESSAGES * 2
SEED = 20261
PATIENCE = 150.0


def plan(seed: int) -> list[tuple[int, str]]:
    """At how many messages arrived which process dies; each dies several times, and dies early and late."""
    chance = Random(seed)
    victims = ["conversations", "api"] * 3
    chance.shuffle(victims)
    moments = sorted(chance.sample(range(ALL // 40, ALL * 9 // 10), len(victims)))
    return list(zip(moments, victims, strict=True))


@pytest.mark.timeout(300)
async def test_conversations_go_on_whatever_dies(
    product: Product, organisation: ConnectedOrganisation, sandbox_client: SandboxClient
) -> None:
    await organisation.connect()
    talks = await organisation.chats(TALKS)
    killing = asyncio.create_task(kill(product, talks, plan(SEED)))
    await asyncio.gather(*(speak(chat, MESSAGES) for chat in talks))
    assert await killing == len(plan(SEED))
    assert await all_arrived(talks, MESSAGES, PATIENCE) == Result({})
    assert await sandbox_client.violations() == []
    assert product.deaths == []


async def kill(product: Product, talks: Sequence[BuyerChat], deaths: Sequence[tuple[int, str]]) -> int:
    """How many died; each is started again before the next one's turn."""
    done = 0
    for moment, victim in deaths:

        async def reached(moment: int = moment) -> bool:
            return await arrived(talks) >= moment

        await eventually(reached, f"{moment} messages arrive", PATIENCE, pause=0.1)
        await product.do(product.kill, victim)
        await product.do(product.start, victim)
        done += 1
    return done


async def arrived(talks: Sequence[BuyerChat]) -> int:
    organisation = talks[0].organisation
    account, topics = await organisation.sandbox_client.account(organisation.user_id), await organisation.topics()
    got = [one for chat in account["chats"] for one in chat["messages"] if one["via"] == "api"]
    return len(at_buyer(got)) + sum(len(in_topic(chat.posts_in(topics))) for chat in talks)
