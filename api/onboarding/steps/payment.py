"""Confirmation of payments."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from api.context import Context, Ctx
from api.http.fields import Body, Id, RoublesIn
from api.http.route import router
from api.onboarding.access import AtClient, WritingAtClient
from api.onboarding.card import card_or, change, refusals, whole_card
from api.onboarding.shapes import ClientDetail
from api.writes.once import IdempotencyKey
from domain.billing.refusals import AmountMismatch, InvoiceCanceled
from domain.contracts.refusals import NotSigned
from domain.onboarding.refusals import CardChanged
from models import Invoice
from workflows.onboarding.workflow import OnboardingWorkflow

routes = router("payment", "/clients/{client_id}/payment")


class Paid(Body):
    amount: RoublesIn | None = None
    invoice_id: Annotated[Id | None, Field(description="The invoice that is paid; absent: the oldest open one.")] = None


@routes.post(
    "/confirm",
    response_model=ClientDetail,
    responses=card_or(refusals(CardChanged, NotSigned, AmountMismatch, InvoiceCanceled)),
)
async def confirm(ctx: Ctx, at: WritingAtClient, body: Paid | None = None, key: IdempotencyKey = None) -> Response:
    """Pays one invoice; where it is paid already, or none is open, the card comes back as it is."""
    asked = body or Paid()
    # Named here, so that two confirmations at once mean the same invoice.
    invoice_id = asked.invoice_id or await _oldest_open(ctx, at)
    payload = {"amount": asked.amount, "invoice_id": str(invoice_id) if invoice_id else None}
    # As earlier releases had it, so that a repeated key is known across an update.
    said = asked.model_dump(mode="json", exclude_none=True) if asked.invoice_id else {"amount": asked.amount}
    route = "POST /clients/{id}/payment/confirm"
    card = whole_card(ctx, at, noted=True)
    return await change(ctx, at, route, key, OnboardingWorkflow.confirm_payment, payload, card, body=said)


async def _oldest_open(ctx: Context, at: AtClient) -> UUID | None:
    async with ctx.autocommit() as session:
        return await Invoice.oldest_open(session, at.client_id)
