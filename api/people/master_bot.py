"""Links of the master bot: the bot makes them, people exchange them for a session."""

from hmac import compare_digest
from typing import Annotated, Final, Literal

from fastapi import Depends, Header
from pydantic import Field, StrictInt, StrictStr

from activities.kernel.limits import LOGIN_ADDRESS
from activities.people.links import Entrance, issue_link
from api.context import Ctx
from api.http.fields import Body, Email, Optional200
from api.http.origin import CallerOrigin
from api.http.problems import problems
from api.http.route import router
from api.http.shapes import Shape
from api.people.manager_session import Keeping
from domain.kernel import sizes
from domain.kernel.refusal import InvalidValue, NotAllowed, NotAuthenticated, TooManyRequests
from domain.people.refusals import EmailTaken
from models.people.manager import Role

WRONG_SECRET: Final = "Неверный секрет главного бота."  # noqa: S105 - a sentence

LongToken = Annotated[StrictStr, Field(min_length=1, max_length=sizes.FILE_KEY)]
Secret = Annotated[str | None, Header(alias="X-Master-Bot-Secret")]

routes = router("conversations: session", "/auth/master")


class LinkWanted(Body):
    telegram_user_id: Annotated[StrictInt, Field(ge=1, le=sizes.EXACT_INTEGER)]
    role: Literal["owner", "manager"] = "owner"


class Link(Shape):
    link_token: str = Field(description="Works once, for 15 minutes.")


class Exchange(Body):
    token: LongToken
    email: Email
    full_name: Optional200 = None


class Entered(Shape):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the name of the scheme, RFC 6750
    client_created: bool = Field(description="Whether an organisation was made for this account.")


async def master_bot(ctx: Ctx, origin: CallerOrigin, secret: Secret = None) -> None:
    """Raises `NotAuthenticated` without the master bot's secret, before the body is validated."""
    wanted = ctx.settings.master_bot_secret
    async with ctx.limits.guess(NotAuthenticated, (LOGIN_ADDRESS, f"master-bot:{origin.network}")):
        if wanted is None or secret is None or not compare_digest(secret.encode(), wanted.get_secret_value().encode()):
            raise NotAuthenticated(WRONG_SECRET)


@routes.post(
    "/link",
    response_model=Link,
    responses=problems(NotAuthenticated, InvalidValue, TooManyRequests),
    dependencies=[Depends(master_bot)],
)
async def make_link(body: LinkWanted, ctx: Ctx) -> Link:
    """For the master bot alone."""
    return Link(link_token=await issue_link(ctx.sessions, body.telegram_user_id, Role(body.role), ctx.now()))


@routes.post(
    "/exchange",
    response_model=Entered,
    responses=problems(NotAuthenticated, NotAllowed, EmailTaken, TooManyRequests),
)
async def exchange(body: Exchange, ctx: Ctx, origin: CallerOrigin, keeper: Keeping) -> Entered:
    """Enters the account that belongs to the link's Telegram account, or makes one with an organisation.

    A link that was refused because of the address may be used again with another one.
    """
    async with ctx.limits.guess(NotAuthenticated, (LOGIN_ADDRESS, f"link:{origin.network}")):
        manager, is_new = await ctx.links.enter(Entrance(body.token, body.email, body.full_name))
    token = await keeper.signed_in(manager)
    return Entered(access_token=token.access_token, client_created=is_new)
