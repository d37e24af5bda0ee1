"""Webhooks of the stand-in for Avito: how an address is subscribed, and what it hears."""

from sandbox.faults import Fault
from tests.sandbox.avito_world import Heard, Seller, World


async def test_an_address_is_probed_with_a_form_before_it_is_taken(world: World, seller: Seller) -> None:
    assert (await seller.subscribe()).json() == {"ok": True}
    assert world.ear.heard == [Heard("application/x-www-form-urlencoded", b"{}")]
    listed = await seller.call("POST", "/messenger/v1/subscriptions")
    assert listed.json() == {"subscriptions": [{"url": f"{world.origin}/ear", "version": "3"}]}


async def test_an_address_that_does_not_answer_200_is_refused(world: World, seller: Seller) -> None:
    world.ear.status = 422
    assert (await seller.subscribe()).status_code == 400
    assert (await seller.subscribe("/nowhere")).status_code == 400
    assert (await seller.call("POST", "/messenger/v1/subscriptions")).json() == {"subscriptions": []}


async def test_an_address_that_is_silent_for_two_seconds_is_refused(world: World, seller: Seller) -> None:
    world.ear.silent = True
    assert (await seller.subscribe()).status_code == 400


async def test_a_buyers_message_and_its_echo_are_announced_as_avito_does(world: World, seller: Seller) -> None:
    await seller.subscribe()
    chat = await seller.chat()
    hers = await seller.hears(chat)
    own = (await seller.says(chat)).json()["id"]
    await world.play(f"/{seller.id}/chats/{chat}/as-seller", text="Пишу из приложения")
    await world.avito.hooks.settled()
    bought, echo, app = world.ear.hooks()
    assert (bought["id"], bought["author_id"]) == (hers, seller.seen(chat)["buyer_id"])
    assert (echo["id"], echo["author_id"], app["author_id"]) == (own, seller.id, seller.id)
    assert {hook["user_id"] for hook in (bought, echo, app)} == {seller.id}
    assert set(bought) == {
        *("id", "chat_id", "user_id", "author_id", "created", "published_at"),
        *("type", "chat_type", "content", "item_id", "read"),
    }
    assert (bought["chat_type"], bought["item_id"]) == ("u2i", seller.seen(chat)["item"]["id"])
    assert {one.content_type for one in world.ear.heard[1:]} == {"application/json"}
    assert (bought["created"], bought["published_at"]) == (1_800_000_000, "2027-01-15T08:00:00Z")


async def test_what_the_seller_writes_in_the_app_marks_the_chat_as_read(world: World, seller: Seller) -> None:
    chat = await seller.chat()
    await seller.hears(chat)
    await world.play(f"/{seller.id}/chats/{chat}/as-seller", text="Да")
    seen = seller.seen(chat)
    assert (seen["unread"], seen["posts"], [one["via"] for one in seen["messages"]]) == (0, 0, ["buyer", "app"])


async def test_a_second_subscription_is_added_and_an_unsubscribed_address_hears_no_more(
    world: World, seller: Seller
) -> None:
    await seller.subscribe()
    await seller.subscribe()
    await seller.subscribe("/ear?second")
    chat = await seller.chat()
    await seller.hears(chat)
    await world.avito.hooks.settled()
    assert len(world.ear.hooks()) == 2
    for url in (f"{world.origin}/ear", f"{world.origin}/ear?second"):
        gone = await seller.call("POST", "/messenger/v1/webhook/unsubscribe", json={"url": url})
        assert gone.json() == {"ok": True}
    await seller.hears(chat)
    await world.avito.hooks.settled()
    assert len(world.ear.hooks()) == 2


async def test_a_message_that_the_buyer_deletes_stays_as_deleted_and_is_announced(world: World, seller: Seller) -> None:
    await seller.subscribe()
    chat = await seller.chat()
    message = await seller.hears(chat)
    await world.play(f"/{seller.id}/chats/{chat}/messages/{message}/delete")
    await world.avito.hooks.settled()
    assert [(one["id"], one["type"]) for one in world.ear.hooks()] == [(message, "text"), (message, "deleted")]
    assert [one["type"] for one in await seller.listed(chat)] == ["deleted"]


async def test_an_early_echo_is_heard_before_the_answer(world: World, seller: Seller) -> None:
    await seller.subscribe()
    chat = await seller.chat()
    world.fail(Fault.EARLY_ECHO)
    sent = await seller.says(chat)
    assert [hook["id"] for hook in world.ear.hooks()] == [sent.json()["id"]]


async def test_a_lost_hook_is_never_heard_and_a_doubled_one_twice(world: World, seller: Seller) -> None:
    await seller.subscribe()
    chat = await seller.chat()
    world.fail(Fault.LOST_HOOKS, times=1)
    await seller.hears(chat, "раз")
    world.fail(Fault.DUPLICATE_HOOKS, times=1)
    await seller.hears(chat, "два")
    await world.avito.hooks.settled()
    assert [hook["content"]["text"] for hook in world.ear.hooks()] == ["два", "два"]
    assert [one["content"]["text"] for one in await seller.listed(chat)] == ["два", "раз"]
