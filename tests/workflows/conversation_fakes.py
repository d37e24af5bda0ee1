"""Fake activities of conversations, accounts and bots: the names of the real ones, over chats in memory."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from temporalio import activity
from temporalio.testing import WorkflowEnvironment

from activities.channels.avito_keeper import AccountActivities, AccountStanding, Swept
from activities.channels.bot_keeper import BotActivities, BotStanding
from activities.conversations.core.messages import ChangeDialog, Conversation, Standing
from activities.operations.adoption import ConnectionAdoptionActivities
from domain.kernel.refusal import NotFound
from domain.kernel.trouble import Trouble
from tests.workflows.card import Call
from tests.workflows.remembered import Fault, Remembered
from worker.parts import activities_of
from workflows.channels.start import account_id, bot_id
from workflows.conversations.start import conversation_id

AUTO_REPLY: Final = timedelta(seconds=75)
SILENCE: Final = timedelta(minutes=30)


def name_of(method: Callable[..., Any]) -> str:
    """Under which an activity is registered."""
    return str(activity._Definition.must_from_callable(method).name)


@dataclass
class FakeChat(Remembered):
    """The rows of one conversation, and Avito's chat and the topic at its ends."""

    known: bool = True
    closed: bool = False
    unread: list[str] = field(default_factory=list)
    outbox: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    auto_replies: bool = False
    auto_reply_at: datetime | None = None
    remind_at: datetime | None = None
    reminds: bool = False

    def standing(self) -> Standing:
        standing = Standing(
            known=self.known,
            number=7,
            to_show=bool(self.unread),
            to_send=bool(self.outbox),
            auto_reply_at=self.auto_reply_at,
            remind_at=self.remind_at,
            unanswered=self.auto_reply_at is not None,
        )
        return replace(standing, state=type(standing.state)("closed" if self.closed else "active"))

    def show(self, at: datetime) -> None:
        if self.unread:
            self.shown += self.unread
            self.unread.clear()
            self.auto_reply_at = at + AUTO_REPLY if self.auto_replies else None
            self.remind_at = at + SILENCE if self.reminds else None

    def answer(self, _: datetime) -> None:
        if self.outbox:
            self.sent += self.outbox
            self.outbox.clear()
            self.auto_reply_at = self.remind_at = None

    def auto_reply(self, _: datetime) -> None:
        self.sent.append("auto-reply")
        self.auto_reply_at = None

    def remind(self, _: datetime) -> None:
        self.shown.append("reminder")
        self.remind_at = None

    def look(self, _: datetime) -> None:
        """Nothing is done."""

    def change(self, verb: str) -> None:
        self.closed = verb == "close"
        if verb == "close":
            self.auto_reply_at = self.remind_at = None


@dataclass
class FakeAccount(Remembered):
    exists: bool = True
    healthy: bool = True
    monitoring: bool = True
    swept: deque[Swept] = field(default_factory=deque)


@dataclass
class FakeBot(Remembered):
    exists: bool = True
    polled: bool = False
    trouble: Trouble | None = None
    polls: asyncio.Event = field(default_factory=asyncio.Event)
    """A poll ends when it is set."""
    listening: int = 0
    most_listening: int = 0
    interrupted: int = 0


class FakeOutside:
    """All chats, accounts and bots."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        self.env = env
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

    async def clock(self, workflow_id: str) -> datetime:
        return await self.env.get_current_time(self.env.client.get_workflow_handle(workflow_id))

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

    def __init__(self, outside: FakeOutside) -> None:
        self.outside = outside

    @activity.defn
    async def show(self, about: Conversation) -> Standing:
        return await self.outside.converse(about, "show")

    @activity.defn
    async def answer(self, about: Conversation) -> Standing:
        return await self.outside.converse(about, "answer")

    @activity.defn
    async def auto_reply(self, about: Conversation) -> Standing:
        return await self.outside.converse(about, "auto_reply")

    @activity.defn
    async def remind(self, about: Conversation) -> Standing:
        return await self.outside.converse(about, "remind")

    @activity.defn
    async def standing(self, about: Conversation) -> Standing:
        return await self.outside.converse(about, "look")

    @activity.defn
    async def change(self, command: ChangeDialog) -> Standing:
        chat = self.outside.chat(command.account_id, command.chat_id)
        if not chat.known:
            raise NotFound("Диалог не найден.")
        at = await self.outside.clock(conversation_id(command.account_id, command.chat_id))

        def work(_: Fault | None) -> Standing:
            chat.change(command.verb)
            return chat.standing()

        standing: Standing = await chat.attempt(Call("change", at, command.verb), work)
        return standing

    @activity.defn(name=name_of(AccountActivities.keep))
    async def keep_account(self, account: UUID) -> AccountStanding:
        one = self.outside.account(account)
        at = await self.outside.clock(account_id(account))
        found: AccountStanding = await one.attempt(
            Call("keep", at), lambda _: AccountStanding(one.exists, one.healthy, one.monitoring)
        )
        return found

    @activity.defn(name=name_of(AccountActivities.sweep))
    async def sweep(self, account: UUID) -> Swept:
        one = self.outside.account(account)
        at = await self.outside.clock(account_id(account))
        swept: Swept = await one.attempt(
            Call("sweep", at), lambda _: one.swept.popleft() if one.swept else Swept(0, None, None)
        )
        return swept

    @activity.defn(name=name_of(BotActivities.keep))
    async def keep_bot(self, bot: UUID) -> BotStanding:
        one = self.outside.bot(bot)
        at = await self.outside.clock(bot_id(bot))
        found: BotStanding = await one.attempt(
            Call("keep", at), lambda _: BotStanding(one.exists, one.polled, one.trouble)
        )
        return found

    @activity.defn(name=name_of(BotActivities.answer_requests))
    async def errands(self, bot: UUID) -> int:
        one = self.outside.bot(bot)
        at = await self.outside.clock(bot_id(bot))
        done: int = await one.attempt(Call("errands", at), lambda _: 0)
        return done

    @activity.defn(name=name_of(BotActivities.poll))
    async def poll(self, bot: UUID) -> None:
        """Listens until the test ends it, or the workflow does."""
        one = self.outside.bot(bot)
        at = await self.outside.clock(bot_id(bot))
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
        return self.outside.begun.pop(0)
