"""The master bot's way in: a link that works once, and an account with an organisation of its own."""

import hashlib
import secrets
from hmac import compare_digest
from typing import Annotated, Any, Final, Literal
from uuid import uuid4

from fastapi import Depends, Header
from pydantic import Field, StrictInt, StrictStr
from sqlmodel.ext.asyncio.session import AsyncSession

from api.context import Context, Ctx
from api.conversations.access import employed
from api.http.fields import Body, Email, Optional200
from api.http.problems import problems
from api.http.route import router
from api.http.shapes import Shape
from api.people.manager_session import Keeping
from domain.kernel.refusal import InvalidValue, NotAllowed, NotAuthenticated
from domain.people.refusals import EmailTaken
from models import LoginLink, Manager, Organisation
from models.people.manager import Role
from models.people.sign_in import add_manager, manager_of_telegram, use_link

TOKEN_BYTES: Final = 32
LARGEST_ID: Final = 2**53 - 1

WRONG_SECRET: Final = "Неверный секрет главного бота."  # noqa: S105 - a sentence
WRONG_LINK: Final = "Ссылка уже использована или устарела. Попросите новую командой /start у главного бота."
TAKEN: Final = "Эта почта занята другой учётной записью. Укажите другую или войдите по паролю."

LongToken = Annotated[StrictStr, Field(min_length=1, max_length=300)]
Secret = Annotated[str | None, Header(alias="X-Master-Bot-Secret")]


class _FasterByAMoment(EmailTaken):
    """Another link with the same address, or for the same person, made its account while this one was about to."""


routes = router("conversations: session", "/auth/master")


class LinkWanted(Body):
    telegram_user_id: Annotated[StrictInt, Field(ge=1, le=LARGEST_ID)]
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


async def master_bot(ctx: Ctx, secret: Secret = None) -> None:
    """Silence for the one who knows the secret, before anybody looks at his values."""
    wanted = ctx.settings.master_bot_secret
    if wanted is None or secret is None or not compare_digest(secret.encode(), wanted.get_secret_value().encode()):
        raise NotAuthenticated(WRONG_SECRET)


@routes.post(
    "/link",
    response_model=Link,
    responses=problems(NotAuthenticated, InvalidValue),
    dependencies=[Depends(master_bot)],
)
async def make_link(body: LinkWanted, ctx: Ctx) -> Link:
    """For the master bot alone."""
    return Link(link_token=await new_link(ctx, body.telegram_user_id, Role(body.role)))


@routes.post("/exchange", response_model=Entered, responses=problems(NotAuthenticated, NotAllowed, EmailTaken))
async def exchange(body: Exchange, ctx: Ctx, keeper: Keeping) -> Entered:
    """Enters the account that belongs to the link's Telegram account, or makes one with an organisation.

    A link that was refused because of the address may be used again with another one.
    """
    try:
        manager, is_new = await _entered(ctx, body)
    except _FasterByAMoment:
        # His account is there by now, if it is his.
        manager, is_new = await _entered(ctx, body)
    token = await keeper.signed_in(employed(manager))
    return Entered(access_token=token.access_token, client_created=is_new)


async def new_link(ctx: Context, telegram_user_id: int, role: Role) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    async with ctx.sessions.begin() as session:
        await LoginLink.issue(session, _digest(token), telegram_user_id, role, ctx.now())
    return token


async def _entered(ctx: Context, body: Exchange) -> tuple[Manager, bool]:
    async with ctx.sessions.begin() as session:
        link = await use_link(session, _digest(body.token), ctx.now())
        if link is None:
            raise NotAuthenticated(WRONG_LINK)
        return await _account(ctx, session, link, body)


async def _account(ctx: Context, session: AsyncSession, link: LoginLink, body: Exchange) -> tuple[Manager, bool]:
    """Never somebody else's account: the address alone proves nothing."""
    known = await manager_of_telegram(session, link.telegram_user_id)
    with_address = await Manager.by_email(session, body.email)
    if with_address is not None and with_address.telegram_user_id != link.telegram_user_id:
        raise EmailTaken(TAKEN)
    # Between the two looks another link of the same person may have made his account.
    if (own := known or with_address) is not None:
        return employed(own), False
    organisation, manager = _founded(ctx, link, body)
    session.add(organisation)
    await session.flush()
    if not await add_manager(session, manager):
        raise _FasterByAMoment(TAKEN)
    return manager, True


def _founded(ctx: Context, link: LoginLink, body: Exchange) -> tuple[Organisation, Manager]:
    now, name = ctx.now(), body.full_name or body.email.partition("@")[0]
    organisation = Organisation(
        id=uuid4(), name=name, auto_reply_delay_seconds=ctx.settings.auto_reply_delay_seconds, created_at=now
    )
    values: dict[str, Any] = {
        "id": uuid4(),
        "organisation_id": organisation.id,
        "email": body.email,
        "name": name,
        "role": link.role,
        "telegram_user_id": link.telegram_user_id,
        "created_at": now,
        "updated_at": now,
    }
    return organisation, Manager(**values)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
