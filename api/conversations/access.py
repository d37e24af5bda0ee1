"""Who of the staff asks, and what his place in the organisation lets him do."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends

from api.context import Ctx
from api.machines.tokens import REFUSED
from api.onboarding.access import DISABLED, ManagerId
from domain.kernel.refusal import InvalidValue, NotAllowed, NotAuthenticated, NotFound, Unavailable
from models.conversations.dialog import Dialog
from models.conversations.dialog_list import dialog_of
from models.people.manager import Manager, Role

OWNERS_ONLY: Final = "Настройки организации меняет её владелец."
OPERATORS_ONLY: Final = "Сводку видит только оператор установки (super admin)."
NO_DIALOG: Final = "Диалог не найден."

ASKED: Final = (NotAuthenticated, NotAllowed, Unavailable)
"""What anybody can be answered."""

LISTING: Final = (*ASKED, InvalidValue)
READING: Final = (*ASKED, InvalidValue, NotFound)


async def current_staff(ctx: Ctx, manager_id: ManagerId) -> Manager:
    """Anybody of the staff; conversations need no onboarding right."""
    async with ctx.autocommit() as session:
        return employed(await session.get(Manager, manager_id))


CurrentStaff = Annotated[Manager, Depends(current_staff)]


async def current_owner(staff: CurrentStaff) -> Manager:
    if staff.role is not Role.OWNER and not staff.is_super_admin:
        raise NotAllowed(OWNERS_ONLY)
    return staff


async def current_operator(staff: CurrentStaff) -> Manager:
    if not staff.is_super_admin:
        raise NotAllowed(OPERATORS_ONLY)
    return staff


async def dialog_at(ctx: Ctx, staff: CurrentStaff, dialog_id: UUID) -> Dialog:
    """Of his own organisation; another one's looks like none."""
    async with ctx.autocommit() as session:
        dialog = await dialog_of(session, staff.organisation_id, dialog_id)
    if dialog is None:
        raise NotFound(NO_DIALOG)
    return dialog


CurrentOwner = Annotated[Manager, Depends(current_owner)]
CurrentOperator = Annotated[Manager, Depends(current_operator)]
AtDialog = Annotated[Dialog, Depends(dialog_at)]


def employed(manager: Manager | None) -> Manager:
    if manager is None:
        raise NotAuthenticated(REFUSED)
    if manager.disabled_at is not None:
        raise NotAllowed(DISABLED)
    return manager
