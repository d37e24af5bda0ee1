"""The state of the stand-in for Avito: kept over a restart, its changes told to the page."""

import json

from tests.sandbox.avito_world import Seller, World


async def test_everything_is_the_same_after_a_restart(world: World, seller: Seller) -> None:
    await seller.subscribe()
    chat = await seller.chat()
    first = await seller.hears(chat, "Синий есть?")
    await seller.hears(chat, quote_id=first)
    await seller.says(chat)
    saved = json.loads(json.dumps(world.avito.snapshot()))
    before, listed = world.avito.view(), await seller.listed(chat)
    world.avito.restore({})
    assert (await seller.call("GET", "/core/v1/accounts/self")).status_code == 401
    world.avito.restore(saved)
    assert (world.avito.view(), await seller.listed(chat)) == (before, listed)


async def test_the_page_is_told_of_every_change_and_of_nothing_else(world: World, seller: Seller) -> None:
    chat = await seller.chat()
    told = len(world.changes)
    await seller.listed(chat)
    await seller.chats()
    assert len(world.changes) == told
    await seller.hears(chat)
    await seller.says(chat)
    await seller.call("POST", f"/messenger/v1/accounts/ME/chats/{chat}/read")
    assert len(world.changes) == told + 3
