"""What staff write in the topic reaches the buyer: once, in order, or the topic is told why not."""

import asyncio
import base64
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from domain.conversations.limits import NOT_BY_STAFF
from gateways.avito.client import Avito
from models import Message
from models.conversations.dialog import DialogState
from models.conversations.message import BODY, Author, Delivery, Direction, SendStatus
from models.kernel.columns import seal
from models.people.organisation import MarkRead
from tests.activities.conversations.faulty_gateways import Killed, KillingAvito, RefusingAvito
from tests.conversation_setup import ConversationSetup
from tests.factories import make_manager, stored


def picture(color: str = "red", kind: str = "JPEG") -> bytes:
    data = BytesIO()
    Image.new("RGB", (40, 30), color).save(data, kind)
    return data.getvalue()


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


async def test_an_answer_reaches_the_buyer_and_is_marked(conversation: ConversationSetup) -> None:
    written = await conversation.staff("Да, приезжайте")
    standing = await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да, приезжайте"]
    assert await conversation.reactions(written) == ["👌"]
    assert not standing.to_send
    assert not standing.unanswered
    await conversation.buyer_reads()
    await conversation.show()
    assert await conversation.reactions(written) == ["👀"]
    assert (await conversation.messages())[-1].status is Delivery.DELIVERED


async def test_our_own_message_in_the_chat_is_no_reply_from_the_app(conversation: ConversationSetup) -> None:
    await conversation.staff("Да")
    await conversation.answer()
    await conversation.show()
    assert await conversation.said() == ["Ещё продаётся?"]


async def test_answers_keep_their_order(conversation: ConversationSetup) -> None:
    texts = [f"Ответ {number}" for number in range(12)]
    for text in texts:
        await conversation.staff(text)
    await conversation.answer()
    assert conversation.sent_to_buyer() == texts


async def test_a_long_answer_goes_in_parts_that_are_announced(conversation: ConversationSetup) -> None:
    text = " ".join(f"слово{number}" for number in range(300))
    await conversation.staff(text)
    await conversation.answer()
    assert " ".join(conversation.sent_to_buyer()) == text
    assert len(conversation.sent_to_buyer()) == 3
    assert "3 частями" in (await conversation.said())[-1]


async def test_a_failed_part_stops_the_rest_and_says_so(conversation: ConversationSetup) -> None:
    written = await conversation.staff(" ".join(f"слово{number}" for number in range(300)))
    conversation.build(avito=RefusingAvito(Avito(conversation.http, conversation.sandbox.url), nth=2))
    await conversation.answer()
    assert len(conversation.sent_to_buyer()) == 1
    assert "Часть 2 из 3" in (await conversation.said())[-1]
    assert await conversation.reactions(written) == ["💔"]
    conversation.build()
    await conversation.change("retry")
    await conversation.answer()
    assert len(conversation.sent_to_buyer()) == 3
    assert await conversation.reactions(written) == ["👌"]


async def test_a_picture_with_words_goes_as_words_and_picture(conversation: ConversationSetup) -> None:
    await conversation.staff(caption="Вот фото", photo=encoded(picture()))
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Вот фото", "[image]"]


async def test_an_album_waits_until_it_is_complete(conversation: ConversationSetup) -> None:
    await conversation.album([picture("red"), picture("green"), picture("blue")], "Три фото")
    await conversation.staff("И ещё слово")
    standing = await conversation.answer()
    assert conversation.sent_to_buyer() == []
    assert standing.to_send
    assert standing.send_at is not None
    conversation.wait(2)
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Три фото", "[image]", "[image]", "[image]", "И ещё слово"]


async def test_what_avito_does_not_take_is_refused_at_once_though_avito_is_away(
    conversation: ConversationSetup,
) -> None:
    await conversation.sandbox.fault("avito", "server-error")
    written = await conversation.staff(kind="poll")
    await conversation.answer()
    answer = (await conversation.topic())[-1]
    assert "опрос" in answer["text"].lower()
    assert answer["reply_to"] == written
    assert await conversation.reactions(written) == ["💔"]


