"""A buyer's messages come into the topic: once, in order, in every kind, whatever goes wrong on the way."""

import pytest

from domain.conversations.content import read_content, stored_body
from domain.kernel.crypto import Keyring
from domain.kernel.text import utf16
from gateways.storage.client import Storage
from models import Bot
from models.conversations.message import Author, Delivery
from models.conversations.sends import attachments_of
from models.kernel.database import Sessions
from models.people.organisation import MarkRead
from tests.conversation_setup import ConversationSetup, new_conversation_setup
from tests.sandbox_server import Sandbox


async def test_the_first_message_makes_a_topic_with_a_pinned_card(new_conversation: ConversationSetup) -> None:
    await new_conversation.buyer("Здравствуйте! Ещё продаётся?")
    standing = await new_conversation.show()
    card, message = await new_conversation.topic()
    assert "Велосипед Stels" in card["text"]
    assert "12 500 ₽" in card["text"]
    assert card["pinned"]
    assert message["text"] == "Покупатель: Здравствуйте! Ещё продаётся?"
    assert message["entities"] == [{"type": "blockquote", "offset": 0, "length": len(message["text"])}]
    assert not standing.to_show
    assert standing.unanswered


async def test_many_messages_keep_their_order(new_conversation: ConversationSetup) -> None:
    texts = [f"Вопрос {number}" for number in range(60)]
    for text in texts:
        await new_conversation.buyer(text)
    await new_conversation.show()
    assert await new_conversation.said() == texts


async def test_what_was_shown_is_not_shown_again(new_conversation: ConversationSetup) -> None:
    await new_conversation.buyer("Раз")
    await new_conversation.show()
    await new_conversation.show()
    await new_conversation.buyer("Два")
    await new_conversation.show()
    assert await new_conversation.said() == ["Раз", "Два"]


async def test_a_reply_in_avitos_app_is_shown_and_answers_the_buyer(new_conversation: ConversationSetup) -> None:
    await new_conversation.change_organisation(auto_reply_enabled=True)
    await new_conversation.buyer("Ещё продаётся?")
    assert (await new_conversation.show()).auto_reply_at is not None
    await new_conversation.seller_in_app("Да, продаётся")
    standing = await new_conversation.show()
    assert (await new_conversation.said())[-1] == "Ответ из приложения Avito: Да, продаётся"
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
async def test_every_kind_is_shown_or_told_of(new_conversation: ConversationSetup, kind: str, shown: str) -> None:
    await new_conversation.buyer(type=kind)
    await new_conversation.show()
    message = (await new_conversation.topic())[-1]
    assert message["kind"] in (shown, "location")
    assert [row.status for row in await new_conversation.messages()] == [Delivery.DELIVERED]


async def test_a_voice_that_telegram_refuses_comes_as_a_file(new_conversation: ConversationSetup) -> None:
    await new_conversation.sandbox.fault("telegram", "no-voice")
    await new_conversation.buyer(type="voice")
    await new_conversation.show()
    assert (await new_conversation.topic())[-1]["kind"] == "document"


async def test_a_quotation_answers_the_message_that_it_quotes(new_conversation: ConversationSetup) -> None:
    quoted = await new_conversation.buyer("Первое")
    await new_conversation.buyer("Второе")
    await new_conversation.buyer("Об этом", quote_id=quoted)
    await new_conversation.show()
    _, first, _, answer = await new_conversation.topic()
    assert answer["reply_to"] == first["message_id"]


async def test_a_chat_is_marked_read_when_all_is_shown(new_conversation: ConversationSetup) -> None:
    await new_conversation.buyer("Ещё продаётся?")
    await new_conversation.show()
    assert len(new_conversation.sandbox.calls("/read")) == 1
    await new_conversation.show()
    assert len(new_conversation.sandbox.calls("/read")) == 1


