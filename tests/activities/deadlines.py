"""How tests let a deadline come."""

from datetime import timedelta

from domain.onboarding.deadline import Deadline, Due, deadlines
from models import Client, ManagerMessage
from tests.database_content import dump
from tests.onboarding_setup import OnboardingSetup


async def deadline(onboarding: OnboardingSetup, client: Client, due: Due) -> Deadline:
    return next(one for one in deadlines(await onboarding.state(client)) if one.due is due)


async def meets(onboarding: OnboardingSetup, client: Client, due: Due, late: timedelta = timedelta()) -> Deadline:
    """The clock runs to the deadline (and past it), and what is due is done."""
    coming = await deadline(onboarding, client, due)
    onboarding.clock.now = coming.at + late
    applied = await onboarding.twice(lambda: onboarding.due.fall_due(client.id, coming))
    assert coming not in list(deadlines(applied.state))
    return coming


async def changes_nothing(onboarding: OnboardingSetup, client: Client, coming: Deadline) -> None:
    before = await dump(onboarding.sessions)
    await onboarding.due.fall_due(client.id, coming)
    assert await dump(onboarding.sessions) == before


async def notices(onboarding: OnboardingSetup) -> list[str]:
    return [notice.body for notice in await onboarding.rows(ManagerMessage)]
