"""A sweep of an Avito account finds everything that webhooks have lost, and no history."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from activities.conversations.core.wake import Side
from models import Account, AvitoHint, Message
from models.conversations.message import Author, Direction
from tests.activities.channels_setup import ChannelsSetup, connected, keep_account, message
from tests.factories import stored


def chats(channels: ChannelsSetup) -> list[str]:
    return sorted(chat_id for _, chat_id, _ in channels.woken)


async def test_what_staff_wrote_is_taken_up_though_the_account_is_not_watched(
    channels: ChannelsSetup, account: Account
) -> None:
    await channels.change(account, monitoring_enabled=False)
    dialog = await channels.new_dialog(account)
    await stored(
        channels.sessions,
        Message(
            dialog_id=dialog.id,
            source_key="api:1",
            direction=Direction.TELEGRAM,
            author=Author.API,
            kind="text",
            body_sealed=b"",
            created_at=channels.clock(),
            received_at=channels.clock(),
        ),
    )
    channels.clock.advance(timedelta(seconds=11))
    swept = await channels.account_activities.sweep(account.id)
    assert (swept.found, swept.trouble) == (1, None)
    assert channels.woken == [(account.id, dialog.avito_dialog_id, Side.STAFF)]
    assert channels.calls("avito", "/token") == 0


async def test_the_first_connection_wakes_what_is_unread_and_no_history(
    channels: ChannelsSetup, account: Account
) -> None:
    old = [{"text": "Давно", "seconds_ago": 86_400, "is_read": True}]
    for number in range(3):
        await channels.new_chat(f"u2i-old~{number}", messages=old)
    await channels.new_chat("u2i-new~1", messages=[{"text": "Вчера", "seconds_ago": 80_000, "is_read": False}])
    assert (await channels.account_activities.sweep(account.id)).found == 1
    assert channels.woken == [(account.id, "u2i-new~1", Side.BUYER)]
    row = await channels.fresh(account)
    assert row.connected_at == channels.clock()
    assert (await channels.account_activities.sweep(account.id)).found == 0
    assert (await channels.fresh(account)).connected_at == row.connected_at


async def test_a_first_connection_that_broke_off_is_still_the_first(channels: ChannelsSetup, account: Account) -> None:
    await channels.new_chat("u2i-new~1", messages=[{"text": "Вчера", "seconds_ago": 80_000, "is_read": False}])
    channels.refusing = [RuntimeError("Temporal is away")]
    with pytest.raises(RuntimeError):
        await channels.account_activities.sweep(account.id)
    begun = (await channels.fresh(account)).connected_at
    channels.clock.advance(timedelta(seconds=20))
    assert (await channels.account_activities.sweep(account.id)).found == 1
    assert (await channels.fresh(account)).connected_at == begun


async def test_a_message_whose_webhook_was_lost_is_found(channels: ChannelsSetup, account: Account) -> None:
    await channels.new_chat("u2i-1~a", messages=[{"text": "Давно", "seconds_ago": 86_400}])
    await keep_account(channels, account)
    await connected(channels, account)
    await channels.fault("avito", "lost-hooks")
    await channels.buyer_writes("u2i-1~a")
    assert channels.woken == []
    assert (await channels.account_activities.sweep(account.id)).found == 1
    assert channels.woken == [(account.id, "u2i-1~a", Side.BUYER)]
    watermark = (await channels.fresh(account)).watermark
    assert watermark is not None
    assert abs(watermark - channels.clock()) < timedelta(minutes=1)


async def test_a_message_in_the_second_of_the_first_sweep_is_found_without_its_webhook(
    channels: ChannelsSetup, account: Account
) -> None:
    await channels.new_chat("u2i-1~a")
    first = await channels.buyer_writes("u2i-1~a", "Здравствуйте")
    await connected(channels, account)
    dialog = await channels.new_dialog(account, "u2i-1~a", listed_until=first)
    await stored(channels.sessions, message(channels, dialog, first))
    assert (await channels.account_activities.sweep(account.id)).found == 0
    await channels.buyer_writes("u2i-1~a", "И ещё вопрос")
    assert (await channels.account_activities.sweep(account.id)).found == 1
    assert chats(channels) == ["u2i-1~a"]


async def test_a_chat_that_avito_listed_only_after_the_first_sweep_is_found(
    channels: ChannelsSetup, account: Account
) -> None:
    channels.world.clock.advance(60)
    await channels.new_chat("u2i-1~a", messages=[{"text": "Привет", "seconds_ago": 10, "is_read": False}])
    await connected(channels, account)
    await channels.new_chat("u2i-2~b", messages=[{"text": "Привет", "seconds_ago": 40, "is_read": True}])
    await channels.account_activities.sweep(account.id)
    assert "u2i-2~b" in chats(channels)


async def test_what_was_said_just_before_the_connection_stays_history(
    channels: ChannelsSetup, account: Account
) -> None:
    for seconds in (1, 60):
        last = {"text": "Договорились", "seconds_ago": seconds, "is_read": True}
        await channels.new_chat(f"u2i-{seconds}~a", messages=[last])
    await connected(channels, account)
    for _ in range(3):
        channels.clock.advance(timedelta(seconds=30))
        assert (await channels.account_activities.sweep(account.id)).found == 0


async def test_a_webhook_that_comes_twice_wakes_once(channels: ChannelsSetup, account: Account) -> None:
    await channels.new_chat("u2i-1~a")
    await keep_account(channels, account)
    await channels.fault("avito", "duplicate-hooks")
    before = channels.webhook_calls
    await channels.buyer_writes("u2i-1~a")
    await channels.world.hooks.settled()
    assert channels.webhook_calls == before + 2
    assert channels.woken == [(account.id, "u2i-1~a", Side.BUYER)]
    assert len(await channels.rows(AvitoHint)) == 1


async def test_a_wake_that_failed_is_made_good_by_the_next_sweep(channels: ChannelsSetup, account: Account) -> None:
    await channels.new_chat("u2i-1~a", messages=[{"text": "Давно", "seconds_ago": 86_400}])
    await connected(channels, account)
    await channels.buyer_writes("u2i-1~a")
    channels.refusing = [RuntimeError("Temporal is away")]
    with pytest.raises(RuntimeError):
        await channels.account_activities.sweep(account.id)
    assert (await channels.account_activities.sweep(account.id)).found == 1
    assert chats(channels) == ["u2i-1~a"]


async def test_hundreds_of_chats_after_an_outage_are_all_found(channels: ChannelsSetup, account: Account) -> None:
    await channels.new_chat("u2i-0~z", messages=[{"text": "Давно", "seconds_ago": 86_400}])
    await connected(channels, account)
    for number in range(230):
        await channels.new_chat(f"u2i-{number}~a", messages=[{"text": "Привет", "seconds_ago": 100, "is_read": False}])
    swept = await channels.account_activities.sweep(account.id)
    assert swept.found == len(set(chats(channels))) == 230
    assert channels.world.journal.violations() == []


async def test_avito_out_of_reach_is_told_and_nothing_is_remembered(channels: ChannelsSetup, account: Account) -> None:
    await connected(channels, account)
    before = (await channels.fresh(account)).watermark
    await channels.new_chat("u2i-1~a")
    await channels.buyer_writes("u2i-1~a")
    await channels.fault("avito", "html", times=3)
    swept = await channels.account_activities.sweep(account.id)
    assert (swept.found, swept.trouble) == (0, "avito")
    assert swept.retry_at is not None
    assert (await channels.fresh(account)).watermark == before
    assert (await channels.account_activities.sweep(account.id)).found == 1


async def test_an_idle_account_costs_few_statements(channels: ChannelsSetup, account: Account) -> None:
    await keep_account(channels, account)
    await connected(channels, account)
    statements: list[str] = []
    engine = channels.sessions.kw["bind"].sync_engine

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    await channels.account_activities.keep(account.id)
    event.remove(engine, "before_cursor_execute", note)
    assert len(statements) == 2


async def test_a_sweep_that_is_put_off_goes_on_behind_the_pages_it_has_read(
    channels: ChannelsSetup, account: Account
) -> None:
    await connected(channels, account)
    for number in range(101):
        await channels.new_chat(f"u2i-{number}~a")
        await channels.buyer_writes(f"u2i-{number}~a")
    path = "GET /messenger/v2/accounts/"
    await channels.fault("avito", "too-many", path=path, every=2, times=1, seconds=30)
    activities = channels.account_activities
    swept = await activities.sweep(account.id)
    assert (swept.found, swept.trouble) == (0, "turn")
    assert swept.retry_at == channels.clock() + timedelta(seconds=30)
    channels.clock.advance(timedelta(seconds=30))
    channels.woken.clear()
    before = channels.calls("avito", "/chats")
    await activities.sweep(account.id)
    assert channels.calls("avito", "/chats") - before == 1
    assert len(set(chats(channels))) == 101
