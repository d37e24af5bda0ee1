"""The key of an Avito account is tried and named when it is refused, and its token is renewed once for everybody."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.avito.key import EMPLOYEE, REFUSED, SUBSCRIPTION, try_out
from gateways.avito.client import Avito
from gateways.outcome import Unauthorised
from models import Account, Bot
from models.channels.account import CLIENT_SECRET, AccountStatus
from models.kernel.columns import seal
from tests.activities.channels_setup import ChannelsSetup, keep_account
from tests.fake_http_server import serving


class Thinking(Avito):
    """Something happens while it makes a token, or refuses to."""

    def __init__(self, inner: Avito, meanwhile: Any) -> None:
        super().__init__(inner._http, inner._base)
        self._meanwhile = meanwhile

    async def token(self, client_id: str, client_secret: str) -> Any:
        await self._meanwhile()
        return await super().token(client_id, client_secret)


async def test_no_connection_to_the_database_is_held_while_avito_makes_a_token(
    channels: ChannelsSetup, account: Account, engine: AsyncEngine
) -> None:
    held = []

    async def look() -> None:
        held.append(engine.pool.checkedout())  # type: ignore[attr-defined]

    channels.accounts.avito = Thinking(channels.accounts.avito, look)
    await channels.accounts.opened(account.id)
    assert held == [0]


async def test_a_refusal_of_the_old_key_says_nothing_of_the_new_one(channels: ChannelsSetup, account: Account) -> None:
    good = account.secret_sealed
    await channels.change(account, secret_sealed=seal(channels.keyring, CLIENT_SECRET, "wrong"))

    async def corrected() -> None:
        await channels.change(account, secret_sealed=good)

    channels.accounts.avito = Thinking(channels.accounts.avito, corrected)
    opened = await channels.accounts.opened(account.id)
    assert opened.account.status is AccountStatus.ACTIVE
    assert (await channels.fresh(account)).status is AccountStatus.ACTIVE


async def test_a_wrong_key_is_named_and_a_new_one_heals_the_account(channels: ChannelsSetup, account: Account) -> None:
    secret = account.secret_sealed
    await channels.change(account, secret_sealed=seal(channels.keyring, CLIENT_SECRET, "wrong"))
    standing = await keep_account(channels, account)
    assert (standing.healthy, standing.trouble) == (False, "key")
    row = await channels.fresh(account)
    assert (row.status, row.status_reason) == (AccountStatus.EXPIRED, REFUSED.reason)
    assert (await channels.account_activities.sweep(account.id)).trouble == "key"
    await channels.change(account, secret_sealed=secret)
    assert (await keep_account(channels, account)).healthy
    row = await channels.fresh(account)
    assert (row.status, row.status_reason) == (AccountStatus.ACTIVE, None)


async def test_an_employees_key_is_recognised(channels: ChannelsSetup, bot: Bot) -> None:
    account = await channels.new_account(bot, employee=True)
    await channels.new_chat("u2u-1~a", kind="u2u")
    await channels.buyer_writes("u2u-1~a")
    assert (await keep_account(channels, account)).trouble == "key"
    row = await channels.fresh(account)
    assert (row.status, row.status_reason) == (AccountStatus.BLOCKED, EMPLOYEE.reason)


async def test_one_chat_that_is_closed_to_us_is_no_employees_key() -> None:
    async with serving() as avito, httpx.AsyncClient() as http:
        one, other = {"id": "u2i-1~a", "users": []}, {"id": "u2i-2~a", "users": []}
        account = Avito(http, avito.base).account(1, "token")
        avito.say_json({"chats": [one, other]})
        avito.say_json({"error": {"code": 403, "message": "Forbidden"}}, 403)
        avito.say_json(other)
        await try_out(account)
        assert len(avito.asked) == 3
        avito.say_json({"chats": [one]})
        avito.say_json({"error": {"code": 403, "message": "Forbidden"}}, 403)
        with pytest.raises(Unauthorised):
            await try_out(account)


async def test_a_subscription_without_messages_is_named_and_a_paid_one_heals(
    channels: ChannelsSetup, account: Account
) -> None:
    await channels.fault("avito", "payment-required")
    assert (await keep_account(channels, account)).trouble == "key"
    row = await channels.fresh(account)
    assert (row.status, row.status_reason) == (AccountStatus.BLOCKED, SUBSCRIPTION.reason)
    channels.world.faults.clear()
    assert (await keep_account(channels, account)).healthy
    assert (await channels.fresh(account)).status is AccountStatus.ACTIVE


@pytest.mark.parametrize("attempt", ["403", "401"])
async def test_an_expired_token_is_renewed_and_the_call_is_made(
    channels: ChannelsSetup, account: Account, attempt: str
) -> None:
    await keep_account(channels, account)
    channels.world.avito.kept.expired = int(attempt == "401")
    await channels.fault("avito", "expired-token", times=1)
    await channels.new_chat("u2i-1~a")
    await channels.buyer_writes("u2i-1~a")
    assert (await channels.account_activities.sweep(account.id)).found == 1
    assert channels.calls("avito", "/token") == 2
    assert (await channels.fresh(account)).status is AccountStatus.ACTIVE


async def test_a_token_is_renewed_before_it_is_over(channels: ChannelsSetup, account: Account) -> None:
    await keep_account(channels, account)
    channels.clock.advance(timedelta(hours=23, minutes=56))
    await channels.accounts.opened(account.id)
    await channels.accounts.opened(account.id)
    assert channels.calls("avito", "/token") == 2


async def test_thirty_conversations_with_one_expired_token_ask_for_one_new(
    channels: ChannelsSetup, account: Account
) -> None:
    opened = await asyncio.gather(*(channels.accounts.opened(account.id) for _ in range(30)))
    assert channels.calls("avito", "/token") == 1
    channels.world.avito.tokens.spoil(opened[0].token)
    await asyncio.gather(*(channels.accounts.call(one, lambda avito: avito.chats(limit=1)) for one in opened))
    assert channels.calls("avito", "/token") == 2


async def test_a_webhook_is_taken_while_a_token_is_renewed(channels: ChannelsSetup, account: Account) -> None:
    """The lock of the row is of the kind that rows which refer to it do not wait for."""
    async with channels.sessions.begin() as session:
        await Account.find(session, account.id, lock=True)
        body = b'{"payload": {"type": "message", "value": {"id": "m", "chat_id": "c", "user_id": 1, "author_id": 2}}}'
        assert await asyncio.wait_for(channels.inbox.store_hook(account.id, body), 5) is not None
