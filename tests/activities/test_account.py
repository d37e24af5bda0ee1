"""An Avito account is looked after: its token, its status, its webhook, and everything that webhooks have lost."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.account import CHECK_EVERY, AccountStanding
from activities.avito_account import AccountAway
from activities.avito_key import EMPLOYEE, REFUSED, SUBSCRIPTION, try_out
from activities.avito_webhook import NOT_TAKEN
from activities.waking import Side
from gateways.avito import Avito
from gateways.outcome import NotFound, Unauthorised, Unknown
from models import Account, AvitoHint, Bot, Dialog, Message, Send
from models.account import CLIENT_SECRET, AccountStatus
from models.columns import seal
from models.message import Author, Delivery, Direction
from models.sweep import KnownMessage, known_messages
from tests.activities.front import Front
from tests.factories import stored
from tests.gateways.wire import serving


@pytest.fixture
async def bot(front: Front) -> Bot:
    return await front.new_bot()


@pytest.fixture
async def account(front: Front, bot: Bot) -> Account:
    return await front.new_account(bot)


async def keep(front: Front, account: Account) -> AccountStanding:
    """Twice, as after a worker's crash."""
    await front.account_activities.keep(account.id)
    return await front.account_activities.keep(account.id)


async def connected(front: Front, account: Account) -> None:
    """Swept once, so that what comes from now on is new."""
    assert (await front.account_activities.sweep(account.id)).trouble is None
    front.woken.clear()


def chats(front: Front) -> list[str]:
    return sorted(chat_id for _, chat_id, _ in front.woken)


async def test_a_new_account_gets_token_own_id_and_webhook(front: Front, account: Account) -> None:
    assert await keep(front, account) == AccountStanding(True, True, True)
    row = await front.fresh(account)
    assert (row.avito_user_id, row.status, row.status_reason) == (front.user_id, AccountStatus.ACTIVE, None)
    assert (row.webhook_enabled, row.webhook_last_error) == (True, None)
    [url] = front.world.avito.kept.accounts[front.user_id].subscriptions
    assert url.startswith(f"{front.base}/api/webhooks/avito/{account.id}/")
    assert len(url.rsplit("/", 1)[1]) == 43
    assert (front.calls("avito", "/token"), front.calls("avito", "/webhook")) == (1, 1)
    assert front.world.journal.violations() == []


async def test_nothing_that_opens_a_door_stands_readable_in_the_row(front: Front, account: Account) -> None:
    await keep(front, account)
    [url] = front.world.avito.kept.accounts[front.user_id].subscriptions
    [token] = front.world.avito.kept.tokens
    row = repr(await front.fresh(account))
    assert url.rsplit("/", 1)[1] not in row
    assert token not in row


async def test_looking_after_a_healthy_account_again_asks_avito_nothing(front: Front, account: Account) -> None:
    await keep(front, account)
    before = len(front.world.journal.view())
    await keep(front, account)
    assert len(front.world.journal.view()) == before


async def test_a_lost_webhook_is_registered_again_within_ten_minutes(front: Front, account: Account) -> None:
    await keep(front, account)
    subscriptions = front.world.avito.kept.accounts[front.user_id].subscriptions
    [url] = subscriptions
    subscriptions.clear()
    front.clock.advance(CHECK_EVERY - timedelta(seconds=1))
    await keep(front, account)
    assert subscriptions == []
    front.clock.advance(timedelta(seconds=1))
    await keep(front, account)
    assert subscriptions == [url]


async def test_an_address_with_an_old_secret_is_taken_off_and_a_strangers_stays(front: Front, account: Account) -> None:
    old = f"{front.base}/api/webhooks/avito/{account.id}/old"
    others = ["https://crm.example/avito", f"{front.base}/api/webhooks/avito/{front.clock.now.year}/x"]
    subscriptions = front.world.avito.kept.accounts[front.user_id].subscriptions
    subscriptions += [old, *others]
    await keep(front, account)
    assert len(subscriptions) == 3
    assert old not in subscriptions
    assert set(others) < set(subscriptions)


