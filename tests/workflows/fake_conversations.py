"""Fake activities of conversations, accounts and bots: the names of the real ones, over chats in memory."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from temporalio import activity

from activities.channels.avito_keeper import AccountActivities, AccountStanding, Swept
from activities.channels.bot_keeper import BotActivities, BotStanding
from activities.conversations.core.messages import ChangeDialog, Conversation, Standing
from activities.operations.adoption import ConnectionAdoptionActivities
from domain.kernel.refusal import NotFound
from domain.kernel.trouble import Trouble
from tests.workflows.arranged import Call
from tests.workflows.attempts import Attempts, Fault, WorkflowClock
from worker.subject import activities_of
from workflows.channels.start import account_id, bot_id
from workflows.conversations.start import conversation_id

AUTO_REPLY: Final = timedelta(seconds=75)
SILENCE: Final = timedelta(minutes=30)


def name_of(method: Callable[..., Any]) -> str:
    """Under which an activity is registered."""
    return str(activity._Definition.must_from_callable(method).name)


@dataclass
class FakeChat(Attempts):
    """The rows of one conversation, and Avito's chat and the topic at its ends."""

    known: bool = True
    closed: bool = False
    reopens: bool = True
    """By what a buyer writes; else it is as if somebody closes it again at once."""
    unread: list[str] = field(default_factory=list)
    outbox: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    auto_replies: bool = False
    auto_reply_at: datetime | None = None
    remind_at: datetime | None = None
    reminds: bool = False
    reminded: bool = False
    """In the topic; next it is the owner's turn."""
    unanswered: bool = False

    def standing(self) -> Standing:
        standing = Standing(
            known=self.known,
            number=7,
            to_show=bool(self.unread),
            to_send=bool(self.outbox),
            auto_reply_at=self.auto_reply_at,
            remind_at=self.remind_at,
            unanswered=self.unanswered,
        )
        return replace(standing, state=type(standing.state)("closed" if self.closed else "active"))

    def show(self, at: datetime) -> None:
        if self.unread:
            self.shown += self.unread
            self.unread.clear()
            self.unanswered, self.closed = True, self.closed and not self.reopens
            self.reminded = False
            self.auto_reply_at = at + AUTO_REPLY if self.auto_replies else None
            self.remind_at = at + SILENCE if self.reminds else None

    def answer(self, _: datetime) -> None:
        if self.outbox:
            self.sent += self.outbox
            self.outbox.clear()
            self.auto_reply_at = self.remind_at = None
            self.unanswered = False

    def auto_reply(self, _: datetime) -> None:
        self.sent.append("auto-reply")
        self.auto_reply_at = None

    def remind(self, at: datetime) -> None:
        """Once in the topic, then once to the owner."""
        if self.reminded:
            self.remind_at = None
            return
        self.shown.append("reminder")
        self.reminded, self.remind_at = True, at + SILENCE

    def look(self, _: datetime) -> None:
        """Nothing is done."""

    def change(self, verb: str) -> None:
        if verb == "retry":
            return
        self.closed = verb == "close"
        if self.closed:
            self.auto_reply_at = self.remind_at = None
            self.unanswered = False


@dataclass
class FakeAccount(Attempts):
    exists: bool = True
    healthy: bool = True
    monitoring: bool = True
    swept: deque[Swept] = field(default_factory=deque)


@dataclass
class FakeBot(Attempts):
    exists: bool = True
    polled: bool = False
    trouble: Trouble | None = None
    polls: asyncio.Event = field(default_factory=asyncio.Event)
    """A poll ends when it is set."""
    listening: int = 0
    most_listening: int = 0
    interrupted: int = 0


