"""The managers' session."""

from typing import Annotated

from pydantic import Field, StrictStr

from api.context import Ctx
from api.fields import Body, Password
from api.login import prove
from api.manager.access import CurrentManager, allowed
from api.manager.card import ASKED
from api.manager.shapes import Me
from api.origin import CallerOrigin
from api.problems import problems
from api.route import router
from api.shapes import Shape
from domain.errors import BadCredentials, NotAllowed, TooManyRequests
from models.manager import Manager

routes = router("session", "/auth")

WRONG = "Неверная почта или пароль."


class Login(Body):
    email: Annotated[StrictStr, Field(min_length=1, max_length=254, examples=["manager@example.com"])]
    password: Password


class Token(Shape):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the name of the scheme, RFC 6750
    expires_in: int = Field(description="Seconds.")


@routes.post("/login", response_model=Token, responses=problems(BadCredentials, NotAllowed, TooManyRequests))
async def log_in(body: Login, ctx: Ctx, origin: CallerOrigin) -> Token:
    """One answer for an unknown address and a wrong password, after the same work."""
    email = body.email.strip().lower()
    manager = await _find(ctx, email)
    stored = manager.password_hash if manager else None
    checked = await prove(ctx.passwords, ctx.limits, f"manager:{email}", origin, stored, body.password, WRONG)
    manager = allowed(manager)
    if checked.rehashed is not None:
        async with ctx.sessions.begin() as session:
            row = await session.get_one(Manager, manager.id)
            row.password_hash = checked.rehashed
    return Token(access_token=ctx.manager_tokens.issue(manager.id), expires_in=ctx.manager_tokens.expires_in)


@routes.get("/me", response_model=Me, responses=problems(*ASKED))
async def who_am_i(manager: CurrentManager) -> Me:
    return Me.model_validate(manager)


async def _find(ctx: Ctx, email: str) -> Manager | None:
    """A text with a NUL is nobody's address, and no statement can carry it."""
    if "\0" in email or not email.isprintable():
        return None
    async with ctx.autocommit() as session:
        return await Manager.by_email(session, email)
