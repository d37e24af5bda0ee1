"""Sends to the buyer what waits in the rows: answers of staff and of the API, and auto-replies."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from temporalio import activity

from activities.avito.account import Accounts, Opened
from activities.conversations.avito_side.mark_read import ReadMarker
from activities.conversations.avito_side.send_messages import MessageSender
from activities.conversations.core.later import Later, later_of_avito
from activities.conversations.core.messages import Conversation, Standing
from activities.conversations.core.snapshot import Snapshot, snapshot_of
from activities.conversations.core.standing import standing_of
from activities.conversations.telegram_side.send_plan import SendPlanner
from activities.conversations.telegram_side.show_messages import TopicWriter
from domain.kernel.clock import Clock
from models.conversations.context import account_context, dialog_context
from models.kernel.database import Sessions
from models.people.organisation import MarkRead

TURN: Final = timedelta(seconds=40)
"""Longest sending of one call; then the other direction has its turn."""

SIDE_TURN: Final = timedelta(seconds=15)
"""Longest showing of one call, before and after sending: a backlog in the topic belongs to `show`."""


class Outbox:
    """What waits for the buyer: planned, sent, and its outcome shown in the topic."""

    def __init__(
        self,
        sessions: Sessions,
        accounts: Accounts,
        planner: SendPlanner,
        sender: MessageSender,
        writer: TopicWriter,
        read_marker: ReadMarker,
        now: Clock,
    ) -> None:
        self.sessions, self.accounts, self.planner, self.sender = sessions, accounts, planner, sender
        self.writer, self.read_marker, self.now = writer, read_marker, now

    async def send_waiting(self, snapshot: Snapshot) -> Standing:
        """Refusals and replies to commands go to the topic first, unless it lags: Avito does not wait for Telegram.

        `trouble` is that of sending: what delays the topic is reported by `show`, which is due at `show_at`.
        """
        lags = bool(snapshot.to_show)
        await self.sender.documents.look_into(snapshot)
        await self.planner.plan_waiting(snapshot)
        show = await self._show(snapshot, None) if snapshot.to_show and not lags else None
        opened, send = await self._send(snapshot, None)
        if show is None:
            show = await self._show(snapshot, opened)
        return _of_sending(standing_of(snapshot, show=show, send=send), send)

    async def send_auto_reply(self, snapshot: Snapshot, opened: Opened) -> Standing:
        """Sends first and shows afterwards. `trouble` is Avito's only: what delays the topic is reported by `show`."""
        await self.sender.documents.look_into(snapshot)
        await self.planner.plan_waiting(snapshot)
        _, send = await self._send(snapshot, opened)
        return _of_sending(standing_of(snapshot, show=await self._show(snapshot, opened), send=send), send)

    async def _send(self, snapshot: Snapshot, opened: Opened | None) -> tuple[Opened | None, Later | None]:
        send: Later | None = None
        if snapshot.to_send:
            answered = snapshot.dialog.last_human_reply_at
            try:
                with later_of_avito(lambda: snapshot.next_try(self.now())):
                    opened = opened or await self.accounts.opened(
                        snapshot.conversation.account_id, who=snapshot.conversation.chat_id
                    )
                await self.sender.send_waiting(snapshot, opened, self.now() + TURN)
            except Later as later:
                send = later
            if send is not None:
                await self.sender.mark_delayed(snapshot, send)
            if opened is not None and snapshot.dialog.last_human_reply_at != answered:
                await self._mark_read(snapshot, opened)
        return opened, send

    async def _show(self, snapshot: Snapshot, opened: Opened | None) -> Later | None:
        try:
            await self.writer.show_waiting(snapshot, opened, self.now() + SIDE_TURN)
        except Later as later:
            return later
        return None

    async def _mark_read(self, snapshot: Snapshot, opened: Opened) -> None:
        """Optional: a failure is not retried before the next answer."""
        if snapshot.context.organisation.mark_read is not MarkRead.ON_ANSWER or not snapshot.dialog.unread_on_avito:
            return
        try:
            await self.read_marker.mark_read(snapshot, opened)
        except Later:
            return


def _of_sending(standing: Standing, send: Later | None) -> Standing:
    return replace(standing, trouble=send.trouble if send is not None else None)


class AnswerActivities:
    """After a kill the next call continues from the rows."""

    def __init__(self, sessions: Sessions, outbox: Outbox) -> None:
        self.sessions, self.outbox = sessions, outbox

    @activity.defn
    async def answer(self, conversation: Conversation) -> Standing:
        """Sends what waits, in order, or returns what it waits for."""
        async with self.sessions() as session:
            context = await dialog_context(session, conversation.account_id, conversation.chat_id)
            if context is None:
                return Standing(known=await account_context(session, conversation.account_id) is not None)
            snapshot = await snapshot_of(session, conversation, context)
            await snapshot.load_sends(session)
        return await self.outbox.send_waiting(snapshot)
