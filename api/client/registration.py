"""Registration of a client, and start of the client's workflow."""

import asyncio
import logging
from datetime import timedelta
from typing import Final
from uuid import UUID

from pydantic import Field
from temporalio.service import RPCError

from activities.onboarding.registration import Applicant
from activities.people.refresh import Opened
from api.context import Context
from api.http.fields import Body, Optional200, Optional500, OptionalEmail, Password, Phone
from api.http.shapes import Shape
from domain.people.nearby import Place
from domain.people.origin import Origin
from logs import FIELDS
from models import UserSession
from workflows.onboarding.starting import begin_onboarding

PATIENCE: Final = timedelta(seconds=2)

log = logging.getLogger("privet.registration")


class Registration(Body):
    phone: Phone
    password: Password
    email: OptionalEmail = None
    name: Optional200 = None
    address: Optional500 = None


class TokenPair(Shape):
    access_token: str
    refresh_token: str = Field(description="Good for one use: its answer holds the next one.")
    token_type: str = "bearer"  # noqa: S105 - a name of RFC 6750
    expires_in: int = Field(description="Seconds that `access_token` lives.", examples=[900])


def pair_of(ctx: Context, opened: Opened[UserSession]) -> TokenPair:
    return TokenPair(
        access_token=ctx.client_tokens.issue(opened.session.user_id, opened.session.id),
        refresh_token=opened.refresh_token,
        expires_in=ctx.client_tokens.expires_in,
    )


async def register(ctx: Context, asked: Registration, origin: Origin, place: Place) -> TokenPair:
    client_id, opened = await ctx.registration.register(Applicant(**asked.model_dump()), origin, place)
    await begin(ctx, client_id)
    return pair_of(ctx, opened)


async def begin(ctx: Context, client_id: UUID) -> None:
    """Start the client's workflow; during an outage of Temporal the adoption Schedule starts it later."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await begin_onboarding(ctx.temporal, client_id, PATIENCE)
    except (TimeoutError, RPCError, RuntimeError):
        # A Temporal client that has never connected raises RuntimeError.
        log.warning("onboarding waits for adoption", extra={FIELDS: {"client_id": str(client_id)}})
