"""Ways through conversations, accounts and bots whose histories are kept, by the kind of workflow."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from activities.channels.avito_keeper import Swept
from domain.kernel.clock import utc_now
from domain.kernel.trouble import Trouble
from tests.workflows.bot import Robot
from tests.workflows.conversation import Dialogue
from tests.workflows.server import Running
from tests.workflows.shop import Shop
from tests.workflows.watched import Watched

Played = Watched[object]


async def both_sides(server: Running, name: str) -> Dialogue:
    """News from both sides, an auto-reply, a reminder, a person who answers."""
    talk = Dialogue(server, name)
    talk.chat.auto_replies = talk.chat.reminds = True
    await talk.buyer_writes("вопрос")
    await talk.shows("вопрос")
    await talk.rests()
    await talk.waits(timedelta(minutes=40))
    await talk.shows("вопрос", "reminder")
    await talk.staff_write("ответ")
    await talk.sends("auto-reply", "ответ")
    await talk.rests()
    return talk


async def away_and_back(server: Running, name: str) -> Dialogue:
    """Telegram and Avito are away, one of them for so long that it shows in the lists; a retry by hand."""
    talk = Dialogue(server, name)
    talk.chat.fails("show", *[lambda standing, _: replace(standing, trouble=Trouble.TELEGRAM)] * 6)
    talk.chat.fails(
        "answer", lambda standing, at: replace(standing, trouble=Trouble.AVITO, send_at=at + timedelta(hours=1))
    )
    talk.chat.outbox.append("ответ")
    await talk.buyer_writes("вопрос")
    await talk.chat.tried("answer")
    await talk.waits(timedelta(minutes=2))
    await talk.shows("вопрос")
    await talk.change("retry")
    await talk.sends("ответ")
    await talk.rests()
    return talk


async def closed_and_reopened(server: Running, name: str) -> Dialogue:
    """Closed while something is shown; begun again by a person without any news; closed for good."""
    talk = Dialogue(server, name)
    await talk.buyer_writes("вопрос")
    await talk.shows("вопрос")
    await talk.change("close")
    await talk.ends()
    await talk.change("reopen")
    await talk.staff_write("ещё актуально?")
    await talk.sends("ещё актуально?")
    await talk.change("close")
    await talk.ends()
    return talk


async def quiet(server: Running, name: str) -> Dialogue:
    """Nobody writes any more."""
    talk = Dialogue(server, name)
    await talk.staff_write("ответ")
    await talk.sends("ответ")
    await talk.rests()
    await talk.waits(timedelta(days=15))
    await talk.ends()
    return talk


async def swept(server: Running, name: str) -> Shop:
    """Sweeps, one in vain; a change; switched off and on; deleted."""
    shop = Shop(server, name)
    shop.account.swept.extend([Swept(2), Swept(0, Trouble.AVITO, utc_now() + timedelta(minutes=2))])
    await shop.begins()
    await shop.waits(timedelta(minutes=11))
    await shop.is_changed()
    await shop.account.tried("keep", 3)
    await shop.rests()
    shop.account.monitoring = False
    await shop.is_changed()
    await shop.rests()
    shop.account.monitoring = True
    await shop.is_changed()
    await shop.rests()
    shop.account.exists = False
    await shop.is_changed()
    await shop.ends()
    return shop


async def looked_after(server: Running, name: str) -> Robot:
    """A webhook in trouble, errands, then nobody delivers and we listen, then it is deleted."""
    robot = Robot(server, name)
    robot.bot.trouble = Trouble.WEBHOOK
    await robot.begins()
    await robot.rests()
    robot.bot.trouble = None
    await robot.waits(timedelta(minutes=8))
    await robot.is_woken()
    await robot.rests()
    robot.bot.polled = True
    await robot.is_woken()
    await robot.bot.tried("poll")
    await robot.is_woken()
    await robot.bot.tried("errands", 5)
    robot.bot.exists = False
    await robot.is_woken()
    await robot.ends()
    return robot


CONVERSATION_SCENARIOS: dict[str, Callable[[Running, str], Awaitable[Dialogue | Shop | Robot]]] = {
    "conversation-both-sides": both_sides,
    "conversation-away-and-back": away_and_back,
    "conversation-closed-and-reopened": closed_and_reopened,
    "conversation-quiet": quiet,
    "account-swept": swept,
    "bot-looked-after": looked_after,
}
