"""Changes of a dialog as a whole: close, reopen, retry. Only rows; the topic follows later."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.conversations.core.messages import ChangeDialog, Conversation, Standing
from activities.conversations.core.snapshot import read_snapshot, snapshot_of
from activities.conversations.core.standing import standing_of
from activities.kernel.command import NoOutcome
from activities.kernel.step import Effect, Step, Steps
from domain.conversations.command import DialogVerb
from domain.kernel.refusal import found
from models import Dialog, Message
from models.conversations.context import DialogContext, dialog_context
from models.conversations.dialog import DialogState
from models.conversations.message import Delivery, SendStatus
from models.conversations.sends import ask_for_files, attachments_of, sends_of


class DialogStep(Step[DialogContext, NoOutcome]):
    """The row is the dialog with its account, bot and organisation."""


class DialogSteps(Steps[DialogContext, tuple[UUID, str], Standing, NoOutcome, DialogStep]):
    step, outcome = DialogStep, NoOutcome

    async def lock(self, session: AsyncSession, key: tuple[UUID, str]) -> DialogContext:
        return found(await dialog_context(session, *key, lock=True), "Диалог не найден.")

    async def read(self, session: AsyncSession, row: DialogContext) -> Standing:
        about = Conversation(row.account.id, row.dialog.avito_dialog_id)
        return standing_of(await snapshot_of(session, about, row))


class DialogActivities:
    def __init__(self, steps: DialogSteps) -> None:
        self.steps = steps

    @activity.defn
    async def change(self, change: ChangeDialog) -> Standing:
        """Do `close`, `reopen` or `retry` once. Raises NotFound."""
        return (await self.steps.apply(change, EFFECTS[DialogVerb(change.verb)])).state

    @activity.defn
    async def standing(self, conversation: Conversation) -> Standing:
        """Standing by the rows. An unknown dialog may exist at Avito: it is to be shown."""
        async with self.steps.sessions() as session:
            snapshot = await read_snapshot(session, conversation)
        return standing_of(snapshot) if snapshot is not None else Standing()


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
    for file in await attachments_of(session, [row.id for row in rows]):
        file.fetch_tries = 0
    for send in await sends_of(session, [row.id for row in rows]):
        if send.status is SendStatus.FAILED:
            send.status, send.looks, send.looked_at, send.attempts = SendStatus.PENDING, 0, None, 0
    return rows


async def _close(step: DialogStep) -> None:
    close(step.row.dialog, step.at)


async def _reopen(step: DialogStep) -> None:
    step.row.dialog.state, step.row.dialog.updated_at = DialogState.ACTIVE, step.at


async def _retry(step: DialogStep) -> None:
    await reopen_failed(step.session, step.row.dialog, None)
    await ask_for_files(step.session, step.row.dialog.id, None, step.at)


EFFECTS: Final[Mapping[DialogVerb, Effect[DialogStep]]] = {
    DialogVerb.CLOSE: _close,
    DialogVerb.REOPEN: _reopen,
    DialogVerb.RETRY: _retry,
}