async def test_a_webhook_that_avito_does_not_reach_is_said_so_and_tried_again(front: Front, account: Account) -> None:
    door = front.base
    front.base = "http://127.0.0.1:9"
    assert (await keep(front, account)).healthy
    row = await front.fresh(account)
    assert (row.webhook_enabled, row.webhook_last_error, row.status) == (False, NOT_TAKEN, AccountStatus.ACTIVE)
    front.base = door
    front.clock.advance(timedelta(minutes=1))
    await keep(front, account)
    row = await front.fresh(account)
    assert (row.webhook_enabled, row.webhook_last_error) == (True, None)


async def test_an_account_that_is_not_watched_has_no_webhook_and_is_not_swept(front: Front, account: Account) -> None:
    await keep(front, account)
    await front.change(account, monitoring_enabled=False)
    front.clock.advance(timedelta(minutes=1))
    assert await keep(front, account) == AccountStanding(True, True, False)
    assert front.world.avito.kept.accounts[front.user_id].subscriptions == []
    await front.new_chat("u2i-1~a")
    await front.buyer_writes("u2i-1~a")
    assert (await front.account_activities.sweep(account.id)).found == 0
    assert front.woken == []


async def test_what_staff_wrote_is_taken_up_though_the_account_is_not_watched(front: Front, account: Account) -> None:
    await front.change(account, monitoring_enabled=False)
    dialog = await front.new_dialog(account)
    await stored(
        front.sessions,
        Message(
            dialog_id=dialog.id,
            source_key="api:1",
            direction=Direction.TELEGRAM,
            author=Author.API,
            kind="text",
            body_sealed=b"",
            created_at=front.clock(),
            received_at=front.clock(),
        ),
    )
    front.clock.advance(timedelta(seconds=11))
    swept = await front.account_activities.sweep(account.id)
    assert (swept.found, swept.trouble) == (1, None)
    assert front.woken == [(account.id, dialog.avito_dialog_id, Side.STAFF)]
    assert front.calls("avito", "/token") == 0


class Thinking(Avito):
    """Something happens while it makes a token, or refuses to."""

    def __init__(self, inner: Avito, meanwhile: Any) -> None:
        super().__init__(inner._http, inner._base)
        self._meanwhile = meanwhile

    async def token(self, client_id: str, client_secret: str) -> Any:
        await self._meanwhile()
        return await super().token(client_id, client_secret)


async def test_no_connection_to_the_database_is_held_while_avito_makes_a_token(
    front: Front, account: Account, engine: AsyncEngine
) -> None:
    held = []

    async def look() -> None:
        held.append(engine.pool.checkedout())  # type: ignore[attr-defined]

    front.accounts.avito = Thinking(front.accounts.avito, look)
    await front.accounts.opened(account.id)
    assert held == [0]


async def test_a_refusal_of_the_old_key_says_nothing_of_the_new_one(front: Front, account: Account) -> None:
    good = account.secret_sealed
    await front.change(account, secret_sealed=seal(front.keyring, CLIENT_SECRET, "wrong"))

    async def corrected() -> None:
        await front.change(account, secret_sealed=good)

    front.accounts.avito = Thinking(front.accounts.avito, corrected)
    opened = await front.accounts.opened(account.id)
    assert opened.account.status is AccountStatus.ACTIVE
    assert (await front.fresh(account)).status is AccountStatus.ACTIVE


async def test_a_deleted_account_leaves_nothing_at_avito(front: Front, account: Account) -> None:
    await keep(front, account)
    await front.change(account, deleted_at=front.clock())
    assert await keep(front, account) == AccountStanding(False, False, False)
    assert front.world.avito.kept.accounts[front.user_id].subscriptions == []
    row = await front.fresh(account)
    assert (row.token_sealed, row.webhook_secret_sealed) == (None, None)
    assert (await front.account_activities.sweep(account.id)).trouble == "gone"


async def test_without_a_base_address_there_is_no_webhook(front: Front, account: Account) -> None:
    front.base = ""
    assert (await keep(front, account)).healthy
    assert front.calls("avito", "/webhook") == 0


