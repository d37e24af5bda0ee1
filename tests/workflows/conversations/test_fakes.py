"""The fake activities of conversations leave a conversation where the real ones do, step by step."""

from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest

from activities.conversations.core.messages import ChangeDialog, Conversation, Standing
from domain.conversations.auto_reply import AutoReplyMode
from models.conversations.dialog import DialogState
from tests.conversation_setup import ConversationSetup
from tests.workflows.fake_conversations import AUTO_REPLY, SILENCE, FakeChannels, FakeConversations

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BothConversations:
    """One chat on the sandbox's Avito and a fake one; each step goes through both, which answer the same."""

    def __init__(self, real: ConversationSetup) -> None:
        self.real = real
        channels = FakeChannels(self.now)
        self.fakes = FakeConversations(channels)
        self.about = Conversation(real.account_id, real.chat_id)
        self.chat = channels.chat(real.account_id, real.chat_id)
        self.chat.reminds = True

    async def now(self, _workflow_id: str) -> datetime:
        return self.real.now()

    async def automate(self) -> None:
        """Both reply by themselves, after the time of the fakes."""
        await self.real.change_organisation(
            auto_reply_enabled=True,
            auto_reply_always=True,
            auto_reply_mode=AutoReplyMode.ALWAYS,
            auto_reply_timezone="Europe/Moscow",
            auto_reply_text="Скоро ответим.",
            auto_reply_delay_seconds=int(AUTO_REPLY.total_seconds()),
        )
        self.chat.auto_replies = True

    async def buyer_writes(self, text: str) -> Standing:
        await self.real.buyer(text)
        self.chat.unread.append(text)
        return await self.show()

    async def staff_write(self, text: str) -> Standing:
        await self.real.staff(text)
        self.chat.outbox.append(text)
        return self.same(await self.real.answer(), await self.fakes.answer(self.about))

    async def show(self) -> Standing:
        return self.same(await self.real.show(), await self.fakes.show(self.about))

    async def auto_reply(self) -> Standing:
        return self.same(await self.real.auto_reply(), await self.fakes.auto_reply(self.about))

    async def remind(self) -> Standing:
        return self.same(await self.real.remind(), await self.fakes.remind(self.about))

    async def change(self, verb: str) -> Standing:
        """And what follows in the topic."""
        await self.real.change(verb)
        await self.fakes.change(ChangeDialog(self.real.account_id, self.real.chat_id, verb, self.real.bot_id))
        return await self.show()

    def same(self, real: Standing, fake: Standing) -> Standing:
        """Field by field."""
        assert asdict(comparable(fake)) == asdict(comparable(real))
        return fake


def comparable(standing: Standing) -> Standing:
    """Without the dialog's number; of deadlines only that there is one."""
    return replace(
        standing,
        number=0,
        auto_reply_at=standing.auto_reply_at and EPOCH,
        remind_at=standing.remind_at and EPOCH,
    )


@pytest.fixture
def both(new_conversation: ConversationSetup) -> BothConversations:
    return BothConversations(new_conversation)


async def test_news_of_both_sides(both: BothConversations) -> None:
    await both.buyer_writes("Ещё продаётся?")
    standing = await both.staff_write("Да, приезжайте")
    assert not standing.unanswered
    assert both.real.sent_to_buyer() == both.chat.sent
    await both.buyer_writes("Спасибо")


async def test_an_auto_reply_and_a_reminder(both: BothConversations) -> None:
    await both.automate()
    await both.buyer_writes("Ещё продаётся?")
    both.real.wait(AUTO_REPLY.total_seconds() + 1)
    standing = await both.auto_reply()
    assert standing.unanswered
    both.real.wait(SILENCE.total_seconds() + 1)
    await both.remind()
    both.real.wait(SILENCE.total_seconds() + 1)
    assert (await both.remind()).remind_at is None
    await both.staff_write("Да, приезжайте")


async def test_a_dialog_that_is_closed_and_opened_again(both: BothConversations) -> None:
    await both.automate()
    await both.buyer_writes("Ещё продаётся?")
    for verb, state in (
        ("close", DialogState.CLOSED),
        ("retry", DialogState.CLOSED),
        ("reopen", DialogState.ACTIVE),
        ("close", DialogState.CLOSED),
    ):
        standing = await both.change(verb)
        assert standing.state is state
    standing = await both.buyer_writes("А доставка есть?")
    assert standing.state is DialogState.ACTIVE
