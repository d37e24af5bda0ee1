"""Proof of a password, the same for clients and staff: limits of failures first, then the same work for everybody."""

from collections.abc import Callable
from typing import Annotated, Final

from pydantic import Field, StrictStr

from api.context import Context
from api.http.fields import Body, Password
from api.http.origin import Origin
from api.http.shapes import Shape
from api.machines.limits import LOGIN_ACCOUNT, LOGIN_ADDRESS, Limits
from api.machines.passwords import Checked, Passwords
from domain.people.refusals import BadCredentials
from models.people.manager import Manager

WRONG: Final = "Неверная почта или пароль."


class Login(Body):
    email: Annotated[StrictStr, Field(min_length=1, max_length=254, examples=["manager@example.com"])]
    password: Password


class Token(Shape):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the name of the scheme, RFC 6750
    expires_in: int = Field(description="Seconds.")


async def prove(
    passwords: Passwords, limits: Limits, account: str, origin: Origin, stored: str | None, password: str, refusal: str
) -> Checked:
    """Silence and perhaps a newer hash to store, else `BadCredentials(refusal)` or `TooManyRequests`.

    `account` is `client:{phone}` or `manager:{e-mail}`, whether there is one or not; `stored` None: there is none. The
    limits are asked once more with the turn in hand, so that guesses made at the same time cannot all pass them.
    """
    counted = ((LOGIN_ACCOUNT, account), (LOGIN_ADDRESS, origin.network))
    await limits.check(*counted)
    async with passwords.turn():
        await limits.check(*counted)
        checked = await passwords.check(stored, password)
        if not checked.ok:
            await limits.count(*counted)
    if not checked.ok:
        raise BadCredentials(refusal)
    return checked


async def log_in_manager(
    ctx: Context, login: Login, origin: Origin, allowed: Callable[[Manager | None], Manager]
) -> Manager:
    """One answer for an unknown address and a wrong password, after the same work; then `allowed` may refuse."""
    email = login.email.strip().lower()
    manager = await _find(ctx, email)
    stored = manager.password_hash if manager else None
    checked = await prove(ctx.passwords, ctx.limits, f"manager:{email}", origin, stored, login.password, WRONG)
    manager = allowed(manager)
    if checked.rehashed is not None:
        async with ctx.sessions.begin() as session:
            row = await session.get_one(Manager, manager.id)
            row.password_hash = checked.rehashed
    return manager


def token_of(ctx: Context, manager: Manager) -> Token:
    return Token(access_token=ctx.manager_tokens.issue(manager.id), expires_in=ctx.manager_tokens.expires_in)


async def _find(ctx: Context, email: str) -> Manager | None:
    """A text with a NUL is nobody's address, and no statement can carry it."""
    if "\0" in email or not email.isprintable():
        return None
    async with ctx.autocommit() as session:
        return await Manager.by_email(session, email)