async def test_a_wrong_key_is_named_and_a_new_one_heals_the_account(front: Front, account: Account) -> None:
    secret = account.secret_sealed
    await front.change(account, secret_sealed=seal(front.keyring, CLIENT_SECRET, "wrong"))
    standing = await keep(front, account)
    assert (standing.healthy, standing.trouble) == (False, "key")
    row = await front.fresh(account)
    assert (row.status, row.status_reason) == (AccountStatus.EXPIRED, REFUSED.reason)
    assert (await front.account_activities.sweep(account.id)).trouble == "key"
    await front.change(account, secret_sealed=secret)
    assert (await keep(front, account)).healthy
    row = await front.fresh(account)
    assert (row.status, row.status_reason) == (AccountStatus.ACTIVE, None)


async def test_an_employees_key_is_recognised(front: Front, bot: Bot) -> None:
    account = await front.new_account(bot, employee=True)
    await front.new_chat("u2u-1~a", kind="u2u")
    await front.buyer_writes("u2u-1~a")
    assert (await keep(front, account)).trouble == "key"
    row = await front.fresh(account)
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


async def test_a_subscription_without_messages_is_named_and_a_paid_one_heals(front: Front, account: Account) -> None:
    await front.fault("avito", "payment-required")
    assert (await keep(front, account)).trouble == "key"
    row = await front.fresh(account)
    assert (row.status, row.status_reason) == (AccountStatus.BLOCKED, SUBSCRIPTION.reason)
    front.world.faults.clear()
    assert (await keep(front, account)).healthy
    assert (await front.fresh(account)).status is AccountStatus.ACTIVE


@pytest.mark.parametrize("attempt", ["403", "401"])
async def test_an_expired_token_is_renewed_and_the_call_is_made(front: Front, account: Account, attempt: str) -> None:
    await keep(front, account)
    front.world.avito.kept.expired = int(attempt == "401")
    await front.fault("avito", "expired-token", times=1)
    await front.new_chat("u2i-1~a")
    await front.buyer_writes("u2i-1~a")
    assert (await front.account_activities.sweep(account.id)).found == 1
    assert front.calls("avito", "/token") == 2
    assert (await front.fresh(account)).status is AccountStatus.ACTIVE


async def test_a_token_is_renewed_before_it_is_over(front: Front, account: Account) -> None:
    await keep(front, account)
    front.clock.advance(timedelta(hours=23, minutes=56))
    await front.accounts.opened(account.id)
    await front.accounts.opened(account.id)
    assert front.calls("avito", "/token") == 2


async def test_thirty_conversations_with_one_expired_token_ask_for_one_new(front: Front, account: Account) -> None:
    opened = await asyncio.gather(*(front.accounts.opened(account.id) for _ in range(30)))
    assert front.calls("avito", "/token") == 1
    front.world.avito.tokens.spoil(opened[0].token)
    await asyncio.gather(*(front.accounts.call(one, lambda avito: avito.chats(limit=1)) for one in opened))
    assert front.calls("avito", "/token") == 2


async def test_a_webhook_is_taken_while_a_token_is_renewed(front: Front, account: Account) -> None:
    """The lock of the row is of the kind that rows which refer to it do not wait for."""
    async with front.sessions.begin() as session:
        await Account.find(session, account.id, lock=True)
        body = b'{"payload": {"type": "message", "value": {"id": "m", "chat_id": "c", "user_id": 1, "author_id": 2}}}'
        assert await asyncio.wait_for(front.inbox.take_hook(account.id, body), 5) is not None


async def test_one_chat_that_is_not_ours_does_not_block_the_account(front: Front, account: Account) -> None:
    opened = await front.accounts.opened(account.id)
    await front.new_chat("u2i-1~a")
    with pytest.raises(NotFound):
        await front.accounts.call(opened, lambda avito: avito.chat("u2i-none"))
    assert (await front.fresh(account)).status is AccountStatus.ACTIVE


async def test_avito_is_obeyed_when_it_says_to_wait(front: Front, account: Account) -> None:
    opened = await front.accounts.opened(account.id)
    await front.fault("avito", "too-many", times=1, seconds=30)
    with pytest.raises(AccountAway) as refused:
        await front.accounts.call(opened, lambda avito: avito.chats(limit=1))
    assert refused.value.retry_at == front.clock() + timedelta(seconds=30)
    before = len(front.world.journal.view())
    with pytest.raises(AccountAway, match="avito"):
        await front.accounts.call(await front.accounts.opened(account.id), lambda avito: avito.chats(limit=1))
    assert len(front.world.journal.view()) == before
    front.clock.advance(timedelta(seconds=30))
    again = await front.accounts.opened(account.id)
    await front.accounts.call(again, lambda avito: avito.chats(limit=1))
    await front.accounts.call(again, lambda avito: avito.chats(limit=1))
    assert front.slept
    assert max(front.slept) <= 0.2


