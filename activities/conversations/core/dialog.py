"""Changes of a dialog as a whole: close, reopen, retry. Only rows; the topic follows later."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.conversations.core.messages import ChangeDialog, Conversation, Standing
from activities.conversations.core.snapshot import snapshot_of
from activities.conversations.core.standing import standing_of
from domain.kernel.clock import Clock
from domain.kernel.refusal import InvalidValue, NotFound
from models import Dialog, Message
from models.conversations.context import dialog_context
from models.conversations.dialog import DialogState
from models.conversations.message import Delivery, SendStatus
from models.conversations.sends import sends_of
from models.kernel.database import Sessions


class DialogActivities:
    def __init__(self, sessions: Sessions, now: Clock) -> None:
        self.sessions, self.now = sessions, now

    @activity.defn
    async def change(self, change: ChangeDialog) -> Standing:
        """`close`, `reopen` or `retry`; done twice it is the same. Raises NotFound."""
        conversation = Conversation(change.account_id, change.chat_id)
        async with self.sessions.begin() as session:
            context = await dialog_context(session, change.account_id, change.chat_id, lock=True)
            if context is None:
                raise NotFound("Диалог не найден.")
            match change.verb:
                case "close":
                    close(context.dialog, self.now())
                case "reopen":
                    context.dialog.state, context.dialog.updated_at = DialogState.ACTIVE, self.now()
                case "retry":
                    await reopen_failed(session, context.dialog, None)
                case _:
                    raise InvalidValue("Неизвестное действие с диалогом.")
            await session.flush()
            return standing_of(await snapshot_of(session, conversation, context))

    @activity.defn
    async def standing(self, conversation: Conversation) -> Standing:
        """Standing by the rows. An unknown dialog may exist at Avito: it is to be shown."""
        async with self.sessions() as session:
            context = await dialog_context(session, conversation.account_id, conversation.chat_id)
            if context is None:
                return Standing()
            return standing_of(await snapshot_of(session, conversation, context))


def close(dialog: Dialog, now: datetime) -> None:
    """Closes the dialog: no auto-reply or reminder is due any more."""
    dialog.state, dialog.updated_at = DialogState.CLOSED, now
    dialog.auto_reply_due_at = dialog.first_unanswered_at = None
    dialog.reminded_topic_at = dialog.reminded_owner_at = None


async def reopen_failed(session: AsyncSession, dialog: Dialog, only: UUID | None) -> Sequence[Message]:
    """Failed messages wait again, from the part that failed; with `only` just that one.

    A send with `started_at` may have arrived: it is looked up before it is posted again.
    """
    rows = [row for row in await Message.failed_of(session, dialog.id) if only in (None, row.id)]
    for row in rows:
        row.status, row.failure, row.settled_at = Delivery.PENDING, None, None
    for send in await sends_of(session, [row.id for row in rows]):
        if send.status is SendStatus.FAILED:
            send.status, send.looks, send.looked_at, send.attempts = SendStatus.PENDING, 0, None, 0
    return rows
