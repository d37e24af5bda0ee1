"""Who may call the stand-in for Avito, with which token, and that there is nothing but what Avito has published."""

from typing import Any

import pytest

from sandbox.faults import Fault
from tests.sandbox.avito_world import DAY, Seller, World, picture


async def test_a_seller_gets_a_token_for_a_day_and_learns_the_own_id(world: World, seller: Seller) -> None:
    own = await seller.get("/core/v1/accounts/self")
    assert (own["id"], own["name"]) == (seller.id, "Веломир")
    world.clock.advance(DAY - 1)
    assert (await seller.call("GET", "/core/v1/accounts/self")).status_code == 200
    world.clock.advance(1)
    over = await seller.call("GET", "/core/v1/accounts/self")
    assert (over.status_code, over.json()) == (403, {"error": {"code": 403, "message": "Forbidden"}})


async def test_a_wrong_secret_and_a_made_up_token_open_nothing(world: World, seller: Seller) -> None:
    keys = {"grant_type": "client_credentials", "client_id": seller.keys["client_id"], "client_secret": "wrong"}
    assert (await world.http.post("/token", data=keys)).status_code == 401
    seller.token = "made-up"
    assert (await seller.call("GET", "/core/v1/accounts/self")).status_code == 401
    assert world.violations() == []


async def test_the_token_is_asked_for_with_a_form_and_without_a_slash(world: World, seller: Seller) -> None:
    keys = {"grant_type": "client_credentials"} | seller.keys
    assert (await world.http.post("/token", json=keys)).status_code == 400
    assert (await world.http.post("/token", data=keys | {"grant_type": "password"})).status_code == 400
    moved = await world.http.post("/token/", data=keys)
    assert (moved.status_code, moved.headers["location"]) == (301, "/token")
    assert len(world.violations()) == 2


async def test_an_expired_token_is_refused_with_403_and_401_in_turn_until_a_new_one_is_got(
    world: World, seller: Seller
) -> None:
    world.fail(Fault.EXPIRED_TOKEN, every=2)
    seen = []
    for _ in range(2):
        seller = await renewed(world, seller)
        answers = [await seller.call("GET", "/core/v1/accounts/self") for _ in range(2)]
        seen.append([answer.status_code for answer in answers])
    assert seen == [[200, 403], [200, 401]]
    world.faults.clear()
    assert (await seller.call("GET", "/core/v1/accounts/self")).status_code == 401
    assert (await (await renewed(world, seller)).call("GET", "/core/v1/accounts/self")).status_code == 200


async def renewed(world: World, seller: Seller) -> Seller:
    keys = {name: seller.keys[name] for name in ("client_id", "client_secret")}
    answer = await world.http.post("/token", data={"grant_type": "client_credentials"} | keys)
    assert answer.json()["token_type"] == "Bearer"
    return Seller(world, seller.id, seller.keys, answer.json()["access_token"])


async def test_a_call_without_a_token_or_for_another_account_is_refused(world: World, seller: Seller) -> None:
    assert (await world.http.get("/core/v1/accounts/self")).status_code == 401
    assert len(world.violations()) == 1
    other = await world.seller()
    assert (await seller.call("GET", f"/messenger/v2/accounts/{other.id}/chats")).status_code == 403


async def test_an_employees_key_sees_no_chats_and_may_do_nothing(world: World) -> None:
    employee = await world.seller(employee=True)
    chat = await employee.chat()
    assert await employee.chats() == []
    assert (await employee.says(chat)).status_code == 403
    refused: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", f"/messenger/v3/accounts/ME/chats/{chat}/messages/", {}),
        ("POST", f"/messenger/v1/accounts/ME/chats/{chat}/read", {}),
        ("GET", "/messenger/v1/accounts/ME/getVoiceFiles?voice_ids=1", {}),
        ("POST", "/messenger/v1/accounts/ME/uploadImages", {"files": {"uploadfile[]": picture("PNG")}}),
        ("POST", "/messenger/v2/accounts/ME/blacklist", {"json": {"users": []}}),
    ]
    for method, path, how in refused:
        assert (await employee.call(method, path, **how)).status_code == 403, path
    assert employee.seen(chat)["messages"] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/messenger/v3/webhook"),
        ("GET", "/messenger/v1/subscriptions"),
        ("DELETE", "/messenger/v1/accounts/ME/chats/c/messages/m"),
        ("GET", "/messenger/v3/accounts/ME/chats/c/messages"),
        ("POST", "/messenger/v2/accounts/ME/chats/c/typing"),
    ],
)
async def test_a_call_that_is_not_published_is_not_there_and_noted(
    world: World, seller: Seller, method: str, path: str
) -> None:
    assert (await seller.call(method, path)).status_code == 404
    assert len(world.violations()) == 1