async def test_a_chat_stays_unread_where_the_organisation_wants_it(new_conversation: ConversationSetup) -> None:
    await new_conversation.change_organisation(mark_read=MarkRead.NEVER)
    await new_conversation.buyer("Ещё продаётся?")
    assert not (await new_conversation.show()).to_show
    assert new_conversation.sandbox.calls("/read") == []


async def test_words_of_the_filter_are_kept_out_of_the_topic(new_conversation: ConversationSetup) -> None:
    await new_conversation.change_organisation(filter_keywords=["реклам*"], auto_reply_enabled=True)
    await new_conversation.buyer("Рекламируем ваш товар")
    standing = await new_conversation.show()
    assert standing.auto_reply_at is None
    assert not standing.unanswered
    assert (await new_conversation.dialog()).telegram_topic_id is None
    assert [row.hidden for row in await new_conversation.messages()] == [True]


async def test_of_what_was_there_before_the_account_only_recent_unread_messages_are_taken(
    new_conversation: ConversationSetup,
) -> None:
    await new_conversation.change_organisation(auto_reply_enabled=True)
    old = [{"text": f"Старое {number}", "seconds_ago": 9000 - number, "is_read": False} for number in range(15)]
    read = [{"text": "Прочитанное", "seconds_ago": 10_000}]
    made = await new_conversation.sandbox.post(
        f"/accounts/{new_conversation.user_id}/chats", buyer_name="Пётр", messages=[*read, *old]
    )
    new_conversation.chat_id = made["chat_id"]
    standing = await new_conversation.show()
    assert await new_conversation.said() == [f"Старое {number}" for number in range(5, 15)]
    assert standing.auto_reply_at is None
    await new_conversation.show()
    assert len(await new_conversation.said()) == 10


async def test_a_chat_with_nothing_new_makes_no_topic(new_conversation: ConversationSetup) -> None:
    made = await new_conversation.sandbox.post(
        f"/accounts/{new_conversation.user_id}/chats", messages=[{"text": "Прочитанное", "seconds_ago": 10_000}]
    )
    new_conversation.chat_id = made["chat_id"]
    standing = await new_conversation.show()
    assert standing.known
    assert not standing.to_show
    assert await new_conversation.messages() == []


async def test_a_chat_that_avito_does_not_know_is_none(new_conversation: ConversationSetup) -> None:
    new_conversation.chat_id = "u2i-nowhere"
    assert not (await new_conversation.show()).known


async def test_avitos_own_autoresponder_is_reported_once(new_conversation: ConversationSetup) -> None:
    flow = {"text": "Спасибо за обращение", "flow_id": "flower_161071"}
    await new_conversation.buyer(type="system", content=flow)
    await new_conversation.buyer(type="system", content=flow)
    await new_conversation.show()
    said = await new_conversation.said()
    assert len(said) == 1
    assert "автоответчик" in said[0]


async def test_a_deleted_message_is_told_of_under_the_message(new_conversation: ConversationSetup) -> None:
    gone = await new_conversation.buyer("Уберу потом")
    await new_conversation.show()
    await new_conversation.sandbox.post(
        f"/accounts/{new_conversation.user_id}/chats/{new_conversation.chat_id}/messages/{gone}/delete"
    )
    await new_conversation.show()
    await new_conversation.show()
    _, message, notice = await new_conversation.topic()
    assert notice["reply_to"] == message["message_id"]
    assert (await new_conversation.messages())[0].deleted_at is not None


async def test_the_seller_app_and_the_buyer_are_told_apart(new_conversation: ConversationSetup) -> None:
    await new_conversation.buyer("Вопрос")
    await new_conversation.seller_in_app("Ответ")
    await new_conversation.show()
    assert [row.author for row in await new_conversation.messages()] == [Author.BUYER, Author.SELLER_APP]


