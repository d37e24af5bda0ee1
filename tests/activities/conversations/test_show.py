"""A buyer's messages come into the topic: once, in order, in every kind, whatever goes wrong on the way."""

import pytest

from activities.conversations.telegram_side.rendering import body_of
from domain.conversations.content import read_content
from domain.kernel.crypto import Keyring
from gateways.storage.client import Storage
from models import Bot
from models.conversations.message import Author, Delivery
from models.conversations.sends import attachments_of
from models.kernel.database import Sessions
from models.people.organisation import MarkRead
from tests.conversation_setup import ConversationSetup, new_conversation_setup
from tests.sandbox_server import Sandbox


async def test_the_first_message_makes_a_topic_with_a_pinned_card(relay: ConversationSetup) -> None:
    await relay.buyer("Здравствуйте! Ещё продаётся?")
    standing = await relay.show()
    card, message = await relay.topic()
    assert "Велосипед Stels" in card["text"]
    assert "12 500 ₽" in card["text"]
    assert card["pinned"]
    assert message["text"] == "Здравствуйте! Ещё продаётся?"
    assert not standing.to_show
    assert standing.unanswered


async def test_many_messages_keep_their_order(relay: ConversationSetup) -> None:
    texts = [f"Вопрос {number}" for number in range(60)]
    for text in texts:
        await relay.buyer(text)
    await relay.show()
    assert await relay.said() == texts


async def test_what_was_shown_is_not_shown_again(relay: ConversationSetup) -> None:
    await relay.buyer("Раз")
    await relay.show()
    await relay.show()
    await relay.buyer("Два")
    await relay.show()
    assert await relay.said() == ["Раз", "Два"]


async def test_a_reply_in_avitos_app_is_shown_and_answers_the_buyer(relay: ConversationSetup) -> None:
    await relay.change_organisation(auto_reply_enabled=True)
    await relay.buyer("Ещё продаётся?")
    assert (await relay.show()).auto_reply_at is not None
    await relay.seller_in_app("Да, продаётся")
    standing = await relay.show()
    assert (await relay.said())[-1] == "Ответ из приложения Avito: Да, продаётся"
    assert standing.auto_reply_at is None
    assert not standing.unanswered


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("image", "photo"),
        ("voice", "voice"),
        ("location", "venue"),
        ("call", "text"),
        ("video", "text"),
        ("file", "text"),
    ],
)
async def test_every_kind_is_shown_or_told_of(relay: ConversationSetup, kind: str, shown: str) -> None:
    await relay.buyer(type=kind)
    await relay.show()
    message = (await relay.topic())[-1]
    assert message["kind"] in (shown, "location")
    assert [row.status for row in await relay.messages()] == [Delivery.DELIVERED]


async def test_a_voice_that_telegram_refuses_comes_as_a_file(relay: ConversationSetup) -> None:
    await relay.sandbox.fault("telegram", "no-voice")
    await relay.buyer(type="voice")
    await relay.show()
    assert (await relay.topic())[-1]["kind"] == "document"


async def test_a_quotation_answers_the_message_that_it_quotes(relay: ConversationSetup) -> None:
    quoted = await relay.buyer("Первое")
    await relay.buyer("Второе")
    await relay.buyer("Об этом", quote_id=quoted)
    await relay.show()
    _, first, _, answer = await relay.topic()
    assert answer["reply_to"] == first["message_id"]


async def test_a_chat_is_marked_read_when_all_is_shown(relay: ConversationSetup) -> None:
    await relay.buyer("Ещё продаётся?")
    await relay.show()
    assert len(relay.sandbox.calls("/read")) == 1
    await relay.show()
    assert len(relay.sandbox.calls("/read")) == 1


async def test_a_chat_stays_unread_where_the_organisation_wants_it(relay: ConversationSetup) -> None:
    await relay.change_organisation(mark_read=MarkRead.NEVER)
    await relay.buyer("Ещё продаётся?")
    assert not (await relay.show()).to_show
    assert relay.sandbox.calls("/read") == []


async def test_words_of_the_filter_are_kept_out_of_the_topic(relay: ConversationSetup) -> None:
    await relay.change_organisation(filter_keywords=["реклам*"], auto_reply_enabled=True)
    await relay.buyer("Рекламируем ваш товар")
    standing = await relay.show()
    assert standing.auto_reply_at is None
    assert not standing.unanswered
    assert (await relay.dialog()).telegram_topic_id is None
    assert [row.hidden for row in await relay.messages()] == [True]


