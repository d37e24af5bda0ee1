"""Ways through conversations, accounts and bots whose histories are kept, by the kind of workflow."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from activities.channels.avito_keeper import Swept
from domain.kernel.clock import utc_now
from domain.kernel.trouble import Trouble
from tests.workflows.account_driver import AccountDriver
from tests.workflows.bot_driver import BotDriver
from tests.workflows.conversation_driver import ConversationDriver
from tests.workflows.server import Running
from tests.workflows.workflow_driver import WorkflowDriver

Played = WorkflowDriver[object]


async def both_sides(server: Running, name: str) -> ConversationDriver:
    """News from both sides, an auto-reply, a reminder, a person who answers."""
    conversation = ConversationDriver(server, name)
    conversation.chat.auto_replies = conversation.chat.reminds = True
    await conversation.buyer_writes("вопрос")
    await conversation.shows("вопрос")
    await conversation.rests()
    await conversation.waits(timedelta(minutes=40))
    await conversation.shows("вопрос", "reminder")
    await conversation.staff_write("ответ")
    await conversation.sends("auto-reply", "ответ")
    await conversation.rests()
    return conversation


async def away_and_back(server: Running, name: str) -> ConversationDriver:
    """Telegram and Avito are away, one of them for so long that it shows in the lists; a retry by hand."""
    conversation = ConversationDriver(server, name)
    conversation.chat.fails("show", *[lambda standing, _: replace(standing, trouble=Trouble.TELEGRAM)] * 6)
    conversation.chat.fails(
        "answer", lambda standing, at: replace(standing, trouble=Trouble.AVITO, send_at=at + timedelta(hours=1))
    )
    conversation.chat.outbox.append("ответ")
    await conversation.buyer_writes("вопрос")
    await conversation.chat.tried("answer")
    await conversation.waits(timedelta(minutes=2))
    await conversation.shows("вопрос")
    await conversation.change("retry")
    await conversation.sends("ответ")
    await conversation.rests()
    return conversation


async def closed_and_reopened(server: Running, name: str) -> ConversationDriver:
    """Closed while something is shown; begun again by a person without any news; closed for good."""
    conversation = ConversationDriver(server, name)
    await conversation.buyer_writes("вопрос")
    await conversation.shows("вопрос")
    await conversation.change("close")
    await conversation.ends()
    await conversation.change("reopen")
    await conversation.staff_write("ещё актуально?")
    await conversation.sends("ещё актуально?")
    await conversation.change("close")
    await conversation.ends()
    return conversation


async def quiet(server: Running, name: str) -> ConversationDriver:
    """Nobody writes any more."""
    conversation = ConversationDriver(server, name)
    await conversation.staff_write("ответ")
    await conversation.sends("ответ")
    await conversation.rests()
    await conversation.waits(timedelta(days=15))
    await conversation.ends()
    return conversation


async def swept(server: Running, name: str) -> AccountDriver:
    """Sweeps, one in vain; a change; switched off and on; deleted."""
    account = AccountDriver(server, name)
    account.account.swept.extend([Swept(2), Swept(0, Trouble.AVITO, utc_now() + timedelta(minutes=2))])
    await account.begins()
    await account.waits(timedelta(minutes=11))
    await account.is_changed()
    await account.account.tried("keep", 3)
    await account.rests()
    account.account.monitoring = False
    await account.is_changed()
    await account.rests()
    account.account.monitoring = True
    await account.is_changed()
    await account.rests()
    account.account.exists = False
    await account.is_changed()
    await account.ends()
    return account


async def looked_after(server: Running, name: str) -> BotDriver:
    """A webhook in trouble, errands, then nobody delivers and we listen, then it is deleted."""
    bot = BotDriver(server, name)
    bot.bot.trouble = Trouble.WEBHOOK
    await bot.begins()
    await bot.rests()
    bot.bot.trouble = None
    await bot.waits(timedelta(minutes=8))
    await bot.is_woken()
    await bot.rests()
    bot.bot.polled = True
    await bot.is_woken()
    await bot.bot.tried("poll")
    await bot.is_woken()
    await bot.bot.tried("errands", 5)
    bot.bot.exists = False
    await bot.is_woken()
    await bot.ends()
    return bot


CONVERSATION_SCENARIOS: dict[
    str, Callable[[Running, str], Awaitable[ConversationDriver | AccountDriver | BotDriver]]
] = {
    "conversation-both-sides": both_sides,
    "conversation-away-and-back": away_and_back,
    "conversation-closed-and-reopened": closed_and_reopened,
    "conversation-quiet": quiet,
    "account-swept": swept,
    "bot-looked-after": looked_after,
}
