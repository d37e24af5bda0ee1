"""Money that came."""

from fastapi import Response

from api.context import Ctx
from api.fields import Body, RoublesIn
from api.manager.access import WritingAtClient
from api.manager.card import card_or, change, refusals, whole_card
from api.manager.shapes import ClientDetail
from api.route import router
from api.writing import IdempotencyKey
from domain.errors import AmountMismatch, CardChanged, NotSigned
from workflows.onboarding import OnboardingWorkflow

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
