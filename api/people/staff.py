"""Log-in of managers by password or by Telegram."""

from typing import Annotated

from pydantic import ConfigDict, Field, StrictInt, StrictStr

from activities.people.rights import check_employed
from api.context import Ctx
from api.http.fields import Body
from api.http.origin import CallerOrigin
from api.http.problems import ASKED, problems
from api.http.route import router
from api.http.shapes import Shape
from api.people.access import CurrentStaff
from api.people.manager_session import Keeping, Login, Token
from api.people.shapes import StaffMember
from domain.kernel import sizes
from domain.kernel.refusal import InvalidValue, NotAllowed, TooManyRequests
from domain.people.refusals import BadCredentials
from models.channels.connected import master_bot

Word = Annotated[StrictStr, Field(max_length=sizes.PARAGRAPH)]

routes = router("conversations: session", "/auth")


class TelegramPayload(Body):
    """What the Telegram Login widget hands over, every field of it: all of them are signed."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    id: StrictInt | Word
    first_name: Word | None = None
    last_name: Word | None = None
    username: Word | None = None
    photo_url: Word | None = None
    auth_date: StrictInt | Word
    hash: Annotated[StrictStr, Field(max_length=sizes.LINE)]

    def signed(self) -> dict[str, str | int]:
        sent = {**(self.model_extra or {}), **self.model_dump(exclude_unset=True, include=set(type(self).model_fields))}
        return {name: value for name, value in sent.items() if isinstance(value, str | int)}


class TelegramConfig(Shape):
    bot_username: str | None = Field(description="Of the master bot; null: there is none, or it is not known yet.")


@routes.post("/login", response_model=Token, responses=problems(BadCredentials, NotAllowed, TooManyRequests))
async def log_in(body: Login, ctx: Ctx, origin: CallerOrigin, keeper: Keeping) -> Token:
    """One answer for an unknown address and a wrong password, after the same work."""
    return await keeper.signed_in(await ctx.sign_in.manager(body.email, body.password, origin, check_employed))


@routes.post(
    "/telegram", response_model=Token, responses=problems(BadCredentials, NotAllowed, InvalidValue, TooManyRequests)
)
async def log_in_by_telegram(body: TelegramPayload, ctx: Ctx, origin: CallerOrigin, keeper: Keeping) -> Token:
    """A payload of the Telegram Login widget, good for five minutes and for one log-in."""
    return await keeper.signed_in(await ctx.sign_in.by_telegram(body.signed(), origin))


@routes.get("/telegram/config", response_model=TelegramConfig)
async def show_telegram_config(ctx: Ctx) -> TelegramConfig:
    """For the widget's button."""
    async with ctx.autocommit() as session:
        bot = await master_bot(session)
    return TelegramConfig(bot_username=(bot.username or None) if bot else None)


@routes.get("/me", response_model=StaffMember, responses=problems(*ASKED))
async def who_am_i(staff: CurrentStaff) -> StaffMember:
    return StaffMember.model_validate(staff)
