"""A webhook is taken from who knows its secret, and one of Avito wakes its conversation once."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import select

from activities.channels.inbox import LOST_AFTER
from activities.channels.webhook_secret import WrongSecret, renew_secret, secret_matches
from activities.conversations.core.wake import Side, Woken
from domain.kernel.crypto import Keyring
from models import Account, AvitoHint, Bot, Send
from models.conversations.message import Author, Direction, SendStatus
from models.kernel.database import at_once
from tests.activities.channels_setup import BOT_TOKEN, ChannelsSetup, message
from tests.database_content import dump
from tests.factories import stored

SELLER = 1


def hook(message_id: str = "m1", kind: str = "text", chat_type: str = "u2i", author: int = 2) -> bytes:
    return (
        '{"id": "e", "version": "v3.0.0", "timestamp": 1, "payload": {"type": "message", "value": {'
        f'"id": "{message_id}", "chat_id": "u2i-1~a", "user_id": {SELLER}, "author_id": {author}, "created": 1, '
        f'"type": "{kind}", "chat_type": "{chat_type}", "content": {{"text": "x"}}}}}}}}'
    ).encode()


async def test_a_webhook_of_avito_wakes_its_conversation_once(channels: ChannelsSetup, account: Account) -> None:
    woken = await asyncio.gather(*(channels.inbox.store_hook(account.id, hook()) for _ in range(5)))
    assert [one for one in woken if one] == [Woken(account.id, "u2i-1~a", Side.BUYER)]


async def test_while_a_wake_is_on_its_way_no_other_is_sent(channels: ChannelsSetup, account: Account) -> None:
    assert await channels.inbox.store_hook(account.id, hook("m1")) is not None
    assert await channels.inbox.store_hook(account.id, hook("m2")) is None
    await taken(channels, account)
    assert await channels.inbox.store_hook(account.id, hook("m3")) is not None


async def test_a_webhook_that_comes_while_the_earlier_ones_are_taken_wakes(
    channels: ChannelsSetup, account: Account
) -> None:
    """It may see them open still; it is not in what was read, and who takes them does not see it."""
    assert await channels.inbox.store_hook(account.id, hook("m1")) is not None
    async with channels.sessions.begin() as session:
        assert not await AvitoHint.take(await session.connection(), account.id, "u2i-1~a", ["m1"], channels.clock())
        late = asyncio.create_task(channels.inbox.store_hook(account.id, hook("m2")))
        await until_somebody_waits_for_a_lock(channels)
    assert await late is not None


async def until_somebody_waits_for_a_lock(channels: ChannelsSetup) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(30), at_once(channels.sessions).connect() as connection:
        while not (await connection.execute(waiting)).scalar_one():  # noqa: ASYNC110 - a database has no event for it
            await asyncio.sleep(0.01)


async def test_a_wake_that_nobody_followed_is_sent_again(channels: ChannelsSetup, account: Account) -> None:
    assert await channels.inbox.store_hook(account.id, hook("m1")) is not None
    channels.clock.advance(LOST_AFTER)
    assert await channels.inbox.store_hook(account.id, hook("m2")) is not None


async def test_the_echo_of_what_we_have_sent_wakes_nobody(channels: ChannelsSetup, account: Account) -> None:
    await sent(channels, account, status=SendStatus.SENT, avito_message_id="m1")
    assert await channels.inbox.store_hook(account.id, hook("m1", author=SELLER)) is None
    # It stands in nobody's way: what is no echo still wakes, and so does what becomes of it.
    assert await channels.inbox.store_hook(account.id, hook("m2", author=SELLER)) is not None
    await taken(channels, account)
    assert await channels.inbox.store_hook(account.id, hook("m1", "deleted", author=SELLER)) is not None


async def test_the_echo_that_comes_before_the_answer_to_our_post_wakes_nobody(
    channels: ChannelsSetup, account: Account
) -> None:
    send = await sent(channels, account, status=SendStatus.CLAIMED, started_at=channels.clock())
    assert await channels.inbox.store_hook(account.id, hook("m1", author=SELLER)) is None
    assert await channels.inbox.store_hook(account.id, hook("m2")) is not None
    await taken(channels, account)
    channels.clock.advance(LOST_AFTER)
    assert await channels.inbox.store_hook(account.id, hook("m3", author=SELLER)) is not None
    await taken(channels, account)
    await channels.change(send, started_at=channels.clock(), status=SendStatus.FAILED)
    assert await channels.inbox.store_hook(account.id, hook("m4", author=SELLER)) is not None


async def sent(channels: ChannelsSetup, account: Account, **values: Any) -> Send:
    """A message of staff in the chat of these webhooks, and how far its sending is."""
    await channels.change(account, avito_user_id=SELLER)
    dialog = await channels.new_dialog(account, "u2i-1~a")
    row = message(channels, dialog, "-", source_key="api:1", direction=Direction.TELEGRAM, author=Author.API)
    await stored(channels.sessions, row)
    send = Send(dialog_id=dialog.id, message_id=row.id, ordinal=0, kind="text", created_at=channels.clock(), **values)
    return await stored(channels.sessions, send)


async def taken(channels: ChannelsSetup, account: Account) -> None:
    """The conversation has read its chat."""
    async with at_once(channels.sessions).connect() as connection:
        hints = await AvitoHint.open_in(connection, account.id, "u2i-1~a")
        assert not await AvitoHint.take(connection, account.id, "u2i-1~a", hints, channels.clock())


async def test_a_deletion_is_news_about_a_known_message(channels: ChannelsSetup, account: Account) -> None:
    await channels.inbox.store_hook(account.id, hook())
    await taken(channels, account)
    assert await channels.inbox.store_hook(account.id, hook(kind="deleted")) is not None
    assert await channels.inbox.store_hook(account.id, hook(kind="deleted")) is None


@pytest.mark.parametrize(
    "raw",
    [b"{}", b"", b"\xff", b"[]", b'{"payload": {}}', hook("x" * 111), hook("\\u0000"), hook(chat_type="a2u")],
)
async def test_a_probe_and_what_is_not_understood_wake_nobody(
    channels: ChannelsSetup, account: Account, raw: bytes
) -> None:
    before = await dump(channels.sessions)
    assert await channels.inbox.store_hook(account.id, raw) is None
    assert await dump(channels.sessions) == before


async def test_an_address_is_closed_as_soon_as_it_is_changed_however_often_it_was_used(
    channels: ChannelsSetup, account: Account, keyring: Keyring
) -> None:
    old = await renewed(channels, account, keyring)
    assert await channels.inbox.receive_hook(account.id, old, hook("m1")) is not None
    assert await channels.inbox.receive_hook(account.id, old, hook("m2")) is None
    new = await renewed(channels, account, keyring)
    before = await dump(channels.sessions)
    for raw in (hook("m3"), hook("m1"), b"{}"):
        with pytest.raises(WrongSecret):
            await channels.inbox.receive_hook(account.id, old, raw)
    assert await dump(channels.sessions) == before
    await taken(channels, account)
    for name in ("m3", "m4"):
        await channels.inbox.receive_hook(account.id, new, hook(name))
    for account_id, secret in ((account.id, "-"), (account.id, new[:-1]), (uuid4(), new)):
        with pytest.raises(WrongSecret):
            await channels.inbox.receive_hook(account_id, secret, hook("m5"))
    async with channels.sessions() as session:
        assert set((await session.exec(select(AvitoHint.message_id))).all()) == {"m1", "m2", "m3", "m4"}


async def renewed(channels: ChannelsSetup, account: Account, keyring: Keyring) -> str:
    async with channels.sessions.begin() as session:
        row = await Account.find(session, account.id, lock=True)
        assert row is not None
        return renew_secret(keyring, row)


async def test_only_the_secret_of_the_row_opens_the_door(channels: ChannelsSetup, bot: Bot, keyring: Keyring) -> None:
    assert not secret_matches(keyring, bot, "")
    secret = renew_secret(keyring, bot)
    assert secret_matches(keyring, bot, secret)
    for wrong in ("", "-", secret[:-1], secret + "x", "секрет", "\udc80", BOT_TOKEN):
        assert not secret_matches(keyring, bot, wrong)
    assert not secret_matches(keyring, None, "-")
    renew_secret(keyring, bot)
    assert not secret_matches(keyring, bot, secret)
