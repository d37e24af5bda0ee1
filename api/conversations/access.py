"""The dialog of a route's path."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from activities.conversations.core.reply import NO_DIALOG
from api.context import Ctx
from api.people.access import CurrentStaff
from domain.kernel.refusal import found
from models.conversations.dialog import Dialog
from models.conversations.dialog_list import dialog_of


async def dialog_at(ctx: Ctx, staff: CurrentStaff, dialog_id: UUID) -> Dialog:
    """A dialog of the manager's organisation; raises `NotFound` for any other."""
    async with ctx.autocommit() as session:
        return found(await dialog_of(session, staff.organisation_id, dialog_id), NO_DIALOG)


AtDialog = Annotated[Dialog, Depends(dialog_at)]
