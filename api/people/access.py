"""Authentication of staff: the bearer token, its session and manager, and the manager's rights."""

from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from activities.people.rights import check_employed, check_onboards
from api.context import Ctx
from api.http.observability import note_caller
from api.machines.tokens import Claims
from api.people.place import CallerPlace
from domain.kernel.refusal import NotAllowed, NotAuthenticated
from domain.people.session import NOT_SIGNED_IN
from models.people.manager import Manager, Role
from models.people.manager_session import Bearer, ManagerSession

OWNERS_ONLY: Final = "Настройки организации меняет её владелец."
OPERATORS_ONLY: Final = "Сводку видит только оператор установки (super admin)."

_bearer = HTTPBearer(auto_error=False, scheme_name="ManagerToken", description="From `POST /auth/login`.")
Shown = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


async def claims_of(request: Request, ctx: Ctx, shown: Shown) -> Claims:
    if shown is None:
        raise NotAuthenticated(NOT_SIGNED_IN)
    claims = ctx.manager_tokens.read(shown.credentials)
    note_caller(request, "manager", claims.subject)
    return claims


ManagerClaims = Annotated[Claims, Depends(claims_of)]


async def bearer_of(ctx: Ctx, claims: ManagerClaims) -> Bearer:
    """For the statement that reads the manager, which asks the session too."""
    return Bearer(claims.subject, claims.session, ctx.now())


CurrentBearer = Annotated[Bearer, Depends(bearer_of)]


async def current_manager(ctx: Ctx, bearer: CurrentBearer, place: CallerPlace) -> Manager:
    """A manager with the onboarding right, in a live session."""
    async with ctx.autocommit() as session:
        manager = check_onboards(await ManagerSession.manager_of(session, bearer))
    await ctx.staff_places.worked(manager.id, place)
    return manager


async def current_staff(ctx: Ctx, bearer: CurrentBearer, place: CallerPlace) -> Manager:
    """Any manager in a live session; conversations need no onboarding right."""
    async with ctx.autocommit() as session:
        staff = check_employed(await ManagerSession.manager_of(session, bearer))
    await ctx.staff_places.worked(staff.id, place)
    return staff


CurrentManager = Annotated[Manager, Depends(current_manager)]
CurrentStaff = Annotated[Manager, Depends(current_staff)]


async def current_owner(staff: CurrentStaff) -> Manager:
    if staff.role is not Role.OWNER and not staff.is_super_admin:
        raise NotAllowed(OWNERS_ONLY)
    return staff


async def current_operator(staff: CurrentStaff) -> Manager:
    if not staff.is_super_admin:
        raise NotAllowed(OPERATORS_ONLY)
    return staff


CurrentOwner = Annotated[Manager, Depends(current_owner)]
CurrentOperator = Annotated[Manager, Depends(current_operator)]


def caller_of(manager: Manager) -> str:
    """The caller to whom the manager's `Idempotency-Key`s belong."""
    return f"manager:{manager.id}"
