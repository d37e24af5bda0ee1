"""Commands that call Avito, in their order among the sends: delete a message, block a buyer."""

from datetime import timedelta
from typing import Final

from activities.avito.account import Accounts, Opened
from activities.conversations.core.later import later_of_avito
from activities.conversations.core.snapshot import Snapshot
from domain.conversations.command import StaffCommand
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from gateways.outcome import NotFound, Rejected
from models import Message, Send
from models.conversations.message import Delivery, SendStatus
from models.conversations.sends import sends_of
from models.conversations.topic import message_shown_by
from models.kernel.database import Sessions

DELETABLE: Final = timedelta(hours=1)
SPAM: Final = 1
"""Avito's reason for an entry in the blacklist."""

BLOCKED: Final = "Покупатель заблокирован в Avito, его сообщения больше не показываются. Снять показ — /unblock."
NOT_BLOCKED: Final = "Avito не заблокировал покупателя, но его сообщения здесь больше не показываются"
REPLY_WITH_DEL: Final = "Ответьте командой /del на сообщение, которое ушло покупателю."
TOO_OLD: Final = "Avito удаляет сообщения только в течение часа после отправки."
DELETED: Final = "Удалено у покупателя."


class AvitoCommands:
    def __init__(self, sessions: Sessions, keyring: Keyring, accounts: Accounts, now: Clock) -> None:
        self.sessions, self.keyring, self.accounts, self.now = sessions, keyring, accounts, now

    async def run(self, snapshot: Snapshot, row: Message, opened: Opened) -> None:
        """Safe to repeat, and repeated after a kill before the commit. Raises Later."""
        body = snapshot.body(self.keyring, row)
        with later_of_avito(lambda: snapshot.next_try(self.now())):
            if body.get("name") == StaffCommand.BLOCK:
                said = await self._block(snapshot, opened)
            else:
                said = await self._delete(snapshot, row, opened)
        async with self.sessions.begin() as session:
            session.add(row)
            row.status, row.settled_at = Delivery.DELIVERED, self.now()
            snapshot.add_notice(session, self.keyring, f"said:{row.id}", said, self.now(), row)

    async def _block(self, snapshot: Snapshot, opened: Opened) -> str:
        dialog = snapshot.dialog
        async with self.sessions.begin() as session:
            session.add(dialog)
            dialog.muted_at = dialog.muted_at or self.now()
            dialog.auto_reply_due_at = dialog.first_unanswered_at = None
        buyer, item = dialog.buyer_id, dialog.item_id
        if buyer is None:
            return f"{NOT_BLOCKED}: неизвестен его номер."
        try:
            await self.accounts.call(opened, lambda avito: avito.block(buyer, item, SPAM))
        except Rejected as refusal:
            return f"{NOT_BLOCKED}: {refusal.reason[:150] or refusal.status}."
        return BLOCKED

    async def _delete(self, snapshot: Snapshot, row: Message, opened: Opened) -> str:
        about, sends = await self._sent(row)
        if about is None or not sends:
            return REPLY_WITH_DEL
        if any(send.sent_at is not None and self.now() - send.sent_at > DELETABLE for send in sends):
            return TOO_OLD
        for send in sends:
            try:
                await self._delete_one(snapshot, send, opened)
            except NotFound:
                continue
            except Rejected as refusal:
                return f"Avito не удалил сообщение: {refusal.reason[:150] or refusal.status}."
        async with self.sessions.begin() as session:
            session.add(about)
            about.deleted_at = self.now()
        return DELETED

    async def _delete_one(self, snapshot: Snapshot, send: Send, opened: Opened) -> None:
        avito_id = send.avito_message_id or ""
        await self.accounts.call(opened, lambda avito: avito.delete(snapshot.conversation.chat_id, avito_id))

    async def _sent(self, row: Message) -> tuple[Message | None, list[Send]]:
        """The message that the command answers, and its sends that have arrived."""
        if row.reply_to_telegram_id is None or row.telegram_chat_id is None:
            return None, []
        async with self.sessions() as session:
            about = await message_shown_by(session, row.dialog_id, row.telegram_chat_id, row.reply_to_telegram_id)
            sends = await sends_of(session, [about.id]) if about is not None else []
        return about, [send for send in sends if send.status is SendStatus.SENT]
