"""The dialog of a route's path."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from activities.conversations.core.reply import NO_DIALOG
from api.context import Ctx
from api.people.access import CurrentStaff
from domain.kernel.refusal import NotFound
from models.conversations.dialog import Dialog
from models.conversations.dialog_list import dialog_of


async def dialog_at(ctx: Ctx, staff: CurrentStaff, dialog_id: UUID) -> Dialog:
    """A dialog of the manager's organisation; raises `NotFound` for any other."""
    async with ctx.autocommit() as session:
        dialog = await dialog_of(session, staff.organisation_id, dialog_id)
    if dialog is None:
        raise NotFound(NO_DIALOG)
    return dialog


AtDialog = Annotated[Dialog, Depends(dialog_at)]
