"""Reminders of unanswered buyers: in the topic, later to the owner."""

from dataclasses import replace
from datetime import timedelta

from temporalio import activity

from activities.conversations.core.later import Later
from activities.conversations.core.messages import Conversation, Standing
from activities.conversations.core.snapshot import Snapshot, read_snapshot
from activities.conversations.core.standing import remind_at, standing_of
from activities.conversations.telegram_side.show_messages import TopicWriter
from activities.conversations.telegram_side.telegram_group import Groups
from domain.conversations.reminder import ReminderKind, next_reminder
from domain.conversations.topic import topic_name
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.pace import Priority
from domain.kernel.trouble import Trouble
from gateways.outcome import NotDone, Rejected, TooMany, Unknown
from gateways.telegram.shapes import Place
from models.conversations.topic import owner_in_telegram
from models.kernel.database import Sessions

TURN = timedelta(seconds=20)


class ReminderActivities:
    def __init__(self, sessions: Sessions, keyring: Keyring, groups: Groups, writer: TopicWriter, now: Clock) -> None:
        self.sessions, self.keyring, self.groups = sessions, keyring, groups
        self.writer, self.now = writer, now

    @activity.defn
    async def remind(self, conversation: Conversation) -> Standing:
        """Reminds once in the topic and once the owner; a kill may repeat a reminder."""
        async with self.sessions() as session:
            snapshot = await read_snapshot(session, conversation)
        if snapshot is None:
            return Standing(known=False)
        due = remind_at(snapshot)
        later: Later | None = None
        try:
            if due is not None and due <= self.now():
                await self._remind(snapshot)
            await self.writer.show_waiting(snapshot, None, self.now() + TURN)
        except Later as found:
            later = found
        standing = standing_of(snapshot, show=later)
        # A file that comes later does not put off the next reminder.
        return standing if later is not None else replace(standing, show_at=None)

    async def _remind(self, snapshot: Snapshot) -> None:
        dialog = snapshot.dialog
        reminder = next_reminder(
            dialog.first_unanswered_at,
            snapshot.context.organisation.unanswered_minutes,
            dialog.reminded_topic_at,
            dialog.reminded_owner_at,
        )
        if reminder is None or dialog.first_unanswered_at is None:
            return
        minutes = int((self.now() - dialog.first_unanswered_at).total_seconds() // 60)
        if reminder.kind is ReminderKind.TOPIC:
            async with self.sessions.begin() as session:
                session.add(dialog)
                since = dialog.first_unanswered_at.isoformat()
                text = f"⏰ Покупатель ждёт ответа уже {minutes} мин."
                snapshot.add_notice(session, self.keyring, f"silence:{since}", text, self.now())
                dialog.reminded_topic_at = self.now()
            return
        name = topic_name(dialog.number, dialog.item_title or "", dialog.buyer_name or "")
        await self._tell_owner(snapshot, f"⏰ Покупатель ждёт ответа уже {minutes} мин.: {name}")
        async with self.sessions.begin() as session:
            session.add(dialog)
            dialog.reminded_owner_at = self.now()

    async def _tell_owner(self, snapshot: Snapshot, text: str) -> None:
        """Writes to the owner in private if he has started the bot, else to General. Raises Later."""
        async with self.sessions() as session:
            owner = await owner_in_telegram(session, snapshot.context.organisation.id)
        await self.groups.reach(snapshot)
        try:
            if owner is not None:
                await self.groups.bot(snapshot.context.bot).send_text(Place(owner), text)
                return
        except TooMany as refusal:
            raise Later(Trouble.TELEGRAM, self.now() + timedelta(seconds=refusal.retry_after)) from None
        except NotDone:
            raise Later(Trouble.TELEGRAM, snapshot.next_try(self.now())) from None
        except Unknown:
            return
        except Rejected:
            pass
        try:
            await self.groups.call(snapshot, Priority.STATUS, lambda bot, chat_id: bot.send_text(Place(chat_id), text))
        except (Unknown, Rejected):
            return
