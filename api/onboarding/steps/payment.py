"""Confirmation of payments."""

from fastapi import Response

from api.context import Ctx
from api.http.fields import Body, RoublesIn
from api.http.route import router
from api.onboarding.access import WritingAtClient
from api.onboarding.card import card_or, change, refusals, whole_card
from api.onboarding.shapes import ClientDetail
from api.writes.once import IdempotencyKey
from domain.billing.refusals import AmountMismatch
from domain.contracts.refusals import NotSigned
from domain.onboarding.refusals import CardChanged
from workflows.onboarding.workflow import OnboardingWorkflow

routes = router("payment", "/clients/{client_id}/payment")


class Paid(Body):
    amount: RoublesIn | None = None


@routes.post(
    "/confirm", response_model=ClientDetail, responses=card_or(refusals(CardChanged, NotSigned, AmountMismatch))
)
async def confirm(ctx: Ctx, at: WritingAtClient, body: Paid | None = None, key: IdempotencyKey = None) -> Response:
    """Pays the oldest open invoice; where none is open the card comes back as it is."""
    payload = {"amount": body.amount if body else None}
    route = "POST /clients/{id}/payment/confirm"
    card = whole_card(ctx, at, noted=True)
    return await change(ctx, at, route, key, OnboardingWorkflow.confirm_payment, payload, card)
