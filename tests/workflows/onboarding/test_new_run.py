"""A long history goes on in a new run: nothing is lost, nothing is done twice, nothing waits."""

import asyncio
from datetime import timedelta

from temporalio.client import WorkflowExecutionStatus

from domain.clients.status import ClientStatus
from domain.onboarding.deadline import Due
from tests.workflows.fake_card import CODE_TTL
from tests.workflows.onboarding_driver import OnboardingDriver
from workflows.onboarding.workflow import PAUSE_FOR_ERRANDS
from workflows.onboarding.workflow import OnboardingWorkflow as Steps


async def test_steps_that_come_while_the_run_changes_are_all_done_once(boris: OnboardingDriver) -> None:
    drafts = [boris.draft() for _ in range(60)]
    for batch in range(0, 60, 20):
        await asyncio.gather(*(boris.does(Steps.add_device, draft=draft) for draft in drafts[batch : batch + 20]))
    assert boris.card.devices == 60
    assert len(boris.card.answers) == 60
    assert await boris.runs() > 1


async def test_a_whole_onboarding_over_several_runs_ends_as_in_one(boris: OnboardingDriver) -> None:
    for _ in range(10):
        await boris.does(Steps.save_profile)
    await boris.gets_a_contract()
    await boris.signs()
    for _ in range(10):
        await boris.does(Steps.save_passport)
    await boris.does(Steps.confirm_payment)
    assert await boris.ends() == "processed"
    assert await boris.runs() > 2
    assert boris.card.names().count("sign_contract") == boris.card.names().count("store_contract") == 1
    assert boris.card.uncertified == ()


async def test_no_object_is_forgotten_when_the_run_changes(boris: OnboardingDriver) -> None:
    keys = set()
    for _ in range(12):
        await boris.does(Steps.attach_passport_photo)
        keys.add(boris.card.photo)
    await boris.does(Steps.remove_passport_photo)
    await boris.card.until(lambda: set(boris.card.removed()) == keys)
    assert await boris.runs() > 1


async def test_trash_that_cannot_be_deleted_now_is_deleted_by_a_later_run(boris: OnboardingDriver) -> None:
    boris.card.breaks("delete_objects")
    await boris.does(Steps.attach_passport_photo)
    key = boris.card.photo
    await boris.does(Steps.remove_passport_photo)
    for _ in range(10):
        await boris.does(Steps.save_profile)
    assert await boris.runs() == 1
    await boris.waits(PAUSE_FOR_ERRANDS + timedelta(seconds=1))
    assert await boris.runs() == 2
    boris.card.is_mended("delete_objects")
    await boris.waits(timedelta(minutes=10))
    assert boris.card.deleted_objects == {key}


async def test_a_stuck_certificate_stops_neither_the_change_of_runs_nor_the_calendar(boris: OnboardingDriver) -> None:
    boris.card.breaks("certify_signature")
    await boris.gets_a_contract()
    await boris.signs()
    await boris.does(Steps.add_device)
    await boris.does(Steps.generate_contract)
    for _ in range(8):
        await boris.does(Steps.request_code)
    await boris.waits(CODE_TTL + timedelta(minutes=1))
    assert boris.card.fallen() == [Due.CODE_EXPIRES]
    assert await boris.runs() > 1
    assert boris.card.names().count("certify_signature") > 1
    boris.card.is_mended("certify_signature")
    await boris.waits(timedelta(minutes=6))
    assert boris.card.uncertified == ()


async def test_deadlines_are_met_in_a_later_run(boris: OnboardingDriver) -> None:
    await boris.gets_a_contract()
    for _ in range(12):
        await boris.does(Steps.request_code)
    assert await boris.runs() > 1
    await boris.waits(timedelta(hours=73))
    await boris.card.until(lambda: len(boris.card.fallen()) == 4)
    assert boris.card.contract is None
    assert boris.status() is ClientStatus.AWAITING_CONTRACT


async def test_the_web_ui_tells_the_same_story_in_a_later_run(boris: OnboardingDriver) -> None:
    while await boris.runs() == 1:
        await boris.does(Steps.save_profile)
    await boris.does(Steps.save_profile)
    attributes = await boris.attributes()
    assert attributes["PrivetStatus"] == "in_verification"
    assert attributes["PrivetClientId"] == str(boris.client_id)
    assert "**Ждём паспортных данных**" in await boris.details()
    assert (await boris.handle.describe()).status is WorkflowExecutionStatus.RUNNING
