"""The client or device of a route's path: checks for 401, 403 and 404, in this order, before the body is validated."""

from dataclasses import dataclass, field, replace
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Header, Request

from activities.clients.command import ClientCommand
from activities.people.rights import check_onboards
from api.context import Context, Ctx
from api.people.access import CurrentBearer, caller_of
from api.people.place import CallerPlace
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.refusal import NotFound
from domain.onboarding.process import may_hold, sees_all
from models.kernel.draft import Draft
from models.onboarding.access import find_place
from models.people.manager import Manager
from models.people.manager_session import Bearer

NO_CLIENT: Final = "Клиент не найден."
NO_DEVICE: Final = "Такого устройства у клиента нет."

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=40,
        # A compressing proxy changes "7" to W/"7" or "7-gzip".
        pattern=r'^(\*|(W/)?"[0-9]{1,9}(-[a-z]+)?")$',
        description="The `ETag` of the card that is written for: 412 `card-changed` when the card has changed since.",
        examples=['"7"'],
    ),
]


@dataclass(frozen=True)
class AtClient:
    """A manager and a client of the same organisation; the rules check the assignment.

    `expected` is the required version of the card; None for any.
    """

    manager: Manager
    client_id: UUID
    held_by: UUID | None
    expected: int | None = field(default=None, kw_only=True)

    @property
    def caller(self) -> str:
        return caller_of(self.manager)

    def command(self, draft_id: UUID) -> ClientCommand:
        return ClientCommand(self.client_id, draft_id, self.actor)

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.MANAGER, self.manager.id)

    @property
    def sees_all(self) -> bool:
        """Whether passport, photos and contract are shown."""
        return sees_all(self.held_by, self.manager.id, super_admin=self.manager.is_super_admin)

    def check_holds(self) -> None:
        may_hold(self.held_by, self.actor)


@dataclass(frozen=True)
class AtDevice(AtClient):
    device_id: UUID


async def at_client(ctx: Ctx, bearer: CurrentBearer, seen: CallerPlace, client_id: UUID) -> AtClient:
    async with ctx.autocommit() as session:
        place = await find_place(session, bearer, client_id, None)
    manager = check_onboards(place.manager if place else None)
    if place is None or place.client_id is None:
        raise NotFound(NO_CLIENT)
    await ctx.staff_places.worked(manager.id, seen)
    return AtClient(manager, place.client_id, place.held_by)


async def writing_at_client(at: Annotated[AtClient, Depends(at_client)], if_match: IfMatch = None) -> AtClient:
    return replace(at, expected=_version(if_match))


async def at_device(ctx: Ctx, bearer: CurrentBearer, seen: CallerPlace, client_id: UUID, device_id: UUID) -> AtDevice:
    at = await _at_device(ctx, bearer, client_id, device_id, None)
    await ctx.staff_places.worked(at.manager.id, seen)
    return at


async def writing_at_device(
    request: Request, ctx: Ctx, bearer: CurrentBearer, seen: CallerPlace, client_id: UUID, device_id: UUID
) -> AtDevice:
    """As `at_device`, but also for a repeated write after the device was removed, for example by the same write."""
    at = await _at_device(ctx, bearer, client_id, device_id, request.headers.get("idempotency-key"))
    await ctx.staff_places.worked(at.manager.id, seen)
    return at


async def changing_device(at: Annotated[AtDevice, Depends(writing_at_device)], if_match: IfMatch = None) -> AtDevice:
    return replace(at, expected=_version(if_match))


async def _at_device(ctx: Context, bearer: Bearer, client_id: UUID, device_id: UUID, key: str | None) -> AtDevice:
    async with ctx.autocommit() as session:
        place = await find_place(session, bearer, client_id, device_id)
        manager = check_onboards(place.manager if place else None)
        if place is None or place.client_id is None:
            raise NotFound(NO_CLIENT)
        repeats = key is not None and place.device_id is None and await Draft.has_key(session, caller_of(manager), key)
        if place.device_id is None and not repeats:
            raise NotFound(NO_DEVICE)
    return AtDevice(manager, place.client_id, place.held_by, device_id)


OnClient = Annotated[AtClient, Depends(at_client)]
OnDevice = Annotated[AtDevice, Depends(at_device)]
WritingAtClient = Annotated[AtClient, Depends(writing_at_client)]
WritingAtDevice = Annotated[AtDevice, Depends(writing_at_device)]
ChangingDevice = Annotated[AtDevice, Depends(changing_device)]


def _version(if_match: str | None) -> int | None:
    digits = "".join(filter(str.isdecimal, if_match or ""))
    return int(digits) if digits else None