async def test_an_edit_is_answered_and_changes_nothing_at_the_buyers(conversation: ConversationSetup) -> None:
    written = await conversation.staff("Цена 100")
    await conversation.answer()
    dialog = await conversation.dialog()
    await conversation.sandbox.post(
        f"/groups/{conversation.group}/topics/{dialog.telegram_topic_id}/messages/edit",
        message_id=written,
        text="Цена 200",
    )
    await conversation.hear()
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Цена 100"]
    assert "Правка не ушла" in (await conversation.said())[-1]


async def test_a_message_in_the_name_of_a_channel_is_told_not_to_have_gone(conversation: ConversationSetup) -> None:
    for text in ("Да", "/close"):
        written = await conversation.staff(text, channel="Новости магазина")
        await conversation.answer()
        told = (await conversation.topic())[-1]
        assert (told["text"], told["reply_to"]) == (NOT_BY_STAFF["channel"], written)
    assert conversation.sent_to_buyer() == []
    assert (await conversation.dialog()).state is DialogState.ACTIVE


@pytest.mark.parametrize("state", ["closed", "muted"])
async def test_an_answer_in_a_closed_or_blocked_dialog_is_sent(conversation: ConversationSetup, state: str) -> None:
    if state == "closed":
        await conversation.change("close")
    else:
        await conversation.staff("/block")
    await conversation.answer()
    await conversation.staff("Да")
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да"]


async def test_a_note_stays_between_the_staff(conversation: ConversationSetup) -> None:
    await conversation.staff("// скидку не давать")
    await conversation.answer()
    assert conversation.sent_to_buyer() == []


@pytest.mark.parametrize("fault", ["dropped", "html-after"])
async def test_an_answer_that_got_lost_is_looked_for_and_not_sent_again(
    conversation: ConversationSetup, fault: str
) -> None:
    await conversation.sandbox.fault("avito", fault, times=1, path="/messages")
    written = await conversation.staff("Да")
    # The fault strikes the POST alone: nothing is read before it.
    standing = await conversation.answer()
    assert standing.to_send
    assert standing.send_at is not None
    assert standing.send_at <= conversation.now() + timedelta(seconds=1)
    conversation.wait(1)
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да"]
    assert await conversation.reactions(written) == ["👌"]


async def test_a_lost_answer_is_proved_by_the_echo_that_is_read(conversation: ConversationSetup) -> None:
    await conversation.sandbox.fault("avito", "dropped", times=1, path="/messages")
    await conversation.staff("Да")
    await conversation.answer()
    standing = await conversation.show()
    assert not standing.to_send
    assert await conversation.said() == ["Ещё продаётся?"]
    conversation.wait(60)
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да"]


async def test_what_was_not_done_is_sent_once_more_after_three_looks(conversation: ConversationSetup) -> None:
    await conversation.sandbox.fault("avito", "server-error", times=1, path="/messages")
    await conversation.staff("Да")
    for seconds in (0, 1, 8):
        conversation.wait(seconds)
        assert (await conversation.answer()).to_send
        assert conversation.sent_to_buyer() == []
    conversation.wait(21)
    assert not (await conversation.answer()).to_send
    assert conversation.sent_to_buyer() == ["Да"]


async def test_a_second_unknown_outcome_is_left_to_a_person(conversation: ConversationSetup) -> None:
    await conversation.sandbox.fault("avito", "html", times=2, path="/v1/accounts")
    written = await conversation.staff("Да")
    for seconds in (0, 1, 8, 21, 1, 8, 21):
        conversation.wait(seconds)
        await conversation.answer()
    assert conversation.sent_to_buyer() == []
    assert await conversation.reactions(written) == ["🤔"]
    assert "неизвестно, дошло ли" in (await conversation.said())[-1]
    conversation.sandbox.world.faults.clear()
    await conversation.staff("/retry", reply_to=written)
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да"]
    assert await conversation.reactions(written) == ["👌"]


