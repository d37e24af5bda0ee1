"""What staff write in the topic reaches the buyer: once, in order, or the topic is told why not."""

import asyncio
import base64
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from gateways.avito.client import Avito
from models import Message
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


async def test_an_answer_reaches_the_buyer_and_is_marked(talk: ConversationSetup) -> None:
    written = await talk.staff("Да, приезжайте")
    standing = await talk.answer()
    assert talk.sent_to_buyer() == ["Да, приезжайте"]
    assert await talk.reactions(written) == ["👌"]
    assert not standing.to_send
    assert not standing.unanswered
    await talk.buyer_reads()
    await talk.show()
    assert await talk.reactions(written) == ["👀"]
    assert (await talk.messages())[-1].status is Delivery.DELIVERED


async def test_our_own_message_in_the_chat_is_no_reply_from_the_app(talk: ConversationSetup) -> None:
    await talk.staff("Да")
    await talk.answer()
    await talk.show()
    assert await talk.said() == ["Ещё продаётся?"]


async def test_answers_keep_their_order(talk: ConversationSetup) -> None:
    texts = [f"Ответ {number}" for number in range(12)]
    for text in texts:
        await talk.staff(text)
    await talk.answer()
    assert talk.sent_to_buyer() == texts


async def test_a_long_answer_goes_in_parts_that_are_announced(talk: ConversationSetup) -> None:
    text = " ".join(f"слово{number}" for number in range(300))
    await talk.staff(text)
    await talk.answer()
    assert " ".join(talk.sent_to_buyer()) == text
    assert len(talk.sent_to_buyer()) == 3
    assert "3 частями" in (await talk.said())[-1]


async def test_a_failed_part_stops_the_rest_and_says_so(talk: ConversationSetup) -> None:
    written = await talk.staff(" ".join(f"слово{number}" for number in range(300)))
    talk.build(avito=RefusingAvito(Avito(talk.http, talk.sandbox.url), nth=2))
    await talk.answer()
    assert len(talk.sent_to_buyer()) == 1
    assert "Часть 2 из 3" in (await talk.said())[-1]
    assert await talk.reactions(written) == ["💔"]
    talk.build()
    await talk.change("retry")
    await talk.answer()
    assert len(talk.sent_to_buyer()) == 3
    assert await talk.reactions(written) == ["👌"]


async def test_a_picture_with_words_goes_as_words_and_picture(talk: ConversationSetup) -> None:
    await talk.staff(caption="Вот фото", photo=encoded(picture()))
    await talk.answer()
    assert talk.sent_to_buyer() == ["Вот фото", "[image]"]


async def test_an_album_waits_until_it_is_complete(talk: ConversationSetup) -> None:
    await talk.album([picture("red"), picture("green"), picture("blue")], "Три фото")
    await talk.staff("И ещё слово")
    standing = await talk.answer()
    assert talk.sent_to_buyer() == []
    assert standing.to_send
    assert standing.send_at is not None
    talk.wait(2)
    await talk.answer()
    assert talk.sent_to_buyer() == ["Три фото", "[image]", "[image]", "[image]", "И ещё слово"]


async def test_what_avito_does_not_take_is_refused_at_once_though_avito_is_away(talk: ConversationSetup) -> None:
    await talk.sandbox.fault("avito", "server-error")
    written = await talk.staff(kind="poll")
    await talk.answer()
    answer = (await talk.topic())[-1]
    assert "опрос" in answer["text"].lower()
    assert answer["reply_to"] == written
    assert await talk.reactions(written) == ["💔"]


async def test_an_edit_is_answered_and_changes_nothing_at_the_buyers(talk: ConversationSetup) -> None:
    written = await talk.staff("Цена 100")
    await talk.answer()
    dialog = await talk.dialog()
    await talk.sandbox.post(
        f"/groups/{talk.group}/topics/{dialog.telegram_topic_id}/messages/edit", message_id=written, text="Цена 200"
    )
    await talk.hear()
    await talk.answer()
    assert talk.sent_to_buyer() == ["Цена 100"]
    assert "Правка не ушла" in (await talk.said())[-1]


async def test_a_note_stays_between_the_staff(talk: ConversationSetup) -> None:
    await talk.staff("// скидку не давать")
    await talk.answer()
    assert talk.sent_to_buyer() == []


@pytest.mark.parametrize("fault", ["dropped", "html-after"])
async def test_an_answer_that_got_lost_is_looked_for_and_not_sent_again(talk: ConversationSetup, fault: str) -> None:
    await talk.sandbox.fault("avito", fault, times=1, path="/messages")
    written = await talk.staff("Да")
    # The fault strikes the POST alone: nothing is read before it.
    standing = await talk.answer()
    assert standing.to_send
    assert standing.send_at is not None
    assert standing.send_at <= talk.now() + timedelta(seconds=1)
    talk.wait(1)
    await talk.answer()
    assert talk.sent_to_buyer() == ["Да"]
    assert await talk.reactions(written) == ["👌"]


async def test_a_lost_answer_is_proved_by_the_echo_that_is_read(talk: ConversationSetup) -> None:
    await talk.sandbox.fault("avito", "dropped", times=1, path="/messages")
    await talk.staff("Да")
    await talk.answer()
    standing = await talk.show()
    assert not standing.to_send
    assert await talk.said() == ["Ещё продаётся?"]
    talk.wait(60)
    await talk.answer()
    assert talk.sent_to_buyer() == ["Да"]