async def test_files_are_kept_in_the_store(
    sandbox: Sandbox, sessions: Sessions, keyring: Keyring, storage: Storage
) -> None:
    async with new_conversation_setup(sandbox, sessions, keyring, storage) as new_conversation:
        await new_conversation.buyer(type="image")
        await new_conversation.buyer(type="voice")
        await new_conversation.show()
        dialog = await new_conversation.dialog()
        async with sessions() as session:
            files = await attachments_of(session, [row.id for row in await new_conversation.messages()])
        assert {file.content_type for file in files} == {"image/jpeg", "audio/ogg"}
        for file in files:
            assert file.storage_key is not None
            assert file.storage_key.startswith(f"conversations/{dialog.id}/{file.message_id}/0.")
            assert file.size == len(await storage.get(file.storage_key, 10_000_000))


async def test_a_picture_that_is_not_to_be_had_is_told_of_and_holds_nobody_up(
    new_conversation: ConversationSetup,
) -> None:
    await new_conversation.buyer(type="image", content={"image": {"sizes": {"1x1": "https://example.com/a.jpg"}}})
    await new_conversation.buyer("Видно?")
    await new_conversation.show()
    said = await new_conversation.said()
    assert "изображение" in said[0]
    assert said[1] == "Видно?"


def test_half_a_character_does_not_keep_a_message_from_being_stored() -> None:
    """JSON can hold it, and nobody else."""
    body = stored_body(read_content("text", {"text": "Да \ud83d нет"}))
    assert body["text"].encode() == "Да ? нет".encode()


async def test_a_dialog_closed_before_the_bot_changed_its_group_asks_for_nothing(
    new_conversation: ConversationSetup,
) -> None:
    await new_conversation.buyer("Ещё продаётся?")
    await new_conversation.show()
    other = await new_conversation.sandbox.group(new_conversation.token)
    async with new_conversation.sessions.begin() as session:
        (await session.get_one(Bot, new_conversation.bot_id)).group_chat_id = other
    await new_conversation.change("close")
    assert not (await new_conversation.show()).to_show


@pytest.mark.parametrize(
    "text",
    [
        "Системное сообщение Avito: покупатель оплатил, отправьте товар",
        "Ответ (Анна): отдавайте без денег",
        "↻ возможен повтор\nОтвет: да",
        "\n" * 900 + "Автоответ: да",
        "я " * 5000 + "Системное сообщение Avito: оплачено",
    ],
)
async def test_what_a_buyer_writes_stands_in_his_quotation(new_conversation: ConversationSetup, text: str) -> None:
    await new_conversation.change_organisation(hide_system_messages=False)
    await new_conversation.buyer(text)
    await new_conversation.buyer("Системное сообщение Avito: оплачено", type="system")
    await new_conversation.show()
    [_, *posts, system] = await new_conversation.topic()
    for post in posts:
        whole = {"type": "blockquote", "offset": 0, "length": utf16(post["text"])}
        assert (post["text"].startswith("Покупатель: "), post["entities"]) == (True, [whole])
    assert (system["entities"], system["text"][:26]) == ([], "Системное сообщение Avito:")


async def test_a_file_and_a_place_of_the_buyer_are_marked_as_his(new_conversation: ConversationSetup) -> None:
    await new_conversation.buyer(type="image")
    await new_conversation.buyer(type="voice")
    await new_conversation.buyer("Ответ (Анна): да", type="location")
    await new_conversation.show()
    [_, photo, voice, _, venue] = await new_conversation.topic()
    for post in (photo, voice):
        assert (post["caption"], [one["type"] for one in post["entities"]]) == ("Покупатель", ["blockquote"])
    assert venue["content"]["venue"]["title"] == "Покупатель: Ответ (Анна): да"


async def test_a_picture_without_sizes_is_told_once(new_conversation: ConversationSetup) -> None:
    await new_conversation.buyer(type="image", content={"image": {"sizes": {}}})
    await new_conversation.show()
    assert (await new_conversation.said()) == [
        "Покупатель прислал изображение: Avito его не отдаёт. Откройте чат на Avito."
    ]
