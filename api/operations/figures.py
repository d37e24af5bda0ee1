"""«Показатели»: figures of onboarding and conversations, for the operator of the installation."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import Query

from api.context import Ctx
from api.http.problems import LISTING, problems
from api.http.route import router
from api.http.shapes import Moment, Shape
from api.people.access import CurrentOperator
from domain.onboarding.process import WizardStep
from models.operations.figures import STEPS, Window, read_figures

routes = router("figures", "/admin/figures")

Days = Annotated[int, Query(ge=1, le=366, description="Days of the business time zone, today included.")]


class StepFunnel(Shape):
    """Of the clients who came in the window: how many came to the step, and how many got past it."""

    step: WizardStep
    reached: int
    passed: int


class StepTime(Shape):
    """Of the stays that ended in the window; null where none did."""

    step: WizardStep
    count: int
    p50_seconds: float | None
    p90_seconds: float | None


class OnboardingDay(Shape):
    day: date
    registered: int
    signed: int
    processed: int


class ConversationsNow(Shape):
    """`pending`: messages on their way to a buyer; `failed`: those that did not get there and nobody tried again."""

    open: int
    unanswered: int
    oldest_unanswered_at: Moment | None
    pending: int
    failed: int


class MessagesDay(Shape):
    """`outbound` is what people wrote, `auto` what we did; `failed` are of both."""

    day: date
    inbound: int
    outbound: int
    auto: int
    failed: int


class FiguresView(Shape):
    since: Moment
    days: int
    funnel: list[StepFunnel]
    time_in_step: list[StepTime]
    daily: list[OnboardingDay]
    conversations: ConversationsNow
    messages_daily: list[MessagesDay]


@routes.get("", response_model=FiguresView, responses=problems(*LISTING))
async def show_figures(ctx: Ctx, _: CurrentOperator, days: Days = 30) -> FiguresView:
    """Of all organisations, for the operator alone; he needs no onboarding right."""
    zone = ctx.settings.zone
    now = ctx.now().astimezone(zone)
    since = datetime.combine(now.date() - timedelta(days=days - 1), time(), zone)
    async with ctx.autocommit() as session:
        figures = await read_figures(session, Window(since, now, ctx.settings.business_timezone))
    by_place = {row["place"]: dict(row) for row in figures.steps}
    none = {"reached": 0, "passed": 0, "count": 0, "p50_seconds": None, "p90_seconds": None}
    steps = [{"step": step, **by_place.get(place, none)} for place, step in enumerate(STEPS)]
    return FiguresView(
        since=since,
        days=days,
        funnel=[StepFunnel.model_validate(one) for one in steps],
        time_in_step=[StepTime.model_validate(one) for one in steps],
        daily=[OnboardingDay.model_validate(dict(row)) for row in figures.daily],
        conversations=ConversationsNow.model_validate(dict(figures.conversations)),
        messages_daily=[MessagesDay.model_validate(dict(row)) for row in figures.messages_daily],
    )
