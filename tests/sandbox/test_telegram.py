"""The stand-in for the Bot API, spoken to by the library that the product uses."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InputMediaPhoto,
    Message,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
)

from sandbox.telegram.kinds import SAMPLE_OGG
from tests.sandbox.conftest import TOKEN, Served
from tests.sandbox.telegram_world import PNG, photo, shown, topic


async def test_bot_knows_itself_and_a_wrong_token_is_refused(telegram: Served) -> None:
    me = await telegram.bot.get_me()
    assert (me.id, me.username, me.is_bot) == (777, "privet_bot", True)
    with pytest.raises(TelegramUnauthorizedError):
        await Bot("778:wrong", session=telegram.bot.session).get_me()


async def test_method_that_does_not_exist_is_a_violation(telegram: Served) -> None:
    class SendTelepathy(TelegramMethod[bool]):
        __returning__ = bool
        __api_method__ = "sendTelepathy"

    with pytest.raises(TelegramNotFound):
        await telegram.bot(SendTelepathy())
    assert "sendTelepathy" in telegram.world.journal.violations()[0]


async def test_topic_shows_everything_that_the_bot_sent_in_order(telegram: Served) -> None:
    chat_id = await telegram.group()
    thread_id = await topic(telegram, chat_id)
    bot = telegram.bot
    where: Any = {"chat_id": chat_id, "message_thread_id": thread_id}
    text = await bot.send_message(
        text="Карточка 😀 тут", entities=[MessageEntity(type="bold", offset=12, length=3)], **where
    )
    answer = await bot.send_photo(
        photo=photo(), caption="Фото", reply_parameters=ReplyParameters(message_id=text.message_id), **where
    )
    await bot.send_voice(voice=BufferedInputFile(SAMPLE_OGG, "voice.ogg"), duration=2, **where)
    await bot.send_document(document=BufferedInputFile(b"%PDF", "price.pdf"), **where)
    await bot.send_location(latitude=55.75, longitude=37.61, **where)
    await bot.send_venue(latitude=55.75, longitude=37.61, title="Магазин", address="Тверская, 1", **where)
    album = await bot.send_media_group(
        media=[InputMediaPhoto(media=photo(), caption="Две"), InputMediaPhoto(media=photo())], **where
    )
    assert text.is_topic_message
    assert text.message_thread_id == thread_id
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.message_id == text.message_id
    assert len({message.media_group_id for message in album}) == 1
    kinds = [message["kind"] for message in await shown(telegram, chat_id, thread_id)]
    assert kinds == ["text", "photo", "voice", "document", "location", "venue", "photo", "photo"]
    assert telegram.world.journal.violations() == []


async def test_file_that_was_sent_can_be_downloaded_and_sent_again_by_its_id(telegram: Served) -> None:
    chat_id = await telegram.group()
    sent = await telegram.bot.send_photo(chat_id, photo())
    assert sent.photo is not None
    small, large = sent.photo
    assert small.width < large.width
    downloaded = await telegram.bot.download(large)
    assert downloaded is not None
    assert downloaded.read() == PNG
    again = await telegram.bot.send_photo(chat_id, large.file_id)
    assert again.photo is not None


REFUSED: dict[str, tuple[str, Callable[[Bot, int], Awaitable[Any]]]] = {
    "no text": ("text is empty", lambda bot, chat: bot.send_message(chat, " ")),
    "4097 characters": ("too long", lambda bot, chat: bot.send_message(chat, "а" * 4097)),
    "2049 surrogate pairs": ("too long", lambda bot, chat: bot.send_message(chat, "😀" * 2049)),
    "a caption of 1025": ("caption is too long", lambda bot, chat: bot.send_photo(chat, photo(), caption="а" * 1025)),
    "a bold word beyond the end": (
        "beyond the end",
        lambda bot, chat: bot.send_message(chat, "да", entities=[MessageEntity(type="bold", offset=1, length=2)]),
    ),
    "broken HTML": ("can't parse", lambda bot, chat: bot.send_message(chat, "<b>да", parse_mode="HTML")),
    "an unknown topic": ("thread not found", lambda bot, chat: bot.send_message(chat, "да", message_thread_id=999)),
    "an answer to nothing": (
        "replied not found",
        lambda bot, chat: bot.send_message(chat, "да", reply_parameters=ReplyParameters(message_id=999)),
    ),
    "a photo that is text": ("IMAGE", lambda bot, chat: bot.send_photo(chat, BufferedInputFile(b"text", "a.png"))),
    "a voice that is MP4": ("OGG", lambda bot, chat: bot.send_voice(chat, BufferedInputFile(b"\0\0\0\x18ftyp", "a"))),
    "an empty file": ("non-empty", lambda bot, chat: bot.send_document(chat, BufferedInputFile(b"", "a.pdf"))),
    "an album of one": (
        "2-10",
        lambda bot, chat: bot.send_media_group(chat, [InputMediaPhoto(media=photo())]),
    ),
    "a nameless topic": ("topic name", lambda bot, chat: bot.create_forum_topic(chat, " ")),
    "a name of 129": ("topic name", lambda bot, chat: bot.create_forum_topic(chat, "а" * 129)),
    "a pin of nothing": ("pin not found", lambda bot, chat: bot.pin_chat_message(chat, 999)),
    "a stranger's chat": ("chat not found", lambda bot, _chat: bot.send_message(-100, "да")),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_telegram_refuses_is_refused(telegram: Served, case: str) -> None:
    words, attempt = REFUSED[case]
    chat_id = await telegram.group()
    with pytest.raises(TelegramBadRequest, match=words):
        await attempt(telegram.bot, chat_id)
    group = telegram.world.telegram.groups[chat_id]
    assert group.messages == {}


async def test_html_becomes_text_and_entities(telegram: Served) -> None:
    chat_id = await telegram.group()
    sent = await telegram.bot.send_message(chat_id, "<b>😀 Ольга</b> &lt;3", parse_mode="HTML")
    assert sent.text == "😀 Ольга <3"
    assert sent.entities is not None
    assert [(entity.type, entity.offset, entity.length) for entity in sent.entities] == [("bold", 0, 8)]


async def test_reaction_is_one_of_telegrams_list(telegram: Served) -> None:
    chat_id = await telegram.group()
    sent = await telegram.bot.send_message(chat_id, "Да")
    await telegram.bot.set_message_reaction(chat_id, sent.message_id, [ReactionTypeEmoji(emoji="👌")])
    for emoji in ("✅", "❌", "⏳"):
        with pytest.raises(TelegramBadRequest, match="REACTION_INVALID"):
            await telegram.bot.set_message_reaction(chat_id, sent.message_id, [ReactionTypeEmoji(emoji=emoji)])
    state = (await telegram.http.get("/sandbox/state")).json()
    assert state["groups"][0]["general"][0]["reactions"] == ["👌"]


async def test_card_is_edited_pinned_and_deleted(telegram: Served) -> None:
    chat_id = await telegram.group()
    card = await telegram.bot.send_message(chat_id, "12 500 ₽")
    await telegram.bot.pin_chat_message(chat_id, card.message_id)
    changed = await telegram.bot.edit_message_text("11 000 ₽", chat_id=chat_id, message_id=card.message_id)
    assert isinstance(changed, Message)
    assert changed.edit_date
    with pytest.raises(TelegramBadRequest, match="not modified"):
        await telegram.bot.edit_message_text("11 000 ₽", chat_id=chat_id, message_id=card.message_id)
    await telegram.bot.delete_message(chat_id, card.message_id)
    with pytest.raises(TelegramBadRequest, match="to delete not found"):
        await telegram.bot.delete_message(chat_id, card.message_id)


async def test_closed_topic_takes_messages_after_it_is_opened_again(telegram: Served) -> None:
    chat_id = await telegram.group()
    thread_id = await topic(telegram, chat_id)
    await telegram.post(f"/groups/{chat_id}/topics/{thread_id}/close")
    with pytest.raises(TelegramBadRequest, match="TOPIC_CLOSED"):
        await telegram.bot.send_message(chat_id, "да", message_thread_id=thread_id)
    await telegram.bot.reopen_forum_topic(chat_id, thread_id)
    await telegram.bot.send_message(chat_id, "да", message_thread_id=thread_id)
    await telegram.bot.edit_forum_topic(chat_id, thread_id, name="Ольга")
    await telegram.post(f"/groups/{chat_id}/topics/{thread_id}/delete")
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await telegram.bot.send_message(chat_id, "да", message_thread_id=thread_id)


async def test_bot_finds_its_place_in_the_group(telegram: Served) -> None:
    chat_id = await telegram.group()
    chat = await telegram.bot.get_chat(chat_id)
    member = await telegram.bot.get_chat_member(chat_id, telegram.bot.id)
    await telegram.bot.set_my_commands([BotCommand(command="getid", description="Номер чата")])
    assert chat.is_forum
    assert member.status == "administrator"
    await telegram.post(f"/groups/{chat_id}/kick", bot_token=TOKEN)
    with pytest.raises(TelegramForbiddenError):
        await telegram.bot.send_message(chat_id, "да")
    await telegram.post(f"/groups/{chat_id}/invite", bot_token=TOKEN)
    await telegram.bot.send_message(chat_id, "да")


@pytest.mark.parametrize(
    ("role", "status", "refused"),
    [
        ("no-topics", "administrator", "not enough rights to create a topic"),
        ("member", "member", "not enough rights to create a topic"),
        ("restricted", "restricted", "not enough rights to create a topic"),
    ],
)
async def test_bot_with_fewer_rights_hears_of_it_and_makes_no_topic(
    telegram: Served, role: str, status: str, refused: str
) -> None:
    chat_id = await telegram.group()
    await telegram.post(f"/groups/{chat_id}/role", bot_token=TOKEN, role=role)
    [update] = [one for one in await telegram.bot.get_updates() if one.my_chat_member]
    assert update.my_chat_member is not None
    assert update.my_chat_member.old_chat_member.status == "administrator"
    assert update.my_chat_member.new_chat_member.status == status
    assert (await telegram.bot.get_chat_member(chat_id, telegram.bot.id)).status == status
    with pytest.raises(TelegramBadRequest, match=refused):
        await telegram.bot.create_forum_topic(chat_id, "Велосипед")
    await telegram.post(f"/groups/{chat_id}/role", bot_token=TOKEN, role="administrator")
    await telegram.bot.create_forum_topic(chat_id, "Велосипед")


async def test_restricted_bot_may_not_write(telegram: Served) -> None:
    chat_id = await telegram.group()
    await telegram.post(f"/groups/{chat_id}/role", bot_token=TOKEN, role="restricted")
    with pytest.raises(TelegramBadRequest, match="not enough rights to send text messages to the chat"):
        await telegram.bot.send_message(chat_id, "да")


async def test_topics_that_are_switched_off_come_back_as_they_were(telegram: Served) -> None:
    chat_id = await telegram.group()
    thread_id = await topic(telegram, chat_id)
    await telegram.post(f"/groups/{chat_id}/forum", is_forum=False)
    assert not (await telegram.bot.get_chat(chat_id)).is_forum
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await telegram.bot.send_message(chat_id, "да", message_thread_id=thread_id)
    with pytest.raises(TelegramBadRequest, match="the chat is not a forum"):
        await telegram.bot.create_forum_topic(chat_id, "Велосипед")
    await telegram.post(f"/groups/{chat_id}/forum", is_forum=True)
    await telegram.bot.send_message(chat_id, "да", message_thread_id=thread_id)
    assert telegram.world.journal.violations() == []


async def test_migrated_group_says_its_new_id_and_keeps_its_topics(telegram: Served) -> None:
    chat_id = await telegram.group()
    thread_id = await topic(telegram, chat_id)
    await telegram.post(f"/groups/{chat_id}/migrate")
    with pytest.raises(TelegramMigrateToChat) as moved:
        await telegram.bot.send_message(chat_id, "да", message_thread_id=thread_id)
    await telegram.bot.send_message(moved.value.migrate_to_chat_id, "да", message_thread_id=thread_id)


async def test_budget_of_a_group_is_shared_by_its_topics_and_comes_back(telegram: Served) -> None:
    chat_id = await telegram.group()
    await telegram.post(f"/groups/{chat_id}/limit", per_minute=3)
    first, second = await topic(telegram, chat_id), await topic(telegram, chat_id)
    await telegram.bot.send_message(chat_id, "да", message_thread_id=first)
    with pytest.raises(TelegramRetryAfter) as told:
        await telegram.bot.send_message(chat_id, "да", message_thread_id=second)
    assert 50 < told.value.retry_after <= 60
    await telegram.post("/clock", seconds=told.value.retry_after)
    await telegram.bot.send_message(chat_id, "да", message_thread_id=second)