async def test_the_pace_goes_back_to_none(front: Front, account: Account) -> None:
    opened = await front.accounts.opened(account.id)
    await front.fault("avito", "too-many-bare", times=1)
    with pytest.raises(AccountAway):
        await front.accounts.call(opened, lambda avito: avito.chats(limit=1))
    front.clock.advance(timedelta(seconds=1))
    for _ in range(40):
        await front.accounts.call(opened, lambda avito: avito.chats(limit=1))
    assert (await front.fresh(account)).interval_ms == 0


async def test_a_reading_survives_two_faults_and_tells_of_the_third(front: Front, account: Account) -> None:
    opened = await front.accounts.opened(account.id)
    await front.fault("avito", "html", times=2)
    await front.accounts.read(opened, lambda avito: avito.chats(limit=1))
    await front.fault("avito", "server-error", times=3)
    with pytest.raises(Unknown):
        await front.accounts.read(opened, lambda avito: avito.chats(limit=1))


async def test_the_first_connection_wakes_what_is_unread_and_no_history(front: Front, account: Account) -> None:
    old = [{"text": "Давно", "seconds_ago": 86_400, "is_read": True}]
    for number in range(3):
        await front.new_chat(f"u2i-old~{number}", messages=old)
    await front.new_chat("u2i-new~1", messages=[{"text": "Вчера", "seconds_ago": 80_000, "is_read": False}])
    assert (await front.account_activities.sweep(account.id)).found == 1
    assert front.woken == [(account.id, "u2i-new~1", Side.BUYER)]
    row = await front.fresh(account)
    assert row.connected_at == front.clock()
    assert (await front.account_activities.sweep(account.id)).found == 0
    assert (await front.fresh(account)).connected_at == row.connected_at


async def test_a_first_connection_that_broke_off_is_still_the_first(front: Front, account: Account) -> None:
    await front.new_chat("u2i-new~1", messages=[{"text": "Вчера", "seconds_ago": 80_000, "is_read": False}])
    front.refusing = [RuntimeError("Temporal is away")]
    with pytest.raises(RuntimeError):
        await front.account_activities.sweep(account.id)
    begun = (await front.fresh(account)).connected_at
    front.clock.advance(timedelta(seconds=20))
    assert (await front.account_activities.sweep(account.id)).found == 1
    assert (await front.fresh(account)).connected_at == begun


async def test_a_message_whose_webhook_was_lost_is_found(front: Front, account: Account) -> None:
    await front.new_chat("u2i-1~a", messages=[{"text": "Давно", "seconds_ago": 86_400}])
    await keep(front, account)
    await connected(front, account)
    await front.fault("avito", "lost-hooks")
    await front.buyer_writes("u2i-1~a")
    assert front.woken == []
    assert (await front.account_activities.sweep(account.id)).found == 1
    assert front.woken == [(account.id, "u2i-1~a", Side.BUYER)]
    watermark = (await front.fresh(account)).watermark
    assert watermark is not None
    assert abs(watermark - front.clock()) < timedelta(minutes=1)


async def test_a_webhook_that_comes_twice_wakes_once(front: Front, account: Account) -> None:
    await front.new_chat("u2i-1~a")
    await keep(front, account)
    await front.fault("avito", "duplicate-hooks")
    before = front.knocks
    await front.buyer_writes("u2i-1~a")
    await front.world.hooks.settled()
    assert front.knocks == before + 2
    assert front.woken == [(account.id, "u2i-1~a", Side.BUYER)]
    assert len(await front.rows(AvitoHint)) == 1


async def test_a_wake_that_failed_is_made_good_by_the_next_sweep(front: Front, account: Account) -> None:
    await front.new_chat("u2i-1~a", messages=[{"text": "Давно", "seconds_ago": 86_400}])
    await connected(front, account)
    await front.buyer_writes("u2i-1~a")
    front.refusing = [RuntimeError("Temporal is away")]
    with pytest.raises(RuntimeError):
        await front.account_activities.sweep(account.id)
    assert (await front.account_activities.sweep(account.id)).found == 1
    assert chats(front) == ["u2i-1~a"]


