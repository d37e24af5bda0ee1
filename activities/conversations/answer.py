"""From the topic and the API to the buyer: commands, refusals and notes at once, sends in order, what came of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from temporalio import activity

from activities.avito.account import AccountAway, Accounts, Opened
from activities.conversations.avito_side.mark_read import ChatsRead
from activities.conversations.avito_side.send_messages import Sending
from activities.conversations.core.messages import Conversation, Standing
from activities.conversations.core.snapshot import Later, Talk, talk_of
from activities.conversations.core.standing import standing_of
from activities.conversations.telegram_side.planning import Planning
from activities.conversations.telegram_side.show_messages import Relay
from domain.kernel.clock import Clock
from models.conversations.context import held, surroundings
from models.kernel.database import Sessions
from models.people.organisation import MarkRead

TURN: Final = timedelta(seconds=40)
"""One call sends that long; then the other direction has its turn."""

SIDE_TURN: Final = timedelta(seconds=15)
"""So long it shows what waits for the topic, before it sends and after: a backlog there is the other direction's."""


class Answering:
    """The drain towards Avito, for answers of people and for auto-replies alike."""

    def __init__(
        self,
        sessions: Sessions,
        accounts: Accounts,
        planning: Planning,
        sending: Sending,
        relay: Relay,
        chats_read: ChatsRead,
        now: Clock,
    ) -> None:
        self.sessions, self.accounts, self.planning, self.sending = sessions, accounts, planning, sending
        self.relay, self.chats_read, self.now = relay, chats_read, now

    async def drain(self, talk: Talk) -> Standing:
        """Refusals and replies to commands go to the topic first: they do not wait for Avito."""
        await self.planning.take_up(talk)
        show = await self._show(talk, None) if talk.to_show else None
        opened, send = await self._send(talk, None)
        if show is None:
            show = await self._show(talk, opened)
        return standing_of(talk, show=show, send=send)

    async def reply(self, talk: Talk, opened: Opened) -> Standing:
        """Nothing comes before the buyer. A trouble is Avito's: what keeps us from the topic is the next showing's."""
        await self.planning.take_up(talk)
        _, send = await self._send(talk, opened)
        standing = standing_of(talk, show=await self._show(talk, opened), send=send)
        return replace(standing, trouble=send.trouble if send is not None else None)

    async def _send(self, talk: Talk, opened: Opened | None) -> tuple[Opened | None, Later | None]:
        send: Later | None = None
        if talk.to_send:
            answered = talk.dialog.last_human_reply_at
            try:
                opened = opened or await self.accounts.opened(talk.conversation.account_id)
                await self.sending.drain(talk, opened, self.now() + TURN)
            except AccountAway as away:
                send = Later(away.trouble, away.retry_at)
            except Later as later:
                send = later
            if send is not None:
                await self.sending.slow(talk, send)
            if opened is not None and talk.dialog.last_human_reply_at != answered:
                await self._mark_read(talk, opened)
        return opened, send

    async def _show(self, talk: Talk, opened: Opened | None) -> Later | None:
        try:
            await self.relay.drain(talk, opened, self.now() + SIDE_TURN)
        except Later as later:
            return later
        return None

    async def _mark_read(self, talk: Talk, opened: Opened) -> None:
        """Only a convenience: what fails here is not tried again before the next answer."""
        if talk.around.organisation.mark_read is not MarkRead.ON_ANSWER or not talk.dialog.unread_on_avito:
            return
        try:
            await self.chats_read.mark(talk, opened)
        except Later:
            return


class AnswerActivities:
    """Killed anywhere, the next call begins at the rows."""

    def __init__(self, sessions: Sessions, answering: Answering) -> None:
        self.sessions, self.answering = sessions, answering

    @activity.defn
    async def answer(self, conversation: Conversation) -> Standing:
        """Bring what staff and the API have written to the buyer, in order, or say what it waits for."""
        async with self.sessions() as session:
            there = await held(session, conversation.account_id, conversation.chat_id)
            if there is None:
                return Standing(known=await surroundings(session, conversation.account_id) is not None)
            talk = await talk_of(session, conversation, there)
            await talk.load_sends(session)
        return await self.answering.drain(talk)
