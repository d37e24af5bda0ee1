"""The topic of a dialog: made with its card, made again if deleted, closed and reopened with the dialog."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeVar

from activities.conversations.core.later import Later, later_of_telegram
from activities.conversations.core.snapshot import Snapshot
from activities.conversations.telegram_side.rendering import summary_of
from activities.conversations.telegram_side.telegram_group import Groups
from domain.conversations.topic import REPEAT_MARK, Speech, card_text, posts, topic_name
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.pace import Priority
from domain.kernel.trouble import Trouble
from gateways.outcome import Rejected, Unknown
from gateways.telegram.client import TelegramBot
from gateways.telegram.shapes import GroupMoved, Place, TopicClosed, TopicGone
from models import FormerTopic, Message
from models.conversations.dialog import DialogState
from models.conversations.topic import forget_copies
from models.kernel.database import Sessions

T = TypeVar("T")

REPEATED: Final = 5
"""Number of last messages that a new topic repeats."""

POSTING: Final = 0
"""Card id while the outcome of its post is unknown."""

REFUSED: Final = -1
"""Card id if Telegram refuses the card."""

LAST_MESSAGES: Final = "Прежняя тема удалена. Последние сообщения:"


class Topics:
    def __init__(self, sessions: Sessions, groups: Groups, keyring: Keyring, now: Clock) -> None:
        self.sessions, self.groups, self.keyring, self.now = sessions, groups, keyring, now

    async def send(self, snapshot: Snapshot, what: Callable[[TelegramBot, Place], Awaitable[T]]) -> T:
        """Calls `what` in the dialog's topic; reopens a closed topic, makes a deleted one again once.

        Raises Later, Unknown, or Telegram's refusal of this message. The caller has spent the budget.
        """
        for _ in range(3):
            try:
                return await self._in_topic(snapshot, what)
            except TopicGone:
                await self._recreate(snapshot)
            except TopicClosed:
                await self._reopen(snapshot)
        raise Later(Trouble.TELEGRAM, snapshot.next_try(self.now()))

    async def ensure(self, snapshot: Snapshot) -> None:
        """Makes or reopens the topic if needed; the card follows when the budget allows."""
        chat_id = self.groups.group_of(snapshot)
        dialog = snapshot.dialog
        if dialog.telegram_topic_id is None or dialog.telegram_chat_id != chat_id:
            await self._make(snapshot)
        elif dialog.topic_closed and dialog.state is DialogState.ACTIVE:
            await self._reopen(snapshot)
        if snapshot.card_missing:
            await self._card(snapshot)

    async def follow_state(self, snapshot: Snapshot) -> None:
        """Closes or reopens the topic like the dialog; a deleted topic needs neither."""
        if not snapshot.topic_out_of_step:
            return
        if snapshot.dialog.state is DialogState.ACTIVE:
            await self._reopen(snapshot)
            return
        # A refusal (deleted, closed by hand, no right) does not matter.
        with suppress(Rejected):
            await self._switch(snapshot, lambda bot, place: bot.close_topic(place))
        await self._remember_closed(snapshot, True)

    async def _in_topic(self, snapshot: Snapshot, what: Callable[[TelegramBot, Place], Awaitable[T]]) -> T:
        if snapshot.dialog.telegram_topic_id is None:
            # Without a thread the message would go to General.
            raise TopicGone(400, "no topic")
        return await self.groups.call(
            snapshot,
            Priority.MESSAGE,
            lambda bot, chat_id: what(bot, Place(chat_id, snapshot.dialog.telegram_topic_id)),
            counts=False,
        )

    async def _make(self, snapshot: Snapshot) -> None:
        """Makes the topic. Killed between Telegram's answer and the commit, an empty topic stays in the group."""
        dialog = snapshot.dialog
        await self.groups.take_turn(snapshot, Priority.MESSAGE)
        async with self.sessions.begin() as session:
            session.add(dialog)
            dialog.topic_attempts += 1
        name = topic_name(dialog.number, dialog.item_title or "", dialog.buyer_name or "")
        with later_of_telegram(lambda: snapshot.next_try(self.now()), Unknown, Rejected):
            made, place = await self.groups.call(
                snapshot, Priority.MESSAGE, lambda bot, chat_id: _topic(bot, chat_id, name), counts=False
            )
        async with self.sessions.begin() as session:
            session.add(dialog)
            await FormerTopic.remember(session, dialog)
            dialog.telegram_chat_id, dialog.telegram_topic_id = place, made
            dialog.topic_closed = dialog.card_pinned = False
            dialog.card_message_id = None
            await forget_copies(session, dialog.id)

    async def _recreate(self, snapshot: Snapshot) -> None:
        if snapshot.recreated:
            raise Later(Trouble.TELEGRAM, snapshot.next_try(self.now()))
        snapshot.recreated = True
        async with self.sessions() as session:
            before = min((row.number for row in snapshot.to_show), default=None)
            last = await Message.last_shown(session, snapshot.dialog.id, before, REPEATED)
        # The old one is forgotten only for a new one: where topics are switched off, it comes back with them.
        await self._make(snapshot)
        if snapshot.card_missing:
            await self._card(snapshot)
        if last:
            await self._repeat(snapshot, last)

    async def _forget(self, snapshot: Snapshot) -> None:
        """Forgets a deleted topic: the next message makes another."""
        async with self.sessions.begin() as session:
            session.add(snapshot.dialog)
            await FormerTopic.remember(session, snapshot.dialog)
            snapshot.dialog.telegram_topic_id = None

    async def _repeat(self, snapshot: Snapshot, last: list[Message]) -> None:
        """Repeats the last messages in one, at the top of a topic that was made again."""
        speeches = [summary_of(row, snapshot.body(self.keyring, row), snapshot.dialog.buyer_name) for row in last]
        summary, *_ = posts([Speech(told=LAST_MESSAGES), *speeches])
        try:
            await self.groups.take_turn(snapshot, Priority.CARD)
            await self._in_topic(snapshot, lambda bot, place: bot.send_text(place, summary.text, quotes=summary.quotes))
        except (Later, Unknown, Rejected):
            # Optional: the messages are stored, and the next one must not wait.
            return

    async def _card(self, snapshot: Snapshot) -> None:
        """Posts and pins the card; messages do not wait for it."""
        try:
            if snapshot.dialog.card_message_id in (None, POSTING):
                await self._post_card(snapshot)
            await self._pin(snapshot)
            snapshot.card_later = None
        except Later as later:
            snapshot.card_later = later
        except TopicGone:
            # A message to show makes another topic; without one no topic is needed.
            snapshot.card_later = Later(Trouble.TELEGRAM, snapshot.next_try(self.now())) if snapshot.to_show else None
            if not snapshot.to_show:
                await self._forget(snapshot)
        except (Unknown, TopicClosed, GroupMoved):
            snapshot.card_later = Later(Trouble.TELEGRAM, snapshot.next_try(self.now()))
        except Rejected:
            # Telegram refuses this card for good.
            async with self.sessions.begin() as session:
                session.add(snapshot.dialog)
                snapshot.dialog.card_message_id, snapshot.dialog.card_pinned = REFUSED, True

    async def _post_card(self, snapshot: Snapshot) -> None:
        dialog = snapshot.dialog
        await self.groups.take_turn(snapshot, Priority.CARD)
        text = card_text(
            dialog.item_title or "",
            dialog.item_price,
            dialog.item_city,
            dialog.item_url,
            dialog.buyer_name or "",
            snapshot.context.account.name,
        )
        if dialog.card_message_id == POSTING:
            text = f"{REPEAT_MARK}\n{text}"
        async with self.sessions.begin() as session:
            session.add(dialog)
            dialog.card_message_id = POSTING
        posted = await self._in_topic(snapshot, lambda bot, place: bot.send_text(place, text))
        async with self.sessions.begin() as session:
            session.add(dialog)
            dialog.card_message_id = posted

    async def _pin(self, snapshot: Snapshot) -> None:
        card = snapshot.dialog.card_message_id
        if not card:
            return
        try:
            await self.groups.call(
                snapshot,
                Priority.CARD,
                lambda bot, chat_id: bot.pin(chat_id, card),
                counts=False,
                optional=True,
            )
        except GroupMoved:
            raise
        except Rejected:
            # No right to pin, or the card was deleted: not retried.
            pass
        async with self.sessions.begin() as session:
            session.add(snapshot.dialog)
            snapshot.dialog.card_pinned = True

    async def _reopen(self, snapshot: Snapshot) -> None:
        try:
            await self._switch(snapshot, lambda bot, place: bot.reopen_topic(place))
        except TopicGone:
            await self._recreate(snapshot)
        except Rejected:
            # Open already, or the bot may write anyway: the next send shows.
            pass
        await self._remember_closed(snapshot, False)

    async def _switch(self, snapshot: Snapshot, what: Callable[[TelegramBot, Place], Awaitable[None]]) -> None:
        with later_of_telegram(lambda: snapshot.next_try(self.now()), Unknown):
            await self.groups.call(
                snapshot,
                Priority.STATUS,
                lambda bot, chat_id: what(bot, Place(chat_id, snapshot.dialog.telegram_topic_id)),
                counts=False,
                optional=True,
            )

    async def _remember_closed(self, snapshot: Snapshot, closed: bool) -> None:
        async with self.sessions.begin() as session:
            session.add(snapshot.dialog)
            snapshot.dialog.topic_closed = closed


async def _topic(bot: TelegramBot, chat_id: int, name: str) -> tuple[int, int]:
    """The topic's id and its group, which may have moved meanwhile."""
    return await bot.create_topic(chat_id, name), chat_id
