"""A message that staff write in a topic is kept once, sealed and in order, and wakes its conversation."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from activities.conversations.core.wake import Side, Woken
from models import Account, Attachment, Bot, Copy, Dialog, Message, TelegramUpdate
from models.conversations.message import BODY, Author, Delivery, Direction
from models.kernel.columns import unseal
from tests.activities.channels.inbox.updates import GROUP, SENT_AT, command, only_message, sticker, take, update
from tests.activities.channels_setup import ChannelsSetup
from tests.database_content import dump


async def test_a_reply_in_a_topic_waits_for_its_conversation(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    woken = await take(channels, bot, update(text="Да, продаётся", reply_to_message=reply(38)))
    assert woken == [Woken(dialog.avito_account_id, dialog.avito_dialog_id, Side.STAFF)]
    message, body = await only_message(channels)
    assert body == {"text": "Да, продаётся", "from_id": 501, "from_name": "Анна"}
    assert (message.dialog_id, message.kind, message.source_key) == (dialog.id, "text", f"telegram:{GROUP}:40")
    assert (message.direction, message.author, message.status) == (Direction.TELEGRAM, Author.STAFF, Delivery.PENDING)
    assert (message.telegram_chat_id, message.telegram_message_id, message.reply_to_telegram_id) == (GROUP, 40, 38)
    assert (message.created_at, message.received_at) == (datetime.fromtimestamp(SENT_AT, UTC), channels.clock())
    [copy] = await channels.rows(Copy)
    assert (copy.chat_id, copy.telegram_message_id, copy.message_id) == (GROUP, 40, message.id)


def reply(message_id: int) -> dict[str, Any]:
    return {"message_id": message_id, "date": SENT_AT, "chat": {"id": GROUP, "type": "supergroup"}, "text": "…"}


async def test_words_and_names_are_sealed_in_the_rows(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    await take(channels, bot, update(text="Тайное слово"))
    everything = repr(await dump(channels.sessions))
    assert "Тайное" not in everything
    assert "Анна" not in everything


async def test_messages_keep_their_order(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    for number in range(1, 6):
        await channels.inbox.store_update(bot, update(text=str(number), message_id=number))
    messages = sorted(await channels.rows(Message), key=lambda message: message.number)
    assert [unseal(channels.keyring, BODY, message.body_sealed)["text"] for message in messages] == list("12345")


async def test_the_same_update_at_the_same_moment_is_taken_once(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog
) -> None:
    raw = update()
    woken = await asyncio.gather(*(channels.inbox.store_update(bot, raw) for _ in range(8)))
    assert sum(map(len, woken)) == 1
    assert len(await channels.rows(Message)) == len(await channels.rows(TelegramUpdate)) == 1


async def test_a_message_that_comes_under_a_second_update_id_is_stored_once(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog
) -> None:
    await take(channels, bot, update(message_id=41))
    assert await take(channels, bot, update(message_id=41)) == []
    assert len(await channels.rows(Message)) == 1


async def test_a_note_stays_among_the_staff(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    assert await take(channels, bot, update(text="// клиент сложный")) == []
    message, _ = await only_message(channels)
    assert (message.kind, message.status, message.settled_at) == ("note", Delivery.DELIVERED, channels.clock())


async def test_a_picture_with_a_note_under_it_is_a_note(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 60}]
    assert await take(channels, bot, update(photo=photo, caption="// закупка 5000")) == []
    assert (await only_message(channels))[0].kind == "note"
    assert await channels.rows(Attachment) == []


async def test_a_command_waits_with_its_argument(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    raw = command("/t hello world", reply_to_message=reply(39))
    assert await take(channels, bot, raw) == [Woken(dialog.avito_account_id, dialog.avito_dialog_id, Side.STAFF)]
    message, body = await only_message(channels)
    assert (message.kind, body["name"], body["argument"]) == ("command", "t", "hello world")
    assert (message.status, message.reply_to_telegram_id) == (Delivery.PENDING, 39)


async def test_each_change_of_a_message_is_an_event_of_its_own(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog
) -> None:
    await take(channels, bot, update())
    for text, edited_at in (("Нет", SENT_AT + 5), ("Да", SENT_AT + 5), ("Нет", SENT_AT + 9)):
        assert len(await take(channels, bot, update(kind="edited_message", text=text, edit_date=edited_at))) == 1
    edits = [message for message in await channels.rows(Message) if message.kind == "edited"]
    assert sorted(edit.source_key[:-9] for edit in edits) == [
        f"telegram:{GROUP}:40:edit:{SENT_AT + 5}",
        f"telegram:{GROUP}:40:edit:{SENT_AT + 5}",
        f"telegram:{GROUP}:40:edit:{SENT_AT + 9}",
    ]
    assert len(await channels.rows(Copy)) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (update, {"text": "Да, продаётся"}),
        (update, {"text": "Да,  продаётся", "entities": [{"type": "bold", "offset": 0, "length": 2}]}),
        (lambda: update(text="// звонил"), {"text": "// звонил вчера"}),
        (lambda: command("/close"), {"text": "/block"}),
        (lambda: update(something_new={"x": 1}), {"something_new": {"x": 2}}),
        (lambda: update(message_id=41), {"text": "Да"}),
    ],
)
async def test_an_edit_of_which_the_buyer_misses_nothing_is_not_kept(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog, before: Callable[[], dict[str, Any]], after: dict[str, Any]
) -> None:
    """A reaction, a preview, a pin; a note; a command; what cannot be sent; a message from before."""
    await take(channels, bot, before())
    for edited_at in (0, SENT_AT + 5):
        assert await take(channels, bot, update(kind="edited_message", edit_date=edited_at, **after)) == []
    assert len(await channels.rows(Message)) == 1


@pytest.mark.parametrize(
    ("make", "statements"),
    [(update, 3), (lambda: update(**sticker()), 4), (lambda: update(thread_id=None, text="// обед"), 0)],
)
async def test_an_update_costs_few_statements(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog, make: Callable[[], dict[str, Any]], statements: int
) -> None:
    engine = channels.sessions.kw["bind"].sync_engine
    done: list[str] = []

    def note(*args: object) -> None:
        done.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    await channels.inbox.store_update(bot, make())
    event.remove(engine, "before_cursor_execute", note)
    assert len(done) == statements


async def test_updates_of_the_sandbox_arrive_through_the_webhook(
    channels: ChannelsSetup, account: Account, bot: Bot
) -> None:
    group = await channels.new_group(bot)
    thread = (await channels.post(f"/groups/{group}/topics", name="Велосипед"))["thread_id"]
    dialog = await channels.new_dialog(account, telegram_chat_id=group, telegram_topic_id=thread)
    await channels.bot_activities.keep(bot.id)
    await channels.fault("telegram", "duplicate-hooks")
    await channels.post(f"/groups/{group}/topics/{thread}/messages", text="Да, продаётся")
    await channels.world.hooks.settled()
    assert channels.woken == [(account.id, dialog.avito_dialog_id, Side.STAFF)]
    _, body = await only_message(channels)
    assert body["text"] == "Да, продаётся"
    assert channels.world.journal.violations() == []
