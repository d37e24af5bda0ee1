"""Marks a chat read on Avito, if the organisation wants it."""

from contextlib import suppress

from activities.avito.account import Accounts, Opened
from activities.conversations.core.later import later_of_avito
from activities.conversations.core.snapshot import Snapshot
from domain.kernel.clock import Clock
from gateways.outcome import Rejected
from models.kernel.database import Sessions, at_once


class ReadMarker:
    def __init__(self, sessions: Sessions, accounts: Accounts, now: Clock) -> None:
        self.at_once, self.accounts, self.now = at_once(sessions), accounts, now

    async def mark_read(self, snapshot: Snapshot, opened: Opened) -> None:
        """Safe to repeat, and repeated after a kill before the commit. Raises Later."""
        # A refusal changes nothing for the buyer or the topic.
        with later_of_avito(lambda: snapshot.next_try(self.now())), suppress(Rejected):
            await self.accounts.read(opened, lambda avito: avito.read(snapshot.conversation.chat_id))
        async with self.at_once.connect() as connection:
            await snapshot.dialog.note_read(connection)
