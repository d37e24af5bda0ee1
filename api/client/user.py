"""The client's own data, as he entered it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from api.client.access import SIGNED_IN, CurrentUser
from api.context import Ctx
from api.route import router as new_router
from models import ClientTariff, User

router = new_router("client: profile")


class UserView(BaseModel):
    id: UUID
    phone: str | None
    email: str | None
    name: str | None
    address: str | None
    has_subscription: bool
    created_at: datetime


class Me(UserView):
    tariff_name: str | None
    paid_until: datetime | None


@router.get("/user/me", responses=SIGNED_IN)
async def show_user(user: CurrentUser) -> UserView:
    return UserView(**_fields(user))


@router.get("/me", responses=SIGNED_IN)
async def show_me(user: CurrentUser, ctx: Ctx) -> Me:
    """With the tariff that his contract is made by; `paid_until` stays empty as long as he has no subscription."""
    async with ctx.autocommit() as session:
        tariff = await ClientTariff.of_user(session, user.id)
    return Me(**_fields(user), tariff_name=tariff.name if tariff else None, paid_until=None)


def _fields(user: User) -> dict[str, Any]:
    return {**user.model_dump(), "has_subscription": bool(user.has_subscription)}
