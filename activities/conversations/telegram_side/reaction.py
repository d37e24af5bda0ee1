"""Reactions on messages of staff: how far each is on its way to the buyer."""

from activities.conversations.core.later import later_of_telegram
from activities.conversations.core.snapshot import Snapshot
from activities.conversations.telegram_side.telegram_group import Groups
from domain.kernel.clock import Clock
from domain.kernel.pace import Priority
from gateways.outcome import Rejected, Unknown
from gateways.telegram.client import TelegramBot
from gateways.telegram.shapes import GroupMoved
from models import Message
from models.kernel.database import Sessions


class Reactions:
    def __init__(self, sessions: Sessions, groups: Groups, now: Clock) -> None:
        self.sessions, self.groups, self.now = sessions, groups, now

    async def set_wanted(self, snapshot: Snapshot) -> None:
        """Sets the wanted reactions; safe to repeat. A refused reaction is dropped."""
        for row in snapshot.to_react:
            await self._react(snapshot, row)

    async def _react(self, snapshot: Snapshot, row: Message) -> None:
        wanted, message_id = row.reaction_wanted, row.telegram_message_id
        if wanted is not None and message_id is not None and row.telegram_chat_id == self.groups.group_of(snapshot):
            await self._set(snapshot, message_id, wanted)
        async with self.sessions.begin() as session:
            session.add(row)
            row.reaction, row.reaction_wanted = wanted, None

    async def _set(self, snapshot: Snapshot, message_id: int, wanted: str) -> None:
        async def react(bot: TelegramBot, chat_id: int) -> None:
            await bot.react(chat_id, message_id, wanted)

        try:
            with later_of_telegram(lambda: snapshot.next_try(self.now()), Unknown):
                await self.groups.call(snapshot, Priority.STATUS, react, optional=True)
        except GroupMoved:
            raise
        except Rejected:
            # The message is gone or the group does not allow the reaction: a retry would not help.
            return
