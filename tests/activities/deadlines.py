"""How tests let a deadline come."""

from datetime import timedelta

from domain.onboarding.deadline import Deadline, Due, deadlines
from models import Client, ManagerMessage
from tests.database_content import dump
from tests.onboarding_setup import OnboardingSetup


async def deadline(desk: OnboardingSetup, client: Client, due: Due) -> Deadline:
    return next(one for one in deadlines(await desk.state(client)) if one.due is due)


async def meets(desk: OnboardingSetup, client: Client, due: Due, late: timedelta = timedelta()) -> Deadline:
    """The clock runs to the deadline (and past it), and what is due is done."""
    coming = await deadline(desk, client, due)
    desk.clock.now = coming.at + late
    applied = await desk.twice(lambda: desk.due.fall_due(client.id, coming))
    assert coming not in list(deadlines(applied.state))
    return coming


async def changes_nothing(desk: OnboardingSetup, client: Client, coming: Deadline) -> None:
    before = await dump(desk.sessions)
    await desk.due.fall_due(client.id, coming)
    assert await dump(desk.sessions) == before


async def notices(desk: OnboardingSetup) -> list[str]:
    return [notice.body for notice in await desk.rows(ManagerMessage)]
