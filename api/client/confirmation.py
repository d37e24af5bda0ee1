"""Routes by which a client confirms his phone and his e-mail address."""

import asyncio
import logging
from datetime import timedelta
from typing import Final
from uuid import UUID

from pydantic import Field
from temporalio.service import RPCError

from activities.people.confirmation_codes import Asker
from api.client.access import CurrentSession, SignedIn
from api.context import Context, Ctx
from api.http.fields import Body, EnteredCode
from api.http.origin import CallerOrigin
from api.http.problems import LISTING, problems
from api.http.route import router
from api.http.shapes import Shape
from domain.kernel.refusal import TooManyRequests
from domain.people.confirmation import ConfirmationKind
from domain.people.origin import Origin
from domain.people.refusals import (
    CodeExpired,
    CodeLocked,
    EmailTaken,
    NothingToConfirm,
    PhoneDiffers,
    PhoneTaken,
    PhoneUnconfirmed,
    WrongCode,
)
from logs import FIELDS
from workflows.deliveries.starting import begin_delivery

PATIENCE: Final = timedelta(seconds=2)

log = logging.getLogger("privet.confirmation")

routes = router("client: confirmation")


class CodeOnItsWay(Shape):
    """Inside the cool-down nothing is sent: `retry_after` says how long it lasts."""

    sent_to: str = Field(description="Masked.", examples=["+7 9•• •••-••-67"])
    retry_after: int = Field(description="Seconds until the next code may be asked for.")


class ReceivedCode(Body):
    code: EnteredCode


ASKING: Final = (*LISTING, NothingToConfirm, PhoneUnconfirmed, TooManyRequests)
ENTERING: Final = (*LISTING, PhoneUnconfirmed, WrongCode, CodeExpired, CodeLocked, TooManyRequests)


@routes.post("/auth/phone/code", status_code=202, responses=problems(*ASKING, PhoneTaken))
async def send_phone_code(signed: CurrentSession, ctx: Ctx, origin: CallerOrigin) -> CodeOnItsWay:
    """A code by SMS: to the new phone of the profile, else to the account's.

    Where the account's phone is confirmed and this session has not proven it, that phone gets the code first.
    """
    return await _send(ctx, ConfirmationKind.PHONE, _asker(signed, origin))


@routes.post("/auth/phone/confirm", status_code=204, responses=problems(*ENTERING, PhoneTaken, PhoneDiffers))
async def confirm_phone(asked: ReceivedCode, signed: CurrentSession, ctx: Ctx, origin: CallerOrigin) -> None:
    """The account's phone is confirmed, and proven in this session."""
    await ctx.confirmations.confirm(ConfirmationKind.PHONE, _asker(signed, origin), asked.code)


@routes.post("/auth/email/code", status_code=202, responses=problems(*ASKING, EmailTaken))
async def send_email_code(signed: CurrentSession, ctx: Ctx, origin: CallerOrigin) -> CodeOnItsWay:
    """A code by mail: to the new address of the profile, else to the account's as long as it is not confirmed."""
    return await _send(ctx, ConfirmationKind.EMAIL, _asker(signed, origin))


@routes.post("/auth/email/confirm", status_code=204, responses=problems(*ENTERING, EmailTaken))
async def confirm_email(asked: ReceivedCode, signed: CurrentSession, ctx: Ctx, origin: CallerOrigin) -> None:
    await ctx.confirmations.confirm(ConfirmationKind.EMAIL, _asker(signed, origin), asked.code)


def _asker(signed: SignedIn, origin: Origin) -> Asker:
    return Asker(signed.user.id, signed.session_id, origin.network)


async def _send(ctx: Context, kind: ConfirmationKind, asker: Asker) -> CodeOnItsWay:
    sent = await ctx.confirmations.request(kind, asker)
    if sent.delivery_id is not None:
        await _begin(ctx, sent.delivery_id)
    return CodeOnItsWay(sent_to=sent.sent_to, retry_after=sent.retry_after)


async def _begin(ctx: Context, delivery_id: UUID) -> None:
    """Start the delivery; during an outage of Temporal the sweep starts it later, if the code still lives then."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await begin_delivery(ctx.temporal, delivery_id, PATIENCE)
    except (TimeoutError, RPCError, RuntimeError):
        # A Temporal client that has never connected raises RuntimeError.
        log.warning("a code waits for the sweep", extra={FIELDS: {"delivery_id": str(delivery_id)}})
