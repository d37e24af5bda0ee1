"""Looks a send of unknown outcome up in the chat: found there, it has arrived and is not posted again."""

from datetime import datetime, timedelta
from typing import Final

from activities.avito.account import Accounts, Opened
from activities.conversations.avito_side.echo import claimed, listed
from activities.conversations.core.later import Later, later_of_avito
from activities.conversations.core.snapshot import Snapshot
from domain.conversations.echo import adopt
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.trouble import Trouble
from domain.kernel.turns import Urgency
from gateways.avito.client import LIST_LIMIT
from gateways.outcome import Rejected
from models import Send
from models.conversations.message import SendStatus
from models.conversations.sends import known_before, owned
from models.kernel.database import Sessions

PAUSES: Final = (1.0, 8.0, 21.0)
"""Seconds before each look, half a minute in all: Avito does not publish how fresh its lists are."""

POSTS: Final = 2
"""How often a send may be posted; the second time only if all looks have missed it."""


class SendLookup:
    def __init__(self, sessions: Sessions, keyring: Keyring, accounts: Accounts, now: Clock) -> None:
        self.sessions, self.keyring, self.accounts, self.now = sessions, keyring, accounts, now

    async def find(self, snapshot: Snapshot, send: Send, opened: Opened) -> str | None:
        """Avito's id of the message; None after the last look. Raises Later between looks."""
        if send.status is SendStatus.PENDING:
            # A manager has asked for another try: one look is enough.
            return await self._look(snapshot, send, opened)
        while send.looks < len(PAUSES):
            due = self.next_at(send)
            if self.now() < due:
                raise Later(Trouble.AVITO, due)
            if (found := await self._look(snapshot, send, opened)) is not None:
                return found
        return None

    def next_at(self, send: Send) -> datetime:
        since = send.looked_at or send.started_at or self.now()
        return since + timedelta(seconds=PAUSES[min(send.looks, len(PAUSES) - 1)])

    async def _look(self, snapshot: Snapshot, send: Send, opened: Opened) -> str | None:
        chat_id = snapshot.conversation.chat_id
        try:
            with later_of_avito(lambda: snapshot.next_try(self.now())):
                messages = await self.accounts.read(
                    opened, lambda avito: avito.messages(chat_id, limit=LIST_LIMIT), Urgency.REPLY
                )
        except Rejected:
            await self._cannot_look(send)
            return None
        outgoing = [one for one in messages if one.direction == "out"]
        async with self.sessions() as session:
            ids = [one.id for one in outgoing]
            ours = await owned(session, snapshot.dialog.id, ids)
            ours |= await known_before(session, snapshot.dialog.id, ids, send.started_at)
        found = adopt([listed(one) for one in outgoing], [claimed(self.keyring, send)], ours)
        if send.id in found:
            return found[send.id]
        async with self.sessions.begin() as session:
            session.add(send)
            send.looks, send.looked_at = send.looks + 1, self.now()
        return None

    async def _cannot_look(self, send: Send) -> None:
        """Avito no longer shows the chat: without a look the send is not posted again."""
        async with self.sessions.begin() as session:
            session.add(send)
            send.looks, send.attempts = len(PAUSES), POSTS