async def test_of_what_was_there_before_the_account_only_recent_unread_messages_are_taken(
    relay: ConversationSetup,
) -> None:
    await relay.change_organisation(auto_reply_enabled=True)
    old = [{"text": f"Старое {number}", "seconds_ago": 9000 - number, "is_read": False} for number in range(15)]
    read = [{"text": "Прочитанное", "seconds_ago": 10_000}]
    made = await relay.sandbox.post(f"/accounts/{relay.user_id}/chats", buyer_name="Пётр", messages=[*read, *old])
    relay.chat_id = made["chat_id"]
    standing = await relay.show()
    assert await relay.said() == [f"Старое {number}" for number in range(5, 15)]
    assert standing.auto_reply_at is None
    await relay.show()
    assert len(await relay.said()) == 10


async def test_a_chat_with_nothing_new_makes_no_topic(relay: ConversationSetup) -> None:
    made = await relay.sandbox.post(
        f"/accounts/{relay.user_id}/chats", messages=[{"text": "Прочитанное", "seconds_ago": 10_000}]
    )
    relay.chat_id = made["chat_id"]
    standing = await relay.show()
    assert standing.known
    assert not standing.to_show
    assert await relay.messages() == []


async def test_a_chat_that_avito_does_not_know_is_none(relay: ConversationSetup) -> None:
    relay.chat_id = "u2i-nowhere"
    assert not (await relay.show()).known


async def test_avitos_own_autoresponder_is_reported_once(relay: ConversationSetup) -> None:
    flow = {"text": "Спасибо за обращение", "flow_id": "flower_161071"}
    await relay.buyer(type="system", content=flow)
    await relay.buyer(type="system", content=flow)
    await relay.show()
    said = await relay.said()
    assert len(said) == 1
    assert "автоответчик" in said[0]


async def test_a_deleted_message_is_told_of_under_the_message(relay: ConversationSetup) -> None:
    gone = await relay.buyer("Уберу потом")
    await relay.show()
    await relay.sandbox.post(f"/accounts/{relay.user_id}/chats/{relay.chat_id}/messages/{gone}/delete")
    await relay.show()
    await relay.show()
    _, message, notice = await relay.topic()
    assert notice["reply_to"] == message["message_id"]
    assert (await relay.messages())[0].deleted_at is not None


async def test_the_seller_app_and_the_buyer_are_told_apart(relay: ConversationSetup) -> None:
    await relay.buyer("Вопрос")
    await relay.seller_in_app("Ответ")
    await relay.show()
    assert [row.author for row in await relay.messages()] == [Author.BUYER, Author.SELLER_APP]


async def test_files_are_kept_in_the_store(
    sandbox: Sandbox, sessions: Sessions, keyring: Keyring, storage: Storage
) -> None:
    async with new_conversation_setup(sandbox, sessions, keyring, storage) as relay:
        await relay.buyer(type="image")
        await relay.buyer(type="voice")
        await relay.show()
        dialog = await relay.dialog()
        async with sessions() as session:
            files = await attachments_of(session, [row.id for row in await relay.messages()])
        assert {file.content_type for file in files} == {"image/jpeg", "audio/ogg"}
        for file in files:
            assert file.storage_key is not None
            assert file.storage_key.startswith(f"conversations/{dialog.id}/{file.message_id}/0.")
            assert file.size == len(await storage.get(file.storage_key, 10_000_000))


async def test_a_picture_that_is_not_to_be_had_is_told_of_and_holds_nobody_up(relay: ConversationSetup) -> None:
    await relay.buyer(type="image", content={"image": {"sizes": {"1x1": "https://example.com/a.jpg"}}})
    await relay.buyer("Видно?")
    await relay.show()
    said = await relay.said()
    assert "изображение" in said[0]
    assert said[1] == "Видно?"


def test_half_a_character_does_not_keep_a_message_from_being_stored() -> None:
    """JSON can hold it, and nobody else."""
    body = body_of(read_content("text", {"text": "Да \ud83d нет"}))
    assert body["text"].encode() == "Да ? нет".encode()


async def test_a_dialog_closed_before_the_bot_changed_its_group_asks_for_nothing(relay: ConversationSetup) -> None:
    await relay.buyer("Ещё продаётся?")
    await relay.show()
    other = await relay.sandbox.group(relay.token)
    async with relay.sessions.begin() as session:
        (await session.get_one(Bot, relay.bot_id)).group_chat_id = other
    await relay.change("close")
    assert not (await relay.show()).to_show