async def test_what_was_not_done_is_sent_once_more_after_three_looks(talk: ConversationSetup) -> None:
    await talk.sandbox.fault("avito", "server-error", times=1, path="/messages")
    await talk.staff("Да")
    for seconds in (0, 1, 8):
        talk.wait(seconds)
        assert (await talk.answer()).to_send
        assert talk.sent_to_buyer() == []
    talk.wait(21)
    assert not (await talk.answer()).to_send
    assert talk.sent_to_buyer() == ["Да"]


async def test_a_second_unknown_outcome_is_left_to_a_person(talk: ConversationSetup) -> None:
    await talk.sandbox.fault("avito", "html", times=2, path="/v1/accounts")
    written = await talk.staff("Да")
    for seconds in (0, 1, 8, 21, 1, 8, 21):
        talk.wait(seconds)
        await talk.answer()
    assert talk.sent_to_buyer() == []
    assert await talk.reactions(written) == ["🤔"]
    assert "неизвестно, дошло ли" in (await talk.said())[-1]
    talk.sandbox.world.faults.clear()
    await talk.staff("/retry", reply_to=written)
    await talk.answer()
    assert talk.sent_to_buyer() == ["Да"]
    assert await talk.reactions(written) == ["👌"]


async def test_late_lists_do_not_make_a_second_copy(talk: ConversationSetup) -> None:
    await talk.sandbox.fault("avito", "late-lists", seconds=6)
    await talk.sandbox.fault("avito", "dropped", times=1, path="/v1/accounts")
    await talk.staff("Да")
    for seconds in (0, 1, 8, 21, 30):
        talk.wait(seconds)
        await talk.answer()
    assert talk.sent_to_buyer() == ["Да"]


async def test_equal_answers_are_both_sent(talk: ConversationSetup) -> None:
    await talk.sandbox.fault("avito", "dropped", times=1, path="/v1/accounts")
    await talk.staff("Да")
    await talk.staff("Да")
    for seconds in (0, 1, 8, 21):
        talk.wait(seconds)
        await talk.answer()
    assert talk.sent_to_buyer() == ["Да", "Да"]


@pytest.mark.parametrize("after", [False, True])
async def test_a_worker_that_dies_while_it_sends_never_sends_twice(talk: ConversationSetup, after: bool) -> None:
    await talk.staff("Да")
    await talk.staff("И ещё")
    talk.build(avito=KillingAvito(Avito(talk.http, talk.sandbox.url), "send_text", after=after))
    with pytest.raises(Killed):
        await talk.answer()
    talk.build()
    for seconds in (0, 1, 8, 21, 1):
        talk.wait(seconds)
        await talk.answer()
    assert talk.sent_to_buyer() == ["Да", "И ещё"]
    assert {send.status for send in await talk.sends()} == {SendStatus.SENT}


async def test_a_wait_that_avito_asks_for_is_obeyed_and_told(talk: ConversationSetup) -> None:
    await talk.sandbox.fault("avito", "too-many", times=1, path="/v1/accounts", seconds=9)
    written = await talk.staff("Да")
    standing = await talk.answer()
    assert standing.send_at is not None
    assert standing.send_at > talk.now() + timedelta(seconds=5)
    assert await talk.reactions(written) == ["✍"]
    talk.wait(10)
    await talk.answer()
    assert talk.sent_to_buyer() == ["Да"]
    assert await talk.reactions(written) == ["👌"]


async def test_an_expired_token_is_renewed_under_way(talk: ConversationSetup) -> None:
    await talk.sandbox.fault("avito", "expired-token", times=1, path="/v1/accounts")
    await talk.staff("Да")
    await talk.answer()
    assert talk.sent_to_buyer() == ["Да"]


async def test_the_chat_is_marked_read_on_answer_where_wanted(relay: ConversationSetup) -> None:
    await relay.change_organisation(mark_read=MarkRead.ON_ANSWER)
    await relay.buyer("Ещё продаётся?")
    await relay.show()
    assert relay.sandbox.calls("/read") == []
    await relay.staff("Да")
    await relay.answer()
    assert len(relay.sandbox.calls("/read")) == 1


async def test_two_workers_at_once_send_an_answer_once(talk: ConversationSetup) -> None:
    """As after a worker that hung comes back: the workflow has given its work to another one meanwhile."""
    for text in ("Да", "Приезжайте", "Ждём"):
        await talk.staff(text)
    await asyncio.gather(*(talk.answer() for _ in range(3)), return_exceptions=True)
    for seconds in (1, 1, 8, 21, 1):
        talk.wait(seconds)
        await talk.answer()
    assert talk.sent_to_buyer() == ["Да", "Приезжайте", "Ждём"]


async def test_an_answer_through_the_api_is_shown_in_the_topic_after_it_was_sent(talk: ConversationSetup) -> None:
    manager = await make_manager(talk.sessions, name="Анна Иванова")
    dialog = await talk.dialog()
    message = Message(
        dialog_id=dialog.id,
        source_key="api:1",
        direction=Direction.TELEGRAM,
        author=Author.API,
        kind="text",
        manager_id=manager.id,
        body_sealed=seal(talk.keyring, BODY, {"text": "Да, приезжайте"}),
        created_at=talk.now(),
        received_at=talk.now(),
    )
    await stored(talk.sessions, message)
    standing = await talk.answer()
    assert talk.sent_to_buyer() == ["Да, приезжайте"]
    assert (await talk.said())[-1] == "Ответ (Анна Иванова): Да, приезжайте"
    assert not standing.to_show
    assert not standing.unanswered
