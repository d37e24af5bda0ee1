"""What bots are told of by the stand-in for Telegram, by polling and by webhooks, also after a restart."""

import asyncio
import base64
from itertools import pairwise
from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiogram.methods import SendMessage
from aiogram.types import MessageEntity

from sandbox.telegram.kinds import KINDS, sample_png
from tests.sandbox.conftest import TOKEN, Ears, Served, served, until
from tests.sandbox.telegram_world import PNG, photo, shown, topic, write


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_every_kind_of_message_reaches_the_bot(telegram: Served, kind: str) -> None:
    chat_id = await telegram.group()
    thread_id = await topic(telegram, chat_id)
    await write(telegram, chat_id, thread_id, kind=kind, text="Да")
    (update,) = await telegram.bot.get_updates()
    message = update.message
    assert message is not None
    names = {"static_sticker": "sticker", "image_document": "document"}
    assert message.content_type == names.get(kind, kind)
    assert message.is_topic_message
    assert message.reply_to_message is not None
    assert message.reply_to_message.forum_topic_created is not None


async def test_album_edit_answer_and_anonymous_administrator_look_as_in_telegram(telegram: Served) -> None:
    chat_id = await telegram.group()
    thread_id = await topic(telegram, chat_id)
    two = [base64.b64encode(sample_png(red)).decode() for red in (1, 2)]
    first, _ = (await telegram.post(f"/groups/{chat_id}/topics/{thread_id}/albums", photos=two, caption="Две"))[
        "message_ids"
    ]
    answer = await write(telegram, chat_id, thread_id, text="Ответ", reply_to=first)
    await telegram.post(
        f"/groups/{chat_id}/topics/{thread_id}/messages/edit", message_id=answer["message_id"], text="Правка"
    )
    await write(telegram, chat_id, thread_id, text="От группы", anonymous_admin=True)
    await write(telegram, chat_id, 0, text="В общем чате", reply_to=first)
    one, other, said, edited, anonymous, general = await telegram.bot.get_updates()
    assert one.message and other.message and said.message and anonymous.message and general.message  # noqa: PT018
    assert one.message.media_group_id == other.message.media_group_id is not None
    assert (one.message.caption, other.message.caption) == ("Две", None)
    assert said.message.reply_to_message and said.message.reply_to_message.message_id == first  # noqa: PT018
    assert edited.edited_message is not None
    assert edited.edited_message.text == "Правка"
    assert anonymous.message.sender_chat is not None
    assert general.message.message_thread_id == first
    assert not general.message.is_topic_message


async def test_bot_is_not_told_what_itself_did_nor_of_deletions(telegram: Served) -> None:
    chat_id = await telegram.group()
    thread_id = await topic(telegram, chat_id)
    await telegram.bot.send_message(chat_id, "да", message_thread_id=thread_id)
    said = await write(telegram, chat_id, thread_id, text="Ой")
    await telegram.bot.get_updates()
    await telegram.post(f"/groups/{chat_id}/topics/{thread_id}/messages/delete-message", message_id=said["message_id"])
    await telegram.post(f"/groups/{chat_id}/topics/{thread_id}/delete")
    updates = await telegram.bot.get_updates()
    assert [update.message.text for update in updates if update.message] == ["Ой"]
    assert len(updates) == 1


async def test_start_in_private_can_be_answered_by_that_bot_only(telegram: Served) -> None:
    await telegram.post("/bots", token="888:other")
    await telegram.post("/private/501/messages", bot_token=TOKEN, text="/start abc")
    (update,) = await telegram.bot.get_updates()
    assert update.message
    assert update.message.entities is not None
    assert (update.message.chat.type, update.message.entities[0].type) == ("private", "bot_command")
    await telegram.bot.send_message(501, "Ссылка")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await Bot("888:other", session=telegram.bot.session).send_message(501, "Ссылка")


async def test_poll_waits_for_an_update_and_confirms_by_offset(telegram: Served) -> None:
    chat_id = await telegram.group()
    waiting = asyncio.create_task(telegram.bot.get_updates(timeout=30))
    await until(lambda: telegram.world.telegram.updates.polled(telegram.bot.id))
    await write(telegram, chat_id, 0, text="Раз")
    (first,) = await waiting
    await write(telegram, chat_id, 0, text="Два")
    (second,) = await telegram.bot.get_updates(offset=first.update_id + 1)
    assert second.update_id == first.update_id + 1
    assert first.update_id > 1_000_000
    assert await telegram.bot.get_updates(offset=second.update_id + 1) == []


async def test_poll_is_refused_beside_a_webhook_and_ended_by_another_poll(telegram: Served, ears: Ears) -> None:
    waiting = asyncio.create_task(telegram.bot.get_updates(timeout=30))
    await until(lambda: telegram.world.telegram.updates.polled(telegram.bot.id))
    assert await telegram.bot.get_updates() == []
    with pytest.raises(TelegramConflictError, match="terminated"):
        await waiting
    await telegram.bot.set_webhook(ears.url)
    with pytest.raises(TelegramConflictError, match="webhook is active"):
        await telegram.bot.get_updates()


async def test_webhook_gets_the_secret_and_every_update_in_order(telegram: Served, ears: Ears) -> None:
    chat_id = await telegram.group()
    await write(telegram, chat_id, 0, text="0")
    await telegram.bot.set_webhook(f"{ears.url}/hook", secret_token="s3cret", allowed_updates=["message"])
    for number in range(1, 30):
        await write(telegram, chat_id, 0, text=str(number))
    await telegram.world.hooks.settled()
    assert [update["message"]["text"] for update in ears.heard] == [str(number) for number in range(30)]
    assert {headers["x-telegram-bot-api-secret-token"] for headers in ears.headers} == {"s3cret"}
    assert all(later["update_id"] == sooner["update_id"] + 1 for sooner, later in pairwise(ears.heard))
    info = await telegram.bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == (f"{ears.url}/hook", 0)


async def test_webhook_must_be_https_outside_of_this_machine(telegram: Served) -> None:
    with pytest.raises(TelegramBadRequest, match="HTTPS"):
        await telegram.bot.set_webhook("http://example.com/hook")
    with pytest.raises(TelegramBadRequest, match="unallowed"):
        await telegram.bot.set_webhook("https://example.com/hook", secret_token="секрет")


async def test_everything_is_found_again_after_a_restart(tmp_path: Path) -> None:
    async with served(tmp_path) as sandbox:
        await sandbox.post("/bots", token=TOKEN)
        chat_id = await sandbox.group()
        thread_id = await topic(sandbox, chat_id)
        sent = await sandbox.bot.send_photo(chat_id, photo(), message_thread_id=thread_id)
        await write(sandbox, chat_id, thread_id, text="Ждёт")
    async with served(tmp_path) as sandbox:
        (update,) = await sandbox.bot.get_updates()
        assert update.message is not None
        assert update.message.text == "Ждёт"
        assert [one["kind"] for one in await shown(sandbox, chat_id, thread_id)] == ["photo", "text"]
        assert sent.photo is not None
        file = await sandbox.bot.download(sent.photo[-1])
        assert file is not None
        assert file.read() == PNG


async def test_json_bodies_are_understood_as_forms_are(telegram: Served) -> None:
    chat_id = await telegram.group()
    call = SendMessage(chat_id=chat_id, text="Да", entities=[MessageEntity(type="bold", offset=0, length=2)])
    body = call.model_dump(include={"chat_id", "text", "entities"}, exclude_none=True)
    answer = await telegram.http.post(f"/bot{TOKEN}/sendMessage", json=body)
    assert answer.json()["result"]["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
