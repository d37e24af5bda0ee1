"""Routes of registration, log-in and sessions of clients."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from activities.kernel.limits import REGISTER_ADDRESS
from api.client.access import CurrentSession
from api.client.registration import Registration, TokenPair, pair_of, register
from api.context import Ctx
from api.http.fields import Body, LoginPhone, Password, Token
from api.http.origin import CallerOrigin
from api.http.problems import LISTING, problems
from api.http.route import router
from api.http.shapes import Moment, Shape
from documents.contracts.agreement import published
from domain.kernel.refusal import InvalidValue, NotAllowed, NotAuthenticated, NotFound, TooManyRequests
from domain.people.refusals import BadCredentials, EmailTaken, PhoneTaken
from models import UserSession

routes = router("client: session")


class LogIn(Body):
    phone: LoginPhone
    password: Password


class Refresh(Body):
    refresh_token: Token


class SignedInDevice(Shape):
    id: UUID
    ip: str | None
    user_agent: str | None
    created_at: Moment
    last_used_at: Moment
    expires_at: Moment
    current: bool = Field(description="The one that asks.")


class PublishedAgreement(Shape):
    version: str
    sha256: str = Field(description="Of the text in UTF-8.")
    text: str


@routes.post(
    "/auth/register", status_code=201, responses=problems(InvalidValue, PhoneTaken, EmailTaken, TooManyRequests)
)
async def register_client(asked: Registration, ctx: Ctx, origin: CallerOrigin) -> TokenPair:
    """Registering is also accession to the published agreement on the electronic signature, `GET /agreements/pep`."""
    await ctx.limits.spend(replace(REGISTER_ADDRESS, most=ctx.settings.registrations_per_hour), origin.network)
    return await register(ctx, asked, origin)


@routes.get("/agreements/pep")
async def show_agreement() -> PublishedAgreement:
    agreement = published()
    return PublishedAgreement(version=agreement.version, sha256=agreement.sha256, text=agreement.text)


@routes.post("/auth/login", responses=problems(InvalidValue, BadCredentials, NotAllowed, TooManyRequests))
async def log_in(asked: LogIn, ctx: Ctx, origin: CallerOrigin) -> TokenPair:
    user = await ctx.sign_in.client(asked.phone, asked.password, origin)
    return pair_of(ctx, await ctx.client_sessions.start(user, origin))


@routes.post("/auth/refresh", responses=problems(InvalidValue, NotAuthenticated, NotAllowed))
async def refresh(asked: Refresh, ctx: Ctx) -> TokenPair:
    """Good once. A token that was used before ends the session, but the one just replaced is only refused for 10 s."""
    return pair_of(ctx, await ctx.client_sessions.rotate(asked.refresh_token))


@routes.post("/auth/logout", status_code=204, responses=problems(InvalidValue))
async def log_out(asked: Refresh, ctx: Ctx) -> None:
    await ctx.client_sessions.end(asked.refresh_token)


@routes.get("/auth/sessions", responses=problems(*LISTING))
async def list_sessions(
    signed: CurrentSession, ctx: Ctx, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[SignedInDevice]:
    async with ctx.autocommit() as session:
        found = await UserSession.live_of(session, signed.user.id, ctx.now(), limit)
    return [SignedInDevice(**one.model_dump(), current=one.id == signed.session_id) for one in found]


@routes.delete("/auth/sessions/{session_id}", status_code=204, responses=problems(*LISTING, NotFound))
async def end_session(session_id: UUID, signed: CurrentSession, ctx: Ctx) -> None:
    await ctx.client_sessions.end_one(signed.user.id, session_id)
