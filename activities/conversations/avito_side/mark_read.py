"""Marking a chat read on Avito, when the organisation wants it."""

from activities.avito.account import AccountAway, Accounts, Opened
from activities.conversations.core.snapshot import Later, Snapshot
from domain.kernel.clock import Clock
from gateways.outcome import NotDone, Rejected, Unknown
from models.kernel.database import Sessions, at_once


class ReadMarker:
    def __init__(self, sessions: Sessions, accounts: Accounts, now: Clock) -> None:
        self.at_once, self.accounts, self.now = at_once(sessions), accounts, now

    async def mark_read(self, snapshot: Snapshot, opened: Opened) -> None:
        """Harmless to repeat, and repeated when we are killed before the commit. Raises Later."""
        try:
            await self.accounts.read(opened, lambda avito: avito.read(snapshot.conversation.chat_id))
        except AccountAway as away:
            raise Later(away.trouble, away.retry_at) from None
        except (NotDone, Unknown):
            raise Later("avito", snapshot.next_try(self.now())) from None
        except Rejected:
            # Avito will not have it: the buyer's message was shown all the same.
            pass
        async with self.at_once.connect() as connection:
            await snapshot.dialog.note_read(connection)
