"""Tariffs, a forecast, and the tariff of a client."""

from uuid import UUID

from fastapi import Response

from activities.clients.command import ClientOutcome
from api.context import Context, Ctx
from api.http.fields import Body, Count, Id, Roubles
from api.http.problems import ASKED, READING, problems
from api.http.route import router
from api.http.shapes import Shape
from api.onboarding.access import OnClient, WritingAtClient
from api.onboarding.card import change, read, refusals
from api.onboarding.shapes import CardTariff
from api.people.access import CurrentManager
from api.writes.once import IdempotencyKey
from api.writes.send import Done
from domain.kernel.refusal import InvalidValue, found
from domain.onboarding.refusals import CardChanged, TariffMismatch
from domain.onboarding.tariff import DEFAULT_EXTRA, calculate
from models.clients.tariff import Tariff
from workflows.onboarding.workflow import OnboardingWorkflow

routes = router("tariff")

UNKNOWN = "Такого тарифа нет. Выберите тариф из списка."


class OfferedTariff(Shape):
    id: UUID
    name: str
    base_fee: Roubles
    extra_per_device: Roubles
    notes: str | None


class Choice(Body):
    device_count: Count
    tariff_id: Id | None = None


class Forecast(Shape):
    device_count: int
    extra_per_device: Roubles
    total_extra_fee: Roubles


@routes.get("/tariffs", response_model=list[OfferedTariff], responses=problems(*ASKED))
async def list_of_tariffs(ctx: Ctx, manager: CurrentManager) -> list[OfferedTariff]:
    """Cheapest first."""
    async with ctx.autocommit() as session:
        return [OfferedTariff.model_validate(one) for one in await Tariff.offered(session, manager.organisation_id)]


@routes.post(
    "/clients/{client_id}/tariff/calculate", response_model=Forecast, responses=problems(*READING, InvalidValue)
)
async def forecast(body: Choice, ctx: Ctx, at: OnClient) -> Forecast:
    """Knows only a count and changes nothing."""
    extra = await _extra(ctx, at.manager.organisation_id, body.tariff_id)
    total = calculate(body.device_count, extra)
    return Forecast(device_count=body.device_count, extra_per_device=extra, total_extra_fee=total)


@routes.post(
    "/clients/{client_id}/tariff/apply",
    response_model=CardTariff,
    responses=refusals(CardChanged, TariffMismatch),
)
async def apply(body: Choice, ctx: Ctx, at: WritingAtClient, key: IdempotencyKey = None) -> Response:
    """Freezes name and fees of the tariff for this client."""

    async def answer(_: Done[ClientOutcome]) -> CardTariff:
        card = await read(ctx, at.manager, at.client_id)
        return CardTariff.model_validate(found(card.row["tariff"], UNKNOWN))

    payload = {"device_count": body.device_count, "tariff_id": str(body.tariff_id) if body.tariff_id else None}
    route = "POST /clients/{id}/tariff/apply"
    return await change(ctx, at, route, key, OnboardingWorkflow.apply_tariff, payload, answer)


async def _extra(ctx: Context, organisation_id: UUID, tariff_id: UUID | None) -> int:
    if tariff_id is None:
        return DEFAULT_EXTRA
    async with ctx.autocommit() as session:
        tariff = await session.get(Tariff, tariff_id)
    if tariff is None or tariff.archived_at is not None or tariff.organisation_id != organisation_id:
        raise InvalidValue(UNKNOWN, errors=[{"loc": ["body", "tariff_id"], "msg": UNKNOWN}])
    return tariff.extra_per_device
