"""The client's own data."""

from typing import Any
from uuid import UUID

from pydantic import Field

from api.client.access import CurrentUser
from api.context import Ctx
from api.http.problems import LISTING, problems
from api.http.route import router
from api.http.shapes import Moment, Shape
from models import ClientTariff, User

routes = router("client: profile")


class UserView(Shape):
    id: UUID
    phone: str | None
    email: str | None
    name: str | None
    address: str | None
    has_subscription: bool
    created_at: Moment | None = Field(description="Null only in rows of an adopted database that had no such column.")


class ClientMe(UserView):
    tariff_name: str | None
    paid_until: Moment | None


@routes.get("/user/me", responses=problems(*LISTING))
async def show_user(user: CurrentUser) -> UserView:
    return UserView(**_fields(user))


@routes.get("/me", responses=problems(*LISTING))
async def show_me(user: CurrentUser, ctx: Ctx) -> ClientMe:
    """With the tariff that his contract is made by; `paid_until` stays empty as long as he has no subscription."""
    async with ctx.autocommit() as session:
        tariff = await ClientTariff.of_user(session, user.id)
    return ClientMe(**_fields(user), tariff_name=tariff.name if tariff else None, paid_until=None)


def _fields(user: User) -> dict[str, Any]:
    return {**user.model_dump(), "has_subscription": bool(user.has_subscription)}