async def test_late_lists_do_not_make_a_second_copy(conversation: ConversationSetup) -> None:
    await conversation.sandbox.fault("avito", "late-lists", seconds=6)
    await conversation.sandbox.fault("avito", "dropped", times=1, path="/v1/accounts")
    await conversation.staff("Да")
    for seconds in (0, 1, 8, 21, 30):
        conversation.wait(seconds)
        await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да"]


async def test_equal_answers_are_both_sent(conversation: ConversationSetup) -> None:
    await conversation.sandbox.fault("avito", "dropped", times=1, path="/v1/accounts")
    await conversation.staff("Да")
    await conversation.staff("Да")
    for seconds in (0, 1, 8, 21):
        conversation.wait(seconds)
        await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да", "Да"]


@pytest.mark.parametrize("after", [False, True])
async def test_a_worker_that_dies_while_it_sends_never_sends_twice(
    conversation: ConversationSetup, after: bool
) -> None:
    await conversation.staff("Да")
    await conversation.staff("И ещё")
    conversation.build(avito=KillingAvito(Avito(conversation.http, conversation.sandbox.url), "send_text", after=after))
    with pytest.raises(Killed):
        await conversation.answer()
    conversation.build()
    for seconds in (0, 1, 8, 21, 1):
        conversation.wait(seconds)
        await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да", "И ещё"]
    assert {send.status for send in await conversation.sends()} == {SendStatus.SENT}


async def test_a_wait_that_avito_asks_for_is_obeyed_and_told(conversation: ConversationSetup) -> None:
    await conversation.sandbox.fault("avito", "too-many", times=1, path="/v1/accounts", seconds=9)
    written = await conversation.staff("Да")
    standing = await conversation.answer()
    assert standing.send_at is not None
    assert standing.send_at > conversation.now() + timedelta(seconds=5)
    assert await conversation.reactions(written) == ["✍"]
    conversation.wait(10)
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да"]
    assert await conversation.reactions(written) == ["👌"]


async def test_an_expired_token_is_renewed_under_way(conversation: ConversationSetup) -> None:
    await conversation.sandbox.fault("avito", "expired-token", times=1, path="/v1/accounts")
    await conversation.staff("Да")
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да"]


async def test_the_chat_is_marked_read_on_answer_where_wanted(new_conversation: ConversationSetup) -> None:
    await new_conversation.change_organisation(mark_read=MarkRead.ON_ANSWER)
    await new_conversation.buyer("Ещё продаётся?")
    await new_conversation.show()
    assert new_conversation.sandbox.calls("/read") == []
    await new_conversation.staff("Да")
    await new_conversation.answer()
    assert len(new_conversation.sandbox.calls("/read")) == 1


async def test_two_workers_at_once_send_an_answer_once(conversation: ConversationSetup) -> None:
    """As after a worker that hung comes back: the workflow has given its work to another one meanwhile."""
    for text in ("Да", "Приезжайте", "Ждём"):
        await conversation.staff(text)
    await asyncio.gather(*(conversation.answer() for _ in range(3)), return_exceptions=True)
    for seconds in (1, 1, 8, 21, 1):
        conversation.wait(seconds)
        await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да", "Приезжайте", "Ждём"]


async def test_an_answer_through_the_api_is_shown_in_the_topic_after_it_was_sent(
    conversation: ConversationSetup,
) -> None:
    manager = await make_manager(conversation.sessions, name="Анна Иванова")
    dialog = await conversation.dialog()
    message = Message(
        dialog_id=dialog.id,
        source_key="api:1",
        direction=Direction.TELEGRAM,
        author=Author.API,
        kind="text",
        manager_id=manager.id,
        body_sealed=seal(conversation.keyring, BODY, {"text": "Да, приезжайте"}),
        created_at=conversation.now(),
        received_at=conversation.now(),
    )
    await stored(conversation.sessions, message)
    standing = await conversation.answer()
    assert conversation.sent_to_buyer() == ["Да, приезжайте"]
    assert (await conversation.said())[-1] == "Ответ (Анна Иванова): Да, приезжайте"
    assert not standing.to_show
    assert not standing.unanswered
