"""The gate before a bot's group: shut while Telegram is out of reach or refuses the bot, and opened by one question.

Without it each waiting dialog would try for itself: their calls would fill the worker's slots with time-outs, leave
sends of unknown outcome, and read the chats on Avito again and again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.conversations.core.later import Later
from activities.conversations.core.snapshot import Snapshot
from activities.conversations.telegram_side.group_check import GroupVerdict, check_group, reason_of
from domain.conversations.retry import probe_after, spread
from domain.kernel.clock import Clock
from domain.kernel.trouble import Trouble
from gateways.outcome import NotDone, Rejected, TooMany, Unknown
from gateways.telegram.client import TelegramBot
from gateways.telegram.shapes import NO_ANSWER, Place
from models import Bot
from models.channels.bot import BotStatus
from models.conversations.topic import follow_move, is_another_organisations
from models.kernel.database import Sessions

QUESTION: Final = 6.0
"""Seconds for a getMe."""

WORTH_TELLING: Final = timedelta(minutes=5)
"""Of a shorter outage the group is not told."""

SOON: Final = timedelta(seconds=1)
CONTRADICTION: Final = timedelta(seconds=10)
"""Shortest pause when sends are refused and the check of the group finds nothing."""

PAUSES: Final = (0.0, 0.5)
"""Pauses in seconds before the questions that decide that Telegram is out of reach."""


class Gate:
    def __init__(self, sessions: Sessions, now: Clock, pauses: Sequence[float] = PAUSES) -> None:
        self.sessions, self.now, self.pauses = sessions, now, pauses
        self._shut: dict[UUID, datetime] = {}
        self._there: dict[UUID, datetime] = {}
        self._asking: defaultdict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)

    def shut_until(self, bot: Bot) -> datetime | None:
        """When the next question is due; None: open. Takes over what another worker has found."""
        known = self._shut.get(bot.id)
        if bot.failing_since is None and known is None:
            return None
        return max((at for at in (bot.retry_at, known) if at is not None), default=bot.failing_since)

    def heed(self, snapshot: Snapshot) -> None:
        """Raises Later while no question is due."""
        if (until := self.shut_until(snapshot.context.bot)) is not None and self.now() < until:
            raise self._later(snapshot, until)

    async def enter(self, snapshot: Snapshot, telegram: TelegramBot) -> None:
        """Raises Later while the gate is shut; when the question is due, one dialog of all workers asks it."""
        bot = snapshot.context.bot
        if self.shut_until(bot) is None:
            return
        self.heed(snapshot)
        until = await self._take_question(bot)
        if until is not None:
            raise self._later(snapshot, until)
        if bot.failing_since is None:
            return
        verdict = await self._verdict(bot, telegram)
        if verdict.trouble is not None:
            raise self._later(snapshot, await self._close(bot, verdict.reason))
        await self._open(bot, telegram, verdict.chat_id)

    async def doubt(self, bot: Bot, telegram: TelegramBot) -> datetime | None:
        """After a call without an answer: is Telegram out of reach? Then the time of the next question, else None."""
        began = self.now()
        async with self._asking[bot.id]:
            until = self._shut.get(bot.id)
            if until is not None and self.now() < until:
                return until
            if self._there.get(bot.id, began) > began:
                # Another call had the same doubt and has asked meanwhile.
                return None
            for pause in self.pauses:
                await asyncio.sleep(pause)
                if await _answers(telegram):
                    self._there[bot.id] = self.now()
                    return None
            return await self._close(bot, None)

    async def refused(self, bot: Bot, telegram: TelegramBot, refusal: Rejected) -> datetime | None:
        """After a refusal that is not about the message: stores what is wrong; the time of the next question."""
        async with self._asking[bot.id]:
            until = self._shut.get(bot.id)
            if until is not None and self.now() < until:
                return until
            said = reason_of(refusal)
            if said is None:
                return None
            found = await self._verdict(bot, telegram)
            if found.trouble is Trouble.TELEGRAM:
                return None
            if found.reason is None:
                # Telegram contradicts itself: not at once again.
                return await self._close(bot, said, CONTRADICTION)
            return await self._close(bot, found.reason)

    async def check(self, bot: Bot, telegram: TelegramBot) -> Trouble | None:
        """Asks whether the bot can work in its group and stores the answer; a moved group is followed.

        For a bot that Telegram has answered just now.
        """
        chat_id = bot.group_chat_id
        verdict = await check_group(telegram, chat_id) if chat_id is not None else GroupVerdict(0)
        if verdict.reason is not None:
            await self._close(bot, verdict.reason)
        elif verdict.trouble is None:
            await self._open(bot, telegram, verdict.chat_id)
        return verdict.trouble

    async def _verdict(self, bot: Bot, telegram: TelegramBot) -> GroupVerdict:
        if bot.group_chat_id is not None:
            return await check_group(telegram, bot.group_chat_id)
        return GroupVerdict(0, None if await _answers(telegram) else Trouble.TELEGRAM)

    async def _take_question(self, bot: Bot) -> datetime | None:
        """None: this one asks, or the gate is open by now; else the time of the next question."""
        now = self.now()
        async with self.sessions.begin() as session:
            row = await Bot.find(session, bot.id, lock=True)
            if row is None or row.failing_since is None:
                self._shut.pop(bot.id, None)
                bot.failing_since = bot.retry_at = None
                if row is not None:
                    bot.group_chat_id, bot.status = row.group_chat_id, row.status
                return None
            if row.retry_at is not None and now < row.retry_at:
                self._shut[bot.id] = row.retry_at
                return row.retry_at
            row.retry_at = self._shut[bot.id] = now + probe_after(now - row.failing_since)
            bot.failing_since, bot.retry_at, bot.group_chat_id = row.failing_since, row.retry_at, row.group_chat_id
        return None

    async def _close(self, bot: Bot, reason: str | None, shortest: timedelta = timedelta()) -> datetime:
        """`reason`: what Telegram refuses; None: it is out of reach, which is nobody's fault."""
        now = self.now()
        async with self.sessions.begin() as session:
            row = await Bot.find(session, bot.id, lock=True)
            if row is None or row.status is BotStatus.INACTIVE or _is_another(row, bot):
                # Changed meanwhile: what was found is not about this group.
                return now + SOON
            if reason is not None:
                if row.status is BotStatus.ACTIVE:
                    row.work()
                row.status, row.status_reason = BotStatus.ERROR, reason
            row.fail(now, now + probe_after(now - (row.failing_since or now), shortest))
            until = self._shut[bot.id] = row.retry_at or now
            bot.failing_since, bot.retry_at, bot.status = row.failing_since, row.retry_at, row.status
            return until

    async def _open(self, bot: Bot, telegram: TelegramBot, chat_id: int) -> None:
        """Whoever opens it tells the group, once, if Telegram was out of reach for long."""
        lasted: timedelta | None = None
        async with self.sessions.begin() as session:
            row = await Bot.find(session, bot.id, lock=True)
            if row is None:
                return
            if row.status is BotStatus.ACTIVE and row.failing_since is not None:
                lasted = self.now() - row.failing_since
            if _is_another(row, bot):
                return
            if row.status is BotStatus.ERROR and row.group_chat_id is not None:
                row.status, row.status_reason = BotStatus.ACTIVE, None
            row.work()
            await self._follow(session, row, chat_id)
            bot.status, bot.group_chat_id = row.status, row.group_chat_id
        self._shut.pop(bot.id, None)
        bot.failing_since = bot.retry_at = None
        if lasted is not None and lasted >= WORTH_TELLING and bot.group_chat_id is not None:
            await _tell(telegram, bot.group_chat_id, lasted)

    async def _follow(self, session: AsyncSession, row: Bot, chat_id: int) -> None:
        """A moved group is followed, but never into one of another organisation."""
        old = row.group_chat_id
        if old is None or old == chat_id or await is_another_organisations(session, row.organisation_id, chat_id):
            return
        await follow_move(session, row.id, old, chat_id)
        await session.refresh(row)

    def _later(self, snapshot: Snapshot, until: datetime) -> Later:
        since = snapshot.context.bot.failing_since or until
        return Later(Trouble.TELEGRAM, until + spread(snapshot.dialog.number, probe_after(until - since)))


def _is_another(row: Bot, bot: Bot) -> bool:
    return (row.group_chat_id, row.token_sealed) != (bot.group_chat_id, bot.token_sealed)


async def _answers(telegram: TelegramBot) -> bool:
    """Whether Telegram is there, whatever it says."""
    try:
        async with asyncio.timeout(QUESTION):
            await telegram.me()
    except TooMany:
        return True
    except (NotDone, Unknown, TimeoutError):
        return False
    except Rejected as refusal:
        return refusal.reason != NO_ANSWER
    return True


async def _tell(telegram: TelegramBot, chat_id: int, lasted: timedelta) -> None:
    """Into General; not repeated if it does not get there."""
    minutes = int(lasted.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    time = f"{hours} ч {rest} мин" if hours else f"{minutes} мин"
    text = f"Telegram не отвечал {time}. Сообщения покупателей за это время сейчас появятся в темах, по порядку."
    try:
        await telegram.send_text(Place(chat_id), text)
    except (NotDone, Unknown, Rejected):
        return
