"""Stores a new message of Avito and updates its dialog."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.conversations.core.snapshot import new_notice
from domain.conversations.auto_reply import AutoReplyRules, due_at
from domain.conversations.content import Inbound, Kind, read_content, stored_body
from domain.kernel.crypto import Keyring
from domain.kernel.text import matches_keywords
from gateways.avito.shapes import Message as Listed
from models import Attachment, Message
from models.conversations.answered import BY_PERSON
from models.conversations.context import DialogContext
from models.conversations.dialog import AVITO_ID, DialogState
from models.conversations.message import BODY, SOURCE, Author, Delivery, Direction
from models.kernel.columns import seal

NOT_ANSWERED = frozenset({Kind.SYSTEM, Kind.DELETED, Kind.CALL, Kind.APP_CALL})
"""Kinds that are not answered automatically."""

FOREIGN = (
    "В кабинете Avito включён его собственный автоответчик: покупатель получает два ответа. "
    "Отключите один из них — в настройках Avito или в наших."
)


class NewMessages:
    """Stores messages in one transaction, oldest first; the caller adds `files` after the messages are flushed."""

    def __init__(self, keyring: Keyring, context: DialogContext, now: datetime) -> None:
        self.keyring, self.context, self.now = keyring, context, now
        self.bodies: dict[UUID, dict[str, Any]] = {}
        self.files: list[Attachment] = []

    def store(self, session: AsyncSession, one: Listed, *, imported: bool) -> None:
        inbound = read_content(one.type, one.content)
        row = self._row(one, inbound)
        session.add(row)
        self._file(row, inbound)
        at = row.created_at
        dialog = self.context.dialog
        dialog.last_message_at = max(at, dialog.last_message_at or at)
        dialog.updated_at = self.now
        if row.author is Author.BUYER:
            self._from_buyer(row, one, imported)
        elif row.author is Author.SELLER_APP and at >= (dialog.last_buyer_message_at or at):
            BY_PERSON.apply(dialog, at)
        if inbound.is_autoresponder and dialog.foreign_autoresponder_at is None:
            dialog.foreign_autoresponder_at = self.now
            session.add(new_notice(dialog.id, self.keyring, "autoresponder", FOREIGN, self.now))

    def _row(self, one: Listed, inbound: Inbound) -> Message:
        author = _author(one, inbound)
        hidden = self._is_hidden(author, inbound)
        body = stored_body(inbound)
        row = Message(
            id=uuid4(),
            dialog_id=self.context.dialog.id,
            source_key=f"avito:{one.id}",
            direction=Direction.AVITO,
            author=author,
            kind=inbound.kind,
            body_sealed=seal(self.keyring, BODY, body),
            status=Delivery.DELIVERED if hidden else Delivery.PENDING,
            hidden=hidden,
            quote_avito_id=one.quote_id if one.quote_id and len(one.quote_id) <= AVITO_ID else None,
            deleted_at=self.now if inbound.kind is Kind.DELETED else None,
            created_at=one.created_at,
            received_at=self.now,
            settled_at=self.now if hidden else None,
        )
        self.bodies[row.id] = body
        return row

    def _from_buyer(self, row: Message, one: Listed, imported: bool) -> None:
        dialog = self.context.dialog
        dialog.buyer_messages += 1
        dialog.last_buyer_message_at = max(row.created_at, dialog.last_buyer_message_at or row.created_at)
        if row.hidden:
            return
        dialog.unread_on_avito = dialog.unread_on_avito or not one.is_read
        dialog.state = DialogState.ACTIVE
        if row.kind not in (Kind.DELETED, Kind.SYSTEM):
            dialog.first_unanswered_at = dialog.first_unanswered_at or row.created_at
        if not imported and row.kind not in NOT_ANSWERED and self.context.organisation.auto_reply_enabled:
            delay = AutoReplyRules(delay_seconds=self.context.organisation.auto_reply_delay_seconds)
            due = due_at(delay, row.received_at, row.created_at)
            dialog.auto_reply_due_at = dialog.auto_reply_due_at or due

    def _is_hidden(self, author: Author, inbound: Inbound) -> bool:
        organisation = self.context.organisation
        if author is Author.SYSTEM:
            return organisation.hide_system_messages
        if author is not Author.BUYER:
            return False
        return self.context.dialog.muted_at is not None or matches_keywords(inbound.text, organisation.filter_keywords)

    def _file(self, row: Message, inbound: Inbound) -> None:
        source = {"url": inbound.image_url} if inbound.kind is Kind.IMAGE else {"voice_id": inbound.voice_id}
        if row.kind not in (Kind.IMAGE, Kind.VOICE) or not any(source.values()):
            return
        sealed = seal(self.keyring, SOURCE, source)
        file = Attachment(message_id=row.id, ordinal=0, kind=row.kind, source_sealed=sealed, created_at=self.now)
        self.files.append(file)


def _author(one: Listed, inbound: Inbound) -> Author:
    if inbound.kind is Kind.SYSTEM or inbound.is_autoresponder:
        return Author.SYSTEM
    return Author.BUYER if one.direction == "in" else Author.SELLER_APP
