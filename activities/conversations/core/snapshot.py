"""Working copy of a dialog for one activity: the dialog, its context, and the rows still open."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.conversations.core.later import Later
from activities.conversations.core.messages import Conversation
from domain.conversations.content import Kind
from domain.conversations.retry import pause_after
from domain.kernel.crypto import Keyring
from models import Attachment, Dialog, Message, Send
from models.conversations.answered import change_of
from models.conversations.context import AccountContext, DialogContext, dialog_context
from models.conversations.dialog import DialogState
from models.conversations.message import BODY, Author, Delivery, Direction, SendStatus
from models.conversations.sends import attachments_of, sends_of
from models.kernel.columns import seal, unseal

_WITH_FILES: Final = frozenset({Kind.IMAGE, Kind.VOICE, Kind.STICKER, Kind.FILE})


@dataclass
class Snapshot:
    """Rows are detached: to store a change, add the row to a session. `bodies` are decrypted once.

    `listed`: Avito's ids of the messages read. `claimed`: rows that this activity may show, `claimed_sends`: sends that
    it may post. `unplanned`: what delays the planning of messages to the buyer.
    """

    conversation: Conversation
    context: AccountContext
    dialog: Dialog
    rows: list[Message]
    sends: dict[UUID, list[Send]] = field(default_factory=dict)
    attachments: dict[UUID, list[Attachment]] = field(default_factory=dict)
    bodies: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()
    claimed: set[UUID] = field(default_factory=set)
    claimed_sends: set[UUID] = field(default_factory=set)
    recreated: bool = False
    card_later: Later | None = None
    unplanned: Later | None = None

    @property
    def to_show(self) -> list[Message]:
        return [row for row in self.rows if is_to_show(row) and row.file_due_at is None]

    @property
    def file_due_at(self) -> datetime | None:
        """When the first of the files that have not come is asked for again."""
        return min((row.file_due_at for row in self.rows if row.file_due_at and is_to_show(row)), default=None)

    def late_until(self, now: datetime) -> list[Message]:
        """Rows whose file has not come, and is to be asked for again by `now`."""
        return [row for row in self.rows if row.file_due_at and row.file_due_at <= now and is_to_show(row)]

    @property
    def to_send(self) -> list[Message]:
        """In the order written; pictures of an album together, in Telegram's order."""
        rows = [row for row in self.rows if is_to_send(row)]
        first: dict[str, int] = {}
        for row in rows:
            if row.album:
                first.setdefault(row.album, row.number)
        return sorted(rows, key=lambda row: (first.get(row.album or "", row.number), row.telegram_message_id or 0))

    @property
    def to_react(self) -> list[Message]:
        return [row for row in self.rows if row.reaction_wanted is not None]

    @property
    def topic_out_of_step(self) -> bool:
        """The topic is open and the dialog closed, or the other way round."""
        dialog = self.dialog
        made = dialog.telegram_topic_id is not None and dialog.telegram_chat_id == self.context.bot.group_chat_id
        return made and dialog.topic_closed != (dialog.state is DialogState.CLOSED)

    @property
    def card_missing(self) -> bool:
        """There is an open topic whose card is not posted, not confirmed or not pinned."""
        dialog = self.dialog
        if dialog.telegram_topic_id is None or dialog.topic_closed or dialog.state is DialogState.CLOSED:
            return False
        return not (dialog.card_message_id and dialog.card_pinned)

    def body(self, keyring: Keyring, row: Message) -> dict[str, Any]:
        if row.id not in self.bodies:
            self.bodies[row.id] = dict(unseal(keyring, BODY, row.body_sealed))
        return self.bodies[row.id]

    def next_try(self, now: datetime) -> datetime:
        return next_try(self.conversation, now)

    async def load_sends(self, session: AsyncSession) -> None:
        """Loads sends of waiting rows; those planned in this activity are kept."""
        rows = [row for row in self.to_send if row.id not in self.sends]
        for send in await sends_of(session, [row.id for row in rows]):
            self.sends.setdefault(send.message_id, []).append(send)
        await self.load_attachments(session, rows)

    async def load_attachments(self, session: AsyncSession, rows: Iterable[Message]) -> None:
        ids = [row.id for row in rows if row.kind in _WITH_FILES]
        for one in await attachments_of(session, [one for one in ids if one not in self.attachments]):
            self.attachments.setdefault(one.message_id, []).append(one)

    def add_notice(
        self, session: AsyncSession, keyring: Keyring, name: str, text: str, now: datetime, about: Message | None = None
    ) -> None:
        """Adds a notice to the staff, stored with its cause and shown like a message.

        `name` makes it unique in the dialog; with `about` it is shown as an answer to that message.
        """
        notice = new_notice(self.dialog.id, keyring, name, text, now)
        notice.reply_to_telegram_id = about.telegram_message_id if about is not None else None
        session.add(notice)
        self.bodies[notice.id] = {"text": text}
        self.rows.append(notice)


def next_try(conversation: Conversation, now: datetime) -> datetime:
    """When to ask again a service that does not answer."""
    return now + pause_after(conversation.tries)


async def snapshot_of(session: AsyncSession, conversation: Conversation, dialog_context: DialogContext) -> Snapshot:
    return Snapshot(
        conversation, dialog_context, dialog_context.dialog, await Message.open_of(session, dialog_context.dialog.id)
    )


async def read_snapshot(session: AsyncSession, conversation: Conversation, *, lock: bool = False) -> Snapshot | None:
    """None if the dialog is unknown or its account gone; `lock` locks the dialog's row."""
    context = await dialog_context(session, conversation.account_id, conversation.chat_id, lock=lock)
    return await snapshot_of(session, conversation, context) if context is not None else None


def new_notice(dialog_id: UUID, keyring: Keyring, name: str, text: str, now: datetime) -> Message:
    return Message(
        id=uuid4(),
        dialog_id=dialog_id,
        source_key=f"notice:{name}",
        direction=Direction.AVITO,
        author=Author.SYSTEM,
        kind=Kind.NOTICE,
        body_sealed=seal(keyring, BODY, {"text": text}),
        created_at=now,
        received_at=now,
    )


def is_to_show(row: Message) -> bool:
    """Staff have not seen it: it came from Avito or the product, or was sent for the API or by the auto-reply."""
    if row.settled_at is not None or row.hidden:
        return False
    return row.direction is Direction.AVITO or (
        row.author is not Author.STAFF and row.status in (Delivery.SENT, Delivery.DELIVERED)
    )


def is_to_send(row: Message) -> bool:
    return row.settled_at is None and row.direction is Direction.TELEGRAM and row.status is Delivery.PENDING


def mark_accepted(dialog: Dialog, row: Message, now: datetime) -> None:
    """Avito has accepted the whole message. `send_claims.settle` stores the same from the rows in hand."""
    row.status, row.failure = Delivery.SENT, None
    if row.author is Author.STAFF:
        row.settled_at = now
    want(row, "👌")
    change_of(row.author).apply(dialog, now)


def want(row: Message, emoji: str) -> None:
    """Wants a reaction on a message of staff; others have no Telegram message to react on."""
    if row.author is Author.STAFF and row.telegram_message_id is not None:
        row.reaction_wanted = emoji if row.reaction != emoji else None


def all_sent(sends: Iterable[Send]) -> bool:
    return all(send.status is SendStatus.SENT for send in sends)
