"""The client's own data."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from activities.kernel.limits import PROFILE_ACCOUNT
from activities.people.profile import ProfileChange
from api.client.access import CurrentSession, CurrentUser
from api.context import Ctx
from api.http.fields import Body, Optional200, Optional500, OptionalEmail, Phone
from api.http.problems import LISTING, problems
from api.http.route import router
from api.http.shapes import Moment, Shape
from domain.kernel.refusal import TooManyRequests
from domain.people.refusals import EmailTaken, PhoneTaken, PhoneUnconfirmed
from models import ClientTariff, User

routes = router("client: profile")


class UserView(Shape):
    id: UUID
    phone: str | None
    phone_confirmed_at: Moment | None
    new_phone: str | None = Field(description="Waits for its confirmation.")
    email: str | None
    email_confirmed_at: Moment | None
    new_email: str | None = Field(description="Waits for its confirmation.")
    name: str | None
    address: str | None
    has_subscription: bool
    created_at: Moment | None = Field(description="Null only in rows of an adopted database that had no such column.")


class ClientMe(UserView):
    tariff_name: str | None
    paid_until: Moment | None


class Profile(Body):
    """Null is unchanged."""

    name: Optional200 = None
    email: OptionalEmail = None
    address: Optional500 = None
    phone: Annotated[Phone | None, Field(description="The present number takes back a new one.")] = None


@routes.get("/user/me", responses=problems(*LISTING))
async def show_user(user: CurrentUser) -> UserView:
    return UserView(**_fields(user))


@routes.put("/user", responses=problems(*LISTING, PhoneTaken, EmailTaken, PhoneUnconfirmed, TooManyRequests))
async def change_user(asked: Profile, signed: CurrentSession, ctx: Ctx) -> UserView:
    """A new phone or e-mail counts only after it is confirmed: until then the account keeps what it has."""
    if asked.phone is not None or asked.email is not None:
        await ctx.limits.spend(PROFILE_ACCOUNT, str(signed.user.id))
    changed = await ctx.profiles.change(signed.user.id, signed.session_id, ProfileChange(**asked.model_dump()))
    return UserView(**_fields(changed))


@routes.get("/me", responses=problems(*LISTING))
async def show_me(user: CurrentUser, ctx: Ctx) -> ClientMe:
    """With the tariff that his contract is made by; `paid_until` stays empty as long as he has no subscription."""
    async with ctx.autocommit() as session:
        tariff = await ClientTariff.of_user(session, user.id)
    return ClientMe(**_fields(user), tariff_name=tariff.name if tariff else None, paid_until=None)


def _fields(user: User) -> dict[str, Any]:
    confirmed = user.phone_confirmed_at if user.phone_is_confirmed else None
    own = {"has_subscription": bool(user.has_subscription), "phone_confirmed_at": confirmed}
    return {**user.model_dump(), **own}
