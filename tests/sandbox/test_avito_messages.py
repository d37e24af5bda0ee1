"""What is written in a chat of the stand-in for Avito: taken, refused, deleted, and written no more by the blocked."""

from typing import Any

import pytest

from tests.sandbox.avito_world import HOUR, Seller, World


async def test_a_text_reaches_the_chat_once_and_is_answered_with_its_id(seller: Seller) -> None:
    chat = await seller.chat()
    sent = (await seller.says(chat, "Да, продаю")).json()
    assert set(sent) == {"id", "created", "direction", "type", "content"}
    assert (sent["direction"], sent["type"], sent["content"]) == ("out", "text", {"text": "Да, продаю"})
    [message] = await seller.listed(chat)
    assert (message["id"], message["author_id"], message["direction"]) == (sent["id"], seller.id, "out")
    seen = seller.seen(chat)
    assert (seen["posts"], seen["attempts"]) == (1, 1)
    assert [(one["text"], one["author"], one["via"]) for one in seen["messages"]] == [("Да, продаю", "Веломир", "api")]


async def test_a_sent_address_comes_back_as_a_link_with_the_text(world: World) -> None:
    seller = await world.seller(list_shape="object")
    chat = await seller.chat()
    text = "Смотрите: https://example.com/velo — там фото"
    assert (await seller.says(chat, text)).json()["type"] == "text"
    [message] = await seller.listed(chat)
    assert (message["type"], message["content"]["link"]["text"]) == ("link", text)
    assert seller.seen(chat)["messages"][0]["text"] == text


@pytest.mark.parametrize("text", ["", "  \n", "я" * 1001, "😀" * 501])
async def test_an_empty_or_a_too_long_text_is_refused(world: World, seller: Seller, text: str) -> None:
    chat = await seller.chat()
    assert (await seller.says(chat, text)).status_code == 400
    assert (seller.seen(chat)["messages"], len(world.violations())) == ([], 1)


@pytest.mark.parametrize("text", ["я" * 1000, "😀" * 500])
async def test_a_text_of_a_thousand_is_taken(world: World, seller: Seller, text: str) -> None:
    chat = await seller.chat()
    assert (await seller.says(chat, text)).status_code == 200
    assert world.violations() == []


@pytest.mark.parametrize(
    "how",
    [
        {"json": {"message": {"text": "Да"}}},
        {"json": {"message": {"text": "Да"}, "type": "image"}},
        {"json": {"text": "Да", "type": "text"}},
        {"json": {"message": {"text": 5}, "type": "text"}},
        {"content": b"not json", "headers_type": "application/json"},
        {"data": {"message": "Да", "type": "text"}},
    ],
)
async def test_a_body_that_the_schema_does_not_know_is_refused_and_noted(
    world: World, seller: Seller, how: dict[str, Any]
) -> None:
    chat = await seller.chat()
    path = f"{world.origin}/messenger/v1/accounts/{seller.id}/chats/{chat}/messages"
    headers = {"Authorization": f"Bearer {seller.token}"}
    if content_type := how.pop("headers_type", None):
        headers["Content-Type"] = content_type
    refused = await world.http.post(path, headers=headers, **how)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, 400)
    assert (seller.seen(chat)["posts"], len(world.violations())) == (0, 1)


async def test_an_own_message_can_be_deleted_for_an_hour_and_stays_as_deleted(world: World, seller: Seller) -> None:
    chat = await seller.chat()
    early, late = (await seller.says(chat, "раз")).json()["id"], (await seller.says(chat, "два")).json()["id"]
    buyers = await seller.hears(chat)
    path = f"/messenger/v1/accounts/ME/chats/{chat}/messages/"
    assert (await seller.call("POST", path + buyers)).status_code == 403
    world.clock.advance(HOUR - 1)
    assert (await seller.call("POST", path + early)).json() == {}
    world.clock.advance(2)
    assert (await seller.call("POST", path + late)).status_code == 400
    told = {one["id"]: (one["type"], one["text"]) for one in seller.seen(chat)["messages"]}
    assert told == {early: ("deleted", None), late: ("text", "два"), buyers: ("text", "Ещё продаёте?")}


async def test_a_blocked_buyer_writes_no_more(world: World, seller: Seller) -> None:
    chat = await seller.chat()
    body = {"users": [{"user_id": seller.seen(chat)["buyer_id"], "context": {"item_id": 1, "reason_id": 1}}]}
    blocked = await seller.call("POST", "/messenger/v2/accounts/ME/blacklist", json=body)
    assert (blocked.status_code, blocked.content, seller.seen(chat)["blocked"]) == (200, b"", 1)
    refused = await world.http.post(f"/sandbox/accounts/{seller.id}/chats/{chat}/messages", json={"text": "А?"})
    assert refused.status_code == 409