async def test_hundreds_of_chats_after_an_outage_are_all_found(front: Front, account: Account) -> None:
    await front.new_chat("u2i-0~z", messages=[{"text": "Давно", "seconds_ago": 86_400}])
    await connected(front, account)
    for number in range(230):
        await front.new_chat(f"u2i-{number}~a", messages=[{"text": "Привет", "seconds_ago": 100, "is_read": False}])
    swept = await front.account_activities.sweep(account.id)
    assert swept.found == len(set(chats(front))) == 230
    assert front.world.journal.violations() == []


def message(front: Front, dialog: Dialog, avito_id: str, **values: Any) -> Message:
    defaults: dict[str, Any] = {
        "dialog_id": dialog.id,
        "source_key": f"avito:{avito_id}",
        "direction": Direction.AVITO,
        "author": Author.BUYER,
        "kind": "text",
        "body_sealed": b"",
        "status": Delivery.DELIVERED,
        "created_at": front.clock(),
        "received_at": front.clock(),
        "settled_at": front.clock(),
    }
    return Message(**defaults | values)


async def test_a_chat_whose_last_message_is_known_is_left_alone_until_it_is_deleted(
    front: Front, account: Account
) -> None:
    await connected(front, account)
    await front.new_chat("u2i-1~a")
    avito_id = await front.buyer_writes("u2i-1~a")
    dialog = await front.new_dialog(account, "u2i-1~a", listed_until=avito_id)
    row = await stored(front.sessions, message(front, dialog, avito_id))
    assert (await front.account_activities.sweep(account.id)).found == 0
    await front.post(f"/accounts/{front.user_id}/chats/u2i-1~a/messages/{avito_id}/delete")
    assert (await front.account_activities.sweep(account.id)).found == 1
    await front.change(row, deleted_at=front.clock())
    assert (await front.account_activities.sweep(account.id)).found == 0


async def test_our_own_message_is_known_by_its_send_and_its_reading_is_news(front: Front, account: Account) -> None:
    dialog = await front.new_dialog(account, "u2i-1~a")
    ours = message(front, dialog, "-", source_key="api:1", direction=Direction.TELEGRAM, status=Delivery.SENT)
    await stored(front.sessions, ours)
    send = Send(dialog_id=dialog.id, message_id=ours.id, ordinal=0, kind="text", avito_message_id="m1")
    send.created_at = front.clock()
    await stored(front.sessions, send)

    async def known() -> Mapping[str, KnownMessage]:
        async with front.sessions() as session:
            return await known_messages(session, account.id, {"u2i-1~a": "m1", "u2i-2~a": "m2"})

    assert await known() == {"u2i-1~a": KnownMessage(deleted=False, read=False, listed=False)}
    await front.change(ours, status=Delivery.DELIVERED)
    await front.change(dialog, listed_until="m1")
    assert await known() == {"u2i-1~a": KnownMessage(deleted=False, read=True, listed=True)}
    async with front.sessions() as session:
        assert await known_messages(session, account.id, {"u2i-1~a": "m9"}) == {}
        assert await known_messages(session, account.id, {}) == {}


async def test_avito_out_of_reach_is_told_and_nothing_is_remembered(front: Front, account: Account) -> None:
    await connected(front, account)
    before = (await front.fresh(account)).watermark
    await front.new_chat("u2i-1~a")
    await front.buyer_writes("u2i-1~a")
    await front.fault("avito", "html", times=3)
    swept = await front.account_activities.sweep(account.id)
    assert (swept.found, swept.trouble) == (0, "avito")
    assert swept.retry_at is not None
    assert (await front.fresh(account)).watermark == before
    assert (await front.account_activities.sweep(account.id)).found == 1


async def test_an_idle_account_costs_few_statements(front: Front, account: Account) -> None:
    await keep(front, account)
    await connected(front, account)
    statements: list[str] = []
    engine = front.sessions.kw["bind"].sync_engine

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    await front.account_activities.keep(account.id)
    event.remove(engine, "before_cursor_execute", note)
    assert len(statements) == 2
