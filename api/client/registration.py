"""Registration of a client, and start of the client's workflow."""

import asyncio
import logging
from datetime import timedelta
from typing import Final
from uuid import UUID

from temporalio.service import RPCError

from activities.onboarding.registration import Applicant
from api.client.sessions import TokenPair, pair_of
from api.context import Context
from api.http.fields import Body, Optional200, Optional500, OptionalEmail, Password, Phone
from domain.people.origin import Origin
from logs import FIELDS
from workflows.onboarding.starting import begin_onboarding

PATIENCE: Final = timedelta(seconds=2)

log = logging.getLogger("privet.registration")


class Registration(Body):
    phone: Phone
    password: Password
    email: OptionalEmail = None
    name: Optional200 = None
    address: Optional500 = None


async def register(ctx: Context, asked: Registration, origin: Origin) -> TokenPair:
    client_id, opened = await ctx.registration.register(Applicant(**asked.model_dump()), origin)
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
