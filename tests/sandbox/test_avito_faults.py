"""The stand-in for Avito fails in the ways that Avito may."""

import httpx
import pytest

from sandbox.faults import Fault
from tests.sandbox.avito_world import Seller, World


@pytest.mark.parametrize(
    ("fault", "status", "page"),
    [
        (Fault.TOO_MANY, 429, False),
        (Fault.TOO_MANY_BARE, 429, True),
        (Fault.SERVER_ERROR, 500, False),
        (Fault.HTML, 502, True),
        (Fault.PAYMENT_REQUIRED, 402, False),
    ],
)
async def test_a_fault_before_the_work_leaves_no_message(
    world: World, seller: Seller, fault: Fault, status: int, page: bool
) -> None:
    chat = await seller.chat()
    world.fail(fault, path="/messages", times=1, seconds=3)
    failed = await seller.says(chat)
    assert (failed.status_code, failed.headers["content-type"].startswith("text/html")) == (status, page)
    assert failed.headers.get("retry-after") == ("3" if fault is Fault.TOO_MANY else None)
    assert page or failed.json()["error"]["code"] == status
    assert (await seller.says(chat)).status_code == 200
    seen = seller.seen(chat)
    assert (len(seen["messages"]), seen["posts"], seen["attempts"]) == (1, 1, 2)


async def test_a_page_after_the_work_hides_that_the_message_was_sent(world: World, seller: Seller) -> None:
    await seller.subscribe()
    chat = await seller.chat()
    world.fail(Fault.HTML_AFTER, path="/messages")
    assert (await seller.says(chat)).status_code == 502
    await world.avito.hooks.settled()
    assert (seller.seen(chat)["posts"], len(world.ear.hooks())) == (1, 1)


async def test_a_dropped_connection_hides_that_the_message_was_sent(world: World, seller: Seller) -> None:
    await seller.subscribe()
    chat = await seller.chat()
    world.fail(Fault.DROPPED, path="/messages")
    with pytest.raises(httpx.TransportError):
        await seller.says(chat)
    await world.avito.hooks.settled()
    assert (seller.seen(chat)["posts"], len(world.ear.hooks())) == (1, 1)


async def test_an_own_message_may_be_missing_in_the_list_for_a_while(world: World, seller: Seller) -> None:
    chat = await seller.chat()
    await seller.hears(chat)
    world.fail(Fault.LATE_LISTS, seconds=10)
    sent = (await seller.says(chat)).json()["id"]
    world.clock.advance(9.9)
    assert [one["direction"] for one in await seller.listed(chat)] == ["in"]
    assert (await seller.get(f"/messenger/v2/accounts/ME/chats/{chat}"))["last_message"]["direction"] == "in"
    world.clock.advance(0.1)
    assert (await seller.listed(chat))[0]["id"] == sent


async def test_the_headers_tell_the_rate_and_the_call_over_it_is_refused_until_the_next_minute(
    world: World, seller: Seller
) -> None:
    await world.play(f"/{seller.id}/limit", per_minute=2)
    answers = [await seller.call("GET", "/core/v1/accounts/self") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert answers[0].headers["x-ratelimit-limit"] == "2"
    world.clock.advance(int(answers[2].headers["retry-after"]))
    assert (await seller.call("GET", "/core/v1/accounts/self")).status_code == 200
