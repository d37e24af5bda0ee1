"""Calls to a Telegram group: budget, 429, moved groups, short retries."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from activities.conversations.core.later import Later
from activities.conversations.core.snapshot import Snapshot
from activities.conversations.telegram_side.gate import Gate
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.pace import Bucket, Granted, Priority, Waiter, block, grant
from domain.kernel.trouble import Trouble
from gateways.outcome import NotDone, Rejected, TooMany, Unauthorised, Unknown
from gateways.telegram.client import TelegramApi, TelegramBot
from gateways.telegram.shapes import NO_ANSWER, Conflict, GroupMoved, Kicked, NoForum, NoRights
from models import Bot, Group, Wait
from models.channels.bot import TOKEN, BotStatus
from models.conversations.topic import follow_move
from models.kernel.columns import unseal
from models.kernel.database import Sessions

T = TypeVar("T")

PAUSES: Final = (0.3, 0.9)
"""Pauses in seconds between tries of a call that was not done."""

PLACE_KEPT: Final = timedelta(seconds=30)
"""A waiting dialog that does not return for this long loses its place in the queue."""


class Groups:
    """`per_minute`: own budget per group, 0 for none; a 429 is obeyed in both cases."""

    def __init__(
        self,
        sessions: Sessions,
        telegram: TelegramApi,
        keyring: Keyring,
        per_minute: int,
        now: Clock,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self.sessions, self.telegram, self.keyring = sessions, telegram, keyring
        self.per_minute, self.now, self.pauses = per_minute, now, pauses
        self.gate = Gate(sessions, now)
        self._bots: dict[UUID, tuple[bytes, TelegramBot]] = {}
        self._blocked: dict[tuple[UUID, int], datetime] = {}

    def bot(self, row: Bot) -> TelegramBot:
        """The bot's client; the token is decrypted again only if the row has changed."""
        known = self._bots.get(row.id)
        if known is None or known[0] != row.token_sealed:
            token = str(unseal(self.keyring, TOKEN, row.token_sealed))
            known = self._bots[row.id] = (row.token_sealed, self.telegram.bot(token))
        return known[1]

    def note_block(self, group: Group | None) -> None:
        """Takes over a 429 that another worker was given."""
        if group is not None and group.blocked_until is not None:
            self._blocked[group.bot_id, group.chat_id] = group.blocked_until

    def group_of(self, snapshot: Snapshot) -> int:
        """The bot's group. Raises Later if it has none or is inactive."""
        chat_id = snapshot.context.bot.group_chat_id
        if chat_id is None or snapshot.context.bot.status is BotStatus.INACTIVE:
            raise Later(Trouble.TELEGRAM, snapshot.next_try(self.now()))
        return chat_id

    async def enter(self, snapshot: Snapshot) -> None:
        """Raises Later if nothing can get into the group now: it has none, or the gate is shut."""
        self.group_of(snapshot)
        await self.gate.enter(snapshot, self.bot(snapshot.context.bot))

    async def reach(self, snapshot: Snapshot) -> None:
        """Raises Later while Telegram is out of reach; a group that refuses the bot does not matter."""
        if snapshot.context.bot.status is not BotStatus.ERROR:
            await self.gate.enter(snapshot, self.bot(snapshot.context.bot))

    async def call(
        self,
        snapshot: Snapshot,
        priority: Priority,
        what: Callable[[TelegramBot, int], Awaitable[T]],
        *,
        counts: bool = True,
        optional: bool = False,
    ) -> T:
        """Calls `what` with the bot and the group's id when it is the dialog's turn.

        Raises Later if it must wait; Unknown and refusals of this very call are passed on. `counts`: spends the group's
        budget. `optional`: every refusal is passed on.
        """
        if counts:
            await self.take_turn(snapshot, priority)
        else:
            await self.enter(snapshot)
            self._heed_block(snapshot.context.bot.id, self.group_of(snapshot))
        try:
            return await self._with_retries(snapshot, what, optional)
        except GroupMoved as moved:
            await self.follow(snapshot, moved.chat_id)
            return await self._with_retries(snapshot, what, optional)

    async def take_turn(self, snapshot: Snapshot, priority: Priority) -> None:
        """Spends one send of the group's budget. Raises Later with the time to ask again."""
        await self.enter(snapshot)
        chat_id = self.group_of(snapshot)
        self._heed_block(snapshot.context.bot.id, chat_id)
        if self.per_minute <= 0:
            return
        now = self.now()
        async with self.sessions.begin() as session:
            group = await Group.locked(session, snapshot.context.bot.id, chat_id, Bucket.full(self.per_minute, now))
            queue = await Wait.queue(session, snapshot.context.bot.id, chat_id, now - PLACE_KEPT)
            mine = next((one for one in queue if one.dialog_id == snapshot.dialog.id), None)
            asked_at = mine.asked_at if mine is not None and mine.priority == priority else now
            waiters = [Waiter(one.dialog_id, Priority(one.priority), one.asked_at) for one in queue]
            answer = grant(group.bucket, waiters, Waiter(snapshot.dialog.id, priority, asked_at), self.per_minute, now)
            if isinstance(answer, Granted):
                group.bucket = answer.bucket
                if mine is not None:
                    await Wait.leave(session, chat_id, snapshot.dialog.id)
                return
            await Wait.enter(
                session,
                Wait(
                    bot_id=snapshot.context.bot.id,
                    chat_id=chat_id,
                    dialog_id=snapshot.dialog.id,
                    priority=int(priority),
                    asked_at=asked_at,
                    retry_at=answer.until,
                ),
            )
        raise Later(Trouble.BUDGET, answer.until)

    async def follow(self, snapshot: Snapshot, chat_id: int) -> None:
        """Stores the group's new id."""
        old = self.group_of(snapshot)
        async with self.sessions.begin() as session:
            await follow_move(session, snapshot.context.bot.id, old, chat_id)
        snapshot.context.bot.group_chat_id = chat_id
        if snapshot.dialog.telegram_chat_id == old:
            snapshot.dialog.telegram_chat_id = chat_id
        for row in snapshot.rows:
            if row.telegram_chat_id == old:
                row.telegram_chat_id = chat_id

    async def _with_retries(
        self, snapshot: Snapshot, what: Callable[[TelegramBot, int], Awaitable[T]], optional: bool
    ) -> T:
        bot, chat_id = self.bot(snapshot.context.bot), self.group_of(snapshot)
        for pause in (*self.pauses, None):
            try:
                return await what(bot, chat_id)
            except TooMany as refusal:
                raise Later(
                    Trouble.TELEGRAM, await self._block(snapshot.context.bot.id, chat_id, refusal.retry_after)
                ) from None
            except NotDone:
                if (until := await self.gate.doubt(snapshot.context.bot, bot)) is not None:
                    raise Later(Trouble.TELEGRAM, until) from None
                if pause is None:
                    break
                await asyncio.sleep(pause)
            except Unknown:
                # What follows finds the gate shut if Telegram is out of reach.
                await self.gate.doubt(snapshot.context.bot, bot)
                raise
            except Rejected as refusal:
                if optional or _is_about_this(refusal):
                    raise
                raise Later(Trouble.TELEGRAM, await self._refused(snapshot, bot, refusal)) from None
        raise Later(Trouble.TELEGRAM, snapshot.next_try(self.now()))

    async def _refused(self, snapshot: Snapshot, bot: TelegramBot, refusal: Rejected) -> datetime:
        """The time of the next try; what is wrong with the bot or its group is stored at once."""
        row = snapshot.context.bot
        away = refusal.reason == NO_ANSWER
        until = await (self.gate.doubt(row, bot) if away else self.gate.refused(row, bot, refusal))
        return until or snapshot.next_try(self.now())

    async def _block(self, bot_id: UUID, chat_id: int, retry_after: float) -> datetime:
        now = self.now()
        async with self.sessions.begin() as session:
            group = await Group.locked(session, bot_id, chat_id, Bucket.full(self.per_minute, now))
            group.bucket = block(group.bucket, retry_after, now)
            until = group.blocked_until or now
        self._blocked[bot_id, chat_id] = until
        return until

    def _heed_block(self, bot_id: UUID, chat_id: int) -> None:
        until = self._blocked.get((bot_id, chat_id))
        if until is not None and self.now() < until:
            raise Later(Trouble.TELEGRAM, until)
        self._blocked.pop((bot_id, chat_id), None)


def _is_about_this(refusal: Rejected) -> bool:
    """Telegram refuses this call, not the bot as such; a proxy's page does not count."""
    if isinstance(refusal, Kicked | NoRights | NoForum | Unauthorised | Conflict) or refusal.reason == NO_ANSWER:
        return False
    return isinstance(refusal, GroupMoved) or refusal.status in (400, 413)
