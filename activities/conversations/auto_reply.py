"""Auto-reply after its delay: reads the chat again, applies the rules, sends."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.avito.account import Accounts
from activities.conversations.answer import Outbox
from activities.conversations.avito_side.read_chat import ChatReader, NoChat
from activities.conversations.core.later import Later, later_of_avito
from activities.conversations.core.messages import Conversation, Standing
from activities.conversations.core.snapshot import Snapshot, next_try, read_snapshot
from activities.conversations.core.standing import standing_of
from domain.conversations.auto_reply import AutoReplyMode, Decision, Facts, decide
from domain.conversations.content import INTERNAL, Kind
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import InvalidValue
from domain.kernel.trouble import Trouble
from gateways.outcome import Rejected
from models import Message
from models.conversations.auto_reply_rules import rules_of
from models.conversations.dialog import DialogState
from models.conversations.message import BODY, Author, Direction
from models.conversations.sends import buyer_messages_until
from models.kernel.columns import seal
from models.kernel.database import Sessions


class AutoReplyActivities:
    def __init__(
        self,
        sessions: Sessions,
        keyring: Keyring,
        accounts: Accounts,
        reader: ChatReader,
        outbox: Outbox,
        now: Clock,
    ) -> None:
        self.sessions, self.keyring, self.accounts = sessions, keyring, accounts
        self.reader, self.outbox, self.now = reader, outbox, now

    @activity.defn
    async def auto_reply(self, conversation: Conversation) -> Standing:
        """Sends an auto-reply if the current rules want it and no person has answered, here or in Avito's app.

        Messages read, the decision, the reply and the claim of its first POST are one commit. Killed before it, all is
        repeated; after it, the chat is looked at before a POST. The row's key is the interval, so there is one reply
        per interval.
        """
        try:
            with later_of_avito(lambda: next_try(conversation, self.now()), Rejected):
                opened = await self.accounts.opened(conversation.account_id, who=conversation.chat_id)
                snapshot = await self.reader.read_chat(conversation, opened, self._decide)
        except NoChat:
            return await self._give_up(conversation)
        except Later as later:
            return await self._wait(conversation, later)
        if snapshot is None:
            return Standing()
        return await self.outbox.send_auto_reply(snapshot, opened)

    async def _decide(self, session: AsyncSession, snapshot: Snapshot) -> None:
        await snapshot.load_sends(session)
        due = snapshot.dialog.auto_reply_due_at
        if due is None or due > self.now():
            return
        snapshot.dialog.auto_reply_due_at = None
        row = await self._wanted(session, snapshot, due)
        if row is None:
            return
        session.add(row)
        snapshot.rows.append(row)
        await session.flush()
        if snapshot.to_send == [row]:
            await self.outbox.planner.plan(session, snapshot, [row])
            self.outbox.sender.claim_first(snapshot, row)

    async def _wanted(self, session: AsyncSession, snapshot: Snapshot, due: datetime) -> Message | None:
        """The auto-reply's row; None if there is to be none."""
        if any(row.author is not Author.AUTO and row.kind not in INTERNAL for row in snapshot.to_send):
            # A person's answer waits already.
            return None
        decision = await self._decision(session, snapshot, due)
        if decision is None or not decision.answer or decision.interval is None:
            return None
        text = snapshot.context.organisation.auto_reply_text or ""
        key = f"auto:{decision.interval.start.isoformat()}"
        if await Message.of_sources(session, snapshot.dialog.id, [key]):
            return None
        return Message(
            id=uuid4(),
            dialog_id=snapshot.dialog.id,
            source_key=key,
            direction=Direction.TELEGRAM,
            author=Author.AUTO,
            kind=Kind.TEXT,
            body_sealed=seal(self.keyring, BODY, {"text": text}),
            is_auto_reply=True,
            created_at=self.now(),
            received_at=self.now(),
        )

    async def _decision(self, session: AsyncSession, snapshot: Snapshot, due: datetime) -> Decision | None:
        dialog = snapshot.dialog
        try:
            rules = rules_of(snapshot.context.organisation)
        except InvalidValue:
            return None
        facts = Facts(
            last_buyer_message_at=dialog.last_buyer_message_at,
            first_unanswered_at=dialog.first_unanswered_at,
            buyer_messages=dialog.buyer_messages,
            last_auto_reply_at=dialog.auto_reply_last_sent_at,
            last_human_reply_at=dialog.last_human_reply_at,
            muted=dialog.muted_at is not None,
            closed=dialog.state is DialogState.CLOSED,
            foreign_autoresponder=dialog.foreign_autoresponder_at is not None,
        )
        if rules.mode is AutoReplyMode.FIRST and dialog.buyer_messages > 1:
            # Messages that came during the delay do not count.
            began = due - timedelta(seconds=rules.delay_seconds)
            facts = replace(facts, buyer_messages=await buyer_messages_until(session, dialog.id, began))
        return decide(rules, facts, self.now())

    async def _give_up(self, conversation: Conversation) -> Standing:
        """Avito no longer shows the chat: the deadline is dropped."""
        async with self.sessions.begin() as session:
            snapshot = await read_snapshot(session, conversation, lock=True)
            if snapshot is None:
                return Standing(known=False)
            snapshot.dialog.auto_reply_due_at = None
            return standing_of(snapshot)

    async def _wait(self, conversation: Conversation, later: Later) -> Standing:
        """Keeps the decision open: without the chat it is unknown whether a person has answered."""
        async with self.sessions() as session:
            snapshot = await read_snapshot(session, conversation)
        if snapshot is None:
            return Standing(known=later.trouble is not Trouble.GONE, trouble=later.trouble)
        standing = standing_of(snapshot, send=later)
        due = standing.auto_reply_at
        return replace(standing, auto_reply_at=max(due, later.at) if due is not None else None)
