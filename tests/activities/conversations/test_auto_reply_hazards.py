"""One commit holds what was read, the decision and the claim of the POST: what may happen before, beside and after."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gateways.avito.client import Avito
from gateways.outcome import NotDone
from models.conversations.message import Author, Delivery, SendStatus
from tests.activities.conversations.faulty_gateways import Killed, KillingAvito
from tests.activities.conversations.test_answer_hazards import odd
from tests.conversation_setup import ConversationSetup

REPLY = "Здравствуйте! Скоро ответим."
POST = "/messages"


@pytest.fixture
async def due(new_conversation: ConversationSetup) -> ConversationSetup:
    """A buyer waits, and the delay is over."""
    await new_conversation.change_organisation(
        auto_reply_enabled=True, auto_reply_always=True, auto_reply_timezone="Europe/Moscow", auto_reply_text=REPLY
    )
    await new_conversation.buyer("Ещё продаётся?")
    await new_conversation.show()
    new_conversation.wait(76)
    new_conversation.sandbox.world.journal.clear()
    return new_conversation


def posts(conversation: ConversationSetup) -> int:
    return sum(call["method"] == "POST" and call["path"].endswith(POST) for call in conversation.sandbox.calls(POST))


async def claims(conversation: ConversationSetup) -> list[tuple[SendStatus, int, bool]]:
    return [(send.status, send.attempts, send.started_at is not None) for send in await conversation.sends()]


class Interrupted:
    """MessageSender that meets something at the last line before the commit."""

    def __init__(self, inner: Any, met: Callable[[], None]) -> None:
        self._inner, self._met = inner, met

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def claim_first(self, *args: Any) -> None:
        self._inner.claim_first(*args)
        self._met()


async def test_killed_before_the_commit_nothing_has_happened(due: ConversationSetup) -> None:
    def kill() -> None:
        raise Killed

    outbox = due.made["auto_reply"].outbox
    outbox.sender = Interrupted(outbox.sender, kill)
    with pytest.raises(Killed):
        await due.auto_reply()
    assert await due.sends() == []
    assert [row.author for row in await due.messages()] == [Author.BUYER]
    assert (await due.dialog()).auto_reply_due_at is not None
    due.build()
    await due.auto_reply()
    assert due.sent_to_buyer() == [REPLY]
    assert posts(due) == 1


async def test_when_it_is_posted_its_claim_stands_in_the_rows(due: ConversationSetup) -> None:
    async def looked_at(inner: Any, *args: Any) -> Any:
        assert await claims(due) == [(SendStatus.CLAIMED, 1, True)]
        assert (await due.dialog()).auto_reply_due_at is None
        return await inner(*args)

    due.build(avito=odd(due, "send_text", looked_at))
    await due.auto_reply()
    assert await claims(due) == [(SendStatus.SENT, 1, True)]


async def test_killed_after_the_commit_the_chat_is_looked_at_before_it_is_posted(due: ConversationSetup) -> None:
    due.build(avito=KillingAvito(Avito(due.http, due.sandbox.url), "send_text", after=False))
    with pytest.raises(Killed):
        await due.auto_reply()
    assert await claims(due) == [(SendStatus.CLAIMED, 1, True)]
    due.build()
    for seconds in (0, 1, 8):
        due.wait(seconds)
        assert (await due.auto_reply()).to_send
        assert posts(due) == 0
    due.wait(21)
    await due.auto_reply()
    assert due.sent_to_buyer() == [REPLY]
    assert posts(due) == 1


async def test_a_person_who_answers_during_the_looks_makes_it_needless(due: ConversationSetup) -> None:
    due.build(avito=KillingAvito(Avito(due.http, due.sandbox.url), "send_text", after=False))
    with pytest.raises(Killed):
        await due.auto_reply()
    due.build()
    await due.staff("Да, приезжайте")
    for seconds in (0, 1, 8, 21):
        due.wait(seconds)
        await due.answer()
    assert due.sent_to_buyer() == ["Да, приезжайте"]
    assert posts(due) == 1


async def test_what_keeps_its_copy_from_the_topic_is_no_trouble_of_avito(due: ConversationSetup) -> None:
    await due.sandbox.fault("telegram", "too-many", times=1, path="sendMessage", seconds=1)
    standing = await due.auto_reply()
    assert due.sent_to_buyer() == [REPLY]
    assert (standing.trouble, standing.to_show) == (None, True)
    assert standing.show_at is not None
    due.wait(2)
    assert not (await due.show()).to_show
    assert (await due.said())[-1] == f"Автоответ: {REPLY}"


async def test_killed_after_the_post_it_is_found_and_not_posted_again(due: ConversationSetup) -> None:
    due.build(avito=KillingAvito(Avito(due.http, due.sandbox.url), "send_text", after=True))
    with pytest.raises(Killed):
        await due.auto_reply()
    assert await claims(due) == [(SendStatus.CLAIMED, 1, True)]
    due.build()
    standing = await due.auto_reply()
    assert not standing.to_send
    assert posts(due) == 1
    assert await claims(due) == [(SendStatus.SENT, 1, True)]
    assert (await due.dialog()).auto_reply_last_sent_at is not None


async def test_workers_that_decide_at_once_answer_once(due: ConversationSetup) -> None:
    await asyncio.gather(*(due.auto_reply() for _ in range(3)))
    due.wait(1)
    await due.auto_reply()
    assert due.sent_to_buyer() == [REPLY]
    assert posts(due) == 1
    assert [row.author for row in await due.messages()] == [Author.BUYER, Author.AUTO]


async def test_a_second_worker_posts_nothing_while_the_first_one_does(due: ConversationSetup) -> None:
    going, go_on = asyncio.Event(), asyncio.Event()

    async def stalled(inner: Any, *args: Any) -> Any:
        going.set()
        await go_on.wait()
        return await inner(*args)

    due.build(avito=odd(due, "send_text", stalled))
    first = asyncio.create_task(due.made["auto_reply"].auto_reply(due.key))
    await going.wait()
    due.build()
    assert (await due.auto_reply()).to_send
    go_on.set()
    await first
    assert due.sent_to_buyer() == [REPLY]
    assert await claims(due) == [(SendStatus.SENT, 1, True)]


async def test_a_persons_answer_that_comes_while_the_chat_is_read_cancels_it(due: ConversationSetup) -> None:
    async def meanwhile(inner: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Any:
        listed = await inner(*args, **kwargs)
        if not any(row.author is Author.STAFF for row in await due.messages()):
            await due.staff("Да, приезжайте")
        return listed

    due.build(avito=odd(due, "messages", meanwhile))
    await due.auto_reply()
    assert due.sent_to_buyer() == ["Да, приезжайте"]
    assert (await due.dialog()).auto_reply_due_at is None


async def test_what_is_no_answer_waits_with_it_and_both_are_done(due: ConversationSetup) -> None:
    await due.staff("/getid")
    standing = await due.auto_reply()
    assert not standing.to_send
    assert due.sent_to_buyer() == [REPLY]
    assert posts(due) == 1


async def test_a_claim_under_which_nothing_was_posted_is_given_back(due: ConversationSetup) -> None:
    async def away(_inner: Any, *_args: Any) -> Any:
        raise NotDone("ConnectError")

    due.build(avito=odd(due, "send_text", away))
    assert (await due.auto_reply()).to_send
    assert await claims(due) == [(SendStatus.PENDING, 0, False)]
    due.build()
    await due.auto_reply()
    assert due.sent_to_buyer() == [REPLY]
    assert [row.status for row in await due.messages() if row.author is Author.AUTO] == [Delivery.SENT]
