"""Chats and messages as the stand-in for Avito lists them, and how they become read."""

import pytest

from tests.sandbox.avito_world import Seller, World


async def test_only_chats_about_items_are_listed_unless_others_are_asked_for(seller: Seller) -> None:
    about_item, about_profile = await seller.chat(), await seller.chat(kind="u2u")
    with_avito = await seller.chat(kind="a2u")
    assert await seller.chats() == [about_item]
    assert await seller.chats("?chat_types=u2i,u2u") == [about_profile, about_item]
    assert await seller.chats("?chat_types=u2i&chat_types=a2u") == [with_avito, about_item]
    assert (await seller.call("GET", "/messenger/v2/accounts/ME/chats?chat_types=u2x")).status_code == 400


async def test_the_chat_that_changed_last_comes_first_and_lists_are_paged(seller: Seller) -> None:
    chats = [await seller.chat() for _ in range(3)]
    await seller.hears(chats[1])
    assert await seller.chats() == [chats[1], chats[2], chats[0]]
    assert await seller.chats("?limit=1&offset=1") == [chats[2]]
    assert await seller.chats("?unread_only=true") == [chats[1]]
    item = seller.seen(chats[0])["item"]["id"]
    assert await seller.chats(f"?item_ids=5,{item}") == [chats[0]]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=ten", "offset=1001", "offset=-1", "item_ids=x"])
async def test_a_page_outside_of_the_published_limits_is_refused(world: World, seller: Seller, query: str) -> None:
    refused = await seller.call("GET", f"/messenger/v2/accounts/ME/chats?{query}")
    name = query.split("=")[0]
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, [name])
    assert len(world.violations()) == 1


async def test_a_chat_tells_its_item_its_users_and_its_last_message(seller: Seller) -> None:
    item = {
        "title": "iPhone 13",
        "price_string": "41 000 ₽",
        "url": "https://avito.ru/kazan/iphone_5",
        "city": "Казань",
    }
    chat = await seller.chat(chat_id="u2i-a~b=", buyer_name="Ольга", item=item)
    message = await seller.hears(chat, "Торг уместен?")
    shown = await seller.get("/messenger/v2/accounts/ME/chats/u2i-a~b%3D")
    value = shown["context"]["value"]
    assert (value["title"], value["price_string"], value["user_id"]) == ("iPhone 13", "41 000 ₽", seller.id)
    assert value["location"] == {"title": "Казань"}
    assert {user["name"] for user in shown["users"]} == {"Ольга", "Веломир"}
    buyer = next(user["id"] for user in shown["users"] if user["id"] != seller.id)
    assert buyer > 2**31
    last = shown["last_message"]
    assert (last["id"], last["author_id"], last["direction"]) == (message, buyer, "in")
    assert last["content"] == {"text": "Торг уместен?"}


async def test_a_chat_about_a_profile_has_no_item_and_an_unknown_chat_is_not_there(seller: Seller) -> None:
    chat = await seller.chat(kind="u2u")
    assert "context" not in await seller.get(f"/messenger/v2/accounts/ME/chats/{chat}")
    assert (await seller.call("GET", "/messenger/v2/accounts/ME/chats/u2i-none")).status_code == 404


async def test_messages_come_newest_first_in_pages_and_stay_unread(seller: Seller) -> None:
    chat = await seller.chat()
    ids = [await seller.hears(chat, str(number)) for number in range(5)]
    listed = await seller.listed(chat)
    assert [message["id"] for message in listed] == ids[::-1]
    assert [message["id"] for message in await seller.listed(chat, "?limit=2&offset=1")] == [ids[3], ids[2]]
    assert not any(message["is_read"] for message in listed)
    assert await seller.chats("?unread_only=true") == [chat]


@pytest.mark.parametrize(("shape", "kind"), [("array", list), ("object", dict)])
async def test_messages_are_listed_in_either_of_two_shapes(world: World, shape: str, kind: type) -> None:
    seller = await world.seller(list_shape=shape)
    chat = await seller.chat()
    assert isinstance(await seller.get(f"/messenger/v3/accounts/ME/chats/{chat}/messages/"), kind)


async def test_by_default_the_two_shapes_take_turns(seller: Seller) -> None:
    shapes = [await seller.get(f"/messenger/v3/accounts/ME/chats/{await seller.chat()}/messages/") for _ in range(4)]
    assert shapes == [[], {"messages": []}, [], {"messages": []}]


@pytest.mark.parametrize("kind", ["file", "video", "appCall", "somethingNew"])
async def test_what_avito_does_not_give_away_comes_empty(seller: Seller, kind: str) -> None:
    chat = await seller.chat()
    await seller.hears(chat, type=kind)
    assert [(one["type"], one["content"]) for one in await seller.listed(chat)] == [(kind, {})]


@pytest.mark.parametrize("kind", ["link", "item", "location", "call", "image", "voice"])
async def test_each_kind_of_message_has_its_own_content(world: World, kind: str) -> None:
    seller = await world.seller(list_shape="object")
    chat = await seller.chat()
    await seller.hears(chat, type=kind)
    [message] = await seller.listed(chat)
    assert (message["type"], list(message["content"])) == (kind, [kind])


async def test_in_one_of_the_shapes_every_other_key_of_the_content_is_null(world: World) -> None:
    seller = await world.seller(list_shape="array")
    chat = await seller.chat()
    await seller.hears(chat, "Торг?")
    [message] = await seller.listed(chat)
    nulls = {"call", "flow_id", "image", "item", "link", "location", "voice"}
    assert message["content"] == dict.fromkeys(nulls) | {"text": "Торг?"}


async def test_older_messages_are_there_from_the_start_with_who_read_them(seller: Seller) -> None:
    await seller.subscribe()
    old = [
        {"text": "Второе", "author": "seller", "seconds_ago": 60, "seen": False},
        {"text": "Первое", "seconds_ago": 120},
        {"text": "Третье", "seconds_ago": 30, "is_read": False},
    ]
    chat = await seller.chat(messages=old)
    told = [(one["content"]["text"], one["is_read"], one["read"]) for one in await seller.listed(chat)]
    assert told == [("Третье", False, None), ("Второе", True, None), ("Первое", True, None)]
    assert seller.seen(chat)["unread"] == 1
    await seller.world.avito.hooks.settled()
    assert seller.world.ear.hooks() == []


async def test_a_quote_is_shown_with_what_it_quotes(seller: Seller) -> None:
    chat = await seller.chat()
    first = await seller.hears(chat, "Синий есть?")
    await seller.hears(chat, "Так есть?", quote_id=first)
    newest, oldest = await seller.listed(chat)
    assert (newest["quote"]["id"], newest["quote"]["content"]["text"]) == (first, "Синий есть?")
    assert "quote" not in oldest


async def test_reading_marks_the_whole_chat_and_the_buyers_reading_marks_what_was_sent(
    world: World, seller: Seller
) -> None:
    chat = await seller.chat()
    await seller.hears(chat)
    await seller.hears(chat)
    await seller.says(chat)
    assert (await seller.call("POST", f"/messenger/v1/accounts/ME/chats/{chat}/read")).json() == {"ok": True}
    assert all(message["is_read"] for message in await seller.listed(chat))
    assert await seller.chats("?unread_only=true") == []
    assert (await seller.listed(chat))[0]["read"] is None
    await world.play(f"/{seller.id}/chats/{chat}/read")
    assert (await seller.listed(chat))[0]["read"] == int(world.clock())
