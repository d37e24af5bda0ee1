"""A sweep of an Avito account finds everything that webhooks have lost, and no history."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from activities.conversations.core.wake import Side
from models import Account, AvitoHint, Message
from models.conversations.message import Author, Direction
from tests.activities.channels_setup import ChannelsSetup, connected, keep_account, message
from tests.factories import stored


def chats(front: ChannelsSetup) -> list[str]:
    return sorted(chat_id for _, chat_id, _ in front.woken)


async def test_what_staff_wrote_is_taken_up_though_the_account_is_not_watched(
    front: ChannelsSetup, account: Account
) -> None:
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


async def test_the_first_connection_wakes_what_is_unread_and_no_history(front: ChannelsSetup, account: Account) -> None:
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


async def test_a_first_connection_that_broke_off_is_still_the_first(front: ChannelsSetup, account: Account) -> None:
    await front.new_chat("u2i-new~1", messages=[{"text": "Вчера", "seconds_ago": 80_000, "is_read": False}])
    front.refusing = [RuntimeError("Temporal is away")]
    with pytest.raises(RuntimeError):
        await front.account_activities.sweep(account.id)
    begun = (await front.fresh(account)).connected_at
    front.clock.advance(timedelta(seconds=20))
    assert (await front.account_activities.sweep(account.id)).found == 1
    assert (await front.fresh(account)).connected_at == begun


async def test_a_message_whose_webhook_was_lost_is_found(front: ChannelsSetup, account: Account) -> None:
    await front.new_chat("u2i-1~a", messages=[{"text": "Давно", "seconds_ago": 86_400}])
    await keep_account(front, account)
    await connected(front, account)
    await front.fault("avito", "lost-hooks")
    await front.buyer_writes("u2i-1~a")
    assert front.woken == []
    assert (await front.account_activities.sweep(account.id)).found == 1
    assert front.woken == [(account.id, "u2i-1~a", Side.BUYER)]
    watermark = (await front.fresh(account)).watermark
    assert watermark is not None
    assert abs(watermark - front.clock()) < timedelta(minutes=1)


async def test_a_message_in_the_second_of_the_first_sweep_is_found_without_its_webhook(
    front: ChannelsSetup, account: Account
) -> None:
    await front.new_chat("u2i-1~a")
    first = await front.buyer_writes("u2i-1~a", "Здравствуйте")
    await connected(front, account)
    dialog = await front.new_dialog(account, "u2i-1~a", listed_until=first)
    await stored(front.sessions, message(front, dialog, first))
    assert (await front.account_activities.sweep(account.id)).found == 0
    await front.buyer_writes("u2i-1~a", "И ещё вопрос")
    assert (await front.account_activities.sweep(account.id)).found == 1
    assert chats(front) == ["u2i-1~a"]


async def test_a_chat_that_avito_listed_only_after_the_first_sweep_is_found(
    front: ChannelsSetup, account: Account
) -> None:
    front.world.clock.advance(60)
    await front.new_chat("u2i-1~a", messages=[{"text": "Привет", "seconds_ago": 10, "is_read": False}])
    await connected(front, account)
    await front.new_chat("u2i-2~b", messages=[{"text": "Привет", "seconds_ago": 40, "is_read": True}])
    await front.account_activities.sweep(account.id)
    assert "u2i-2~b" in chats(front)


async def test_what_was_said_just_before_the_connection_stays_history(front: ChannelsSetup, account: Account) -> None:
    for seconds in (1, 60):
        last = {"text": "Договорились", "seconds_ago": seconds, "is_read": True}
        await front.new_chat(f"u2i-{seconds}~a", messages=[last])
    await connected(front, account)
    for _ in range(3):
        front.clock.advance(timedelta(seconds=30))
        assert (await front.account_activities.sweep(account.id)).found == 0


async def test_a_webhook_that_comes_twice_wakes_once(front: ChannelsSetup, account: Account) -> None:
    await front.new_chat("u2i-1~a")
    await keep_account(front, account)
    await front.fault("avito", "duplicate-hooks")
    before = front.knocks
    await front.buyer_writes("u2i-1~a")
    await front.world.hooks.settled()
    assert front.knocks == before + 2
    assert front.woken == [(account.id, "u2i-1~a", Side.BUYER)]
    assert len(await front.rows(AvitoHint)) == 1


async def test_a_wake_that_failed_is_made_good_by_the_next_sweep(front: ChannelsSetup, account: Account) -> None:
    await front.new_chat("u2i-1~a", messages=[{"text": "Давно", "seconds_ago": 86_400}])
    await connected(front, account)
    await front.buyer_writes("u2i-1~a")
    front.refusing = [RuntimeError("Temporal is away")]
    with pytest.raises(RuntimeError):
        await front.account_activities.sweep(account.id)
    assert (await front.account_activities.sweep(account.id)).found == 1
    assert chats(front) == ["u2i-1~a"]


async def test_hundreds_of_chats_after_an_outage_are_all_found(front: ChannelsSetup, account: Account) -> None:
    await front.new_chat("u2i-0~z", messages=[{"text": "Давно", "seconds_ago": 86_400}])
    await connected(front, account)
    for number in range(230):
        await front.new_chat(f"u2i-{number}~a", messages=[{"text": "Привет", "seconds_ago": 100, "is_read": False}])
    swept = await front.account_activities.sweep(account.id)
    assert swept.found == len(set(chats(front))) == 230
    assert front.world.journal.violations() == []


async def test_avito_out_of_reach_is_told_and_nothing_is_remembered(front: ChannelsSetup, account: Account) -> None:
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


async def test_an_idle_account_costs_few_statements(front: ChannelsSetup, account: Account) -> None:
    await keep_account(front, account)
    await connected(front, account)
    statements: list[str] = []
    engine = front.sessions.kw["bind"].sync_engine

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    await front.account_activities.keep(account.id)
    event.remove(engine, "before_cursor_execute", note)
    assert len(statements) == 2