class FakeChannels:
    """All chats, accounts and bots."""

    def __init__(self, clock: WorkflowClock) -> None:
        self.clock = clock
        self.chats: dict[tuple[UUID, str], FakeChat] = {}
        self.accounts: dict[UUID, FakeAccount] = {}
        self.bots: dict[UUID, FakeBot] = {}
        self.begun: list[int] = []

    def chat(self, account: UUID, chat_id: str) -> FakeChat:
        return self.chats.setdefault((account, chat_id), FakeChat())

    def account(self, account: UUID) -> FakeAccount:
        return self.accounts.setdefault(account, FakeAccount())

    def bot(self, bot: UUID) -> FakeBot:
        return self.bots.setdefault(bot, FakeBot())

    def activities(self) -> list[Callable[..., Awaitable[Any]]]:
        return activities_of(FakeConversations(self))

    async def converse(self, about: Conversation, effect: str) -> Standing:
        chat = self.chat(about.account_id, about.chat_id)
        at = await self.clock(conversation_id(about.account_id, about.chat_id))

        def work(fault: Fault | None) -> Standing:
            if callable(fault):
                return fault(chat.standing(), at)
            if chat.known:
                getattr(chat, effect)(at)
            return chat.standing()

        standing: Standing = await chat.attempt(Call(effect, at, about.tries), work)
        return standing


class FakeConversations:
    """`at` is never asked of the machine's clock."""

    def __init__(self, channels: FakeChannels) -> None:
        self.channels = channels

    @activity.defn
    async def show(self, about: Conversation) -> Standing:
        return await self.channels.converse(about, "show")

    @activity.defn
    async def answer(self, about: Conversation) -> Standing:
        return await self.channels.converse(about, "answer")

    @activity.defn
    async def auto_reply(self, about: Conversation) -> Standing:
        return await self.channels.converse(about, "auto_reply")

    @activity.defn
    async def remind(self, about: Conversation) -> Standing:
        return await self.channels.converse(about, "remind")

    @activity.defn
    async def standing(self, about: Conversation) -> Standing:
        return await self.channels.converse(about, "look")

    @activity.defn
    async def change(self, command: ChangeDialog) -> Standing:
        chat = self.channels.chat(command.account_id, command.chat_id)
        if not chat.known:
            raise NotFound("Диалог не найден.")
        at = await self.channels.clock(conversation_id(command.account_id, command.chat_id))

        def work(_: Fault | None) -> Standing:
            chat.change(command.verb)
            return chat.standing()

        standing: Standing = await chat.attempt(Call("change", at, command.verb), work)
        return standing

    @activity.defn(name=name_of(AccountActivities.keep))
    async def keep_account(self, account: UUID) -> AccountStanding:
        one = self.channels.account(account)
        at = await self.channels.clock(account_id(account))
        found: AccountStanding = await one.attempt(
            Call("keep", at), lambda _: AccountStanding(one.exists, one.healthy, one.monitoring)
        )
        return found

    @activity.defn(name=name_of(AccountActivities.sweep))
    async def sweep(self, account: UUID) -> Swept:
        one = self.channels.account(account)
        at = await self.channels.clock(account_id(account))
        swept: Swept = await one.attempt(
            Call("sweep", at), lambda _: one.swept.popleft() if one.swept else Swept(0, None, None)
        )
        return swept

    @activity.defn(name=name_of(BotActivities.keep))
    async def keep_bot(self, bot: UUID) -> BotStanding:
        one = self.channels.bot(bot)
        at = await self.channels.clock(bot_id(bot))
        found: BotStanding = await one.attempt(
            Call("keep", at), lambda _: BotStanding(one.exists, one.polled, one.trouble)
        )
        return found

    @activity.defn(name=name_of(BotActivities.answer_requests))
    async def errands(self, bot: UUID) -> int:
        one = self.channels.bot(bot)
        at = await self.channels.clock(bot_id(bot))
        done: int = await one.attempt(Call("errands", at), lambda _: 0)
        return done

    @activity.defn(name=name_of(BotActivities.poll))
    async def poll(self, bot: UUID) -> None:
        """Listens until the test ends it, or the workflow does."""
        one = self.channels.bot(bot)
        at = await self.channels.clock(bot_id(bot))
        one.calls.append(Call("poll", at))
        one.listening += 1
        one.most_listening = max(one.most_listening, one.listening)
        one.news.set()
        try:
            await one.polls.wait()
            one.polls.clear()
        except asyncio.CancelledError:
            one.interrupted += 1
            raise
        finally:
            one.listening -= 1
            one.news.set()

    @activity.defn(name=name_of(ConnectionAdoptionActivities.begin_accounts_and_bots))
    async def begin_accounts_and_bots(self) -> int:
        return self.channels.begun.pop(0)
