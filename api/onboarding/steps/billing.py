"""Invoices that a manager creates."""

from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import Response
from pydantic import Field, StrictStr

from api.context import Ctx
from api.http.fields import Body, Day, PositiveRoublesIn, Text1000, typed
from api.http.route import router
from api.onboarding.access import WritingAtClient
from api.onboarding.card import card_or, change, refusals
from api.onboarding.shapes import ClientDetail
from api.writes.once import IdempotencyKey
from domain.kernel.refusal import InvalidValue
from domain.kernel.text import visible
from domain.onboarding.refusals import CardChanged
from workflows.onboarding.workflow import OnboardingWorkflow

routes = router("billing", "/clients/{client_id}/billing")

BACK: Final = timedelta(days=366)
"""Largest age of a due date: an overdue invoice is allowed, an older one is a mistake."""

AHEAD: Final = timedelta(days=5 * 366)
DAY: Final = "Укажите срок оплаты не раньше чем год назад и не позже чем через пять лет."


class Bill(Body):
    amount: PositiveRoublesIn
    description: Text1000
    contract_number: Annotated[StrictStr, Field(min_length=1, max_length=32, pattern=r"^[\w-]+$"), typed(visible)]
    due_date: Day


@routes.post("/notify", response_model=ClientDetail, responses=card_or(refusals(CardChanged)))
async def notify(body: Bill, ctx: Ctx, at: WritingAtClient, key: IdempotencyKey = None) -> Response:
    """An invoice, and its message in the client's ticket."""
    _check_day(body.due_date, ctx.now().astimezone(ctx.settings.zone).date())
    payload = {**body.model_dump(), "due_date": body.due_date.isoformat()}
    return await change(ctx, at, "POST /clients/{id}/billing/notify", key, OnboardingWorkflow.bill, payload)


def _check_day(due: date, today: date) -> None:
    if not today - BACK <= due <= today + AHEAD:
        raise InvalidValue(DAY, errors=[{"loc": ["body", "due_date"], "msg": DAY}])
