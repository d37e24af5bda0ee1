"""What nobody waits for goes on beside everything else: photos, certificates, deletions."""

import asyncio
from datetime import timedelta

from temporalio.client import WorkflowExecutionStatus

from domain.onboarding.deadline import Due
from tests.workflows.onboarding_driver import OnboardingDriver
from workflows.onboarding.workflow import OnboardingWorkflow as Steps


async def test_photos_are_checked_side_by_side_and_do_not_hold_up_other_steps(anna: OnboardingDriver) -> None:
    checked = anna.card.holds("accept_photo")
    photos = [asyncio.create_task(anna.does(Steps.attach_device_photo)) for _ in range(3)]
    await anna.card.tried("accept_photo", 3)
    await anna.does(Steps.save_profile)
    assert "record_device_photo" not in anna.card.names()
    checked.set()
    await asyncio.gather(*photos)
    assert anna.card.names().count("record_device_photo") == 3


async def test_a_photo_is_checked_on_the_queue_for_slow_work(anna: OnboardingDriver) -> None:
    await anna.does(Steps.attach_passport_photo)
    assert await queues(anna) == {"accept_photo": "privet-documents"}


async def test_rows_are_written_without_a_queue_and_slow_work_has_its_own(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.signs()
    await anna.card.until(lambda: not anna.card.uncertified)
    await anna.waits(timedelta(days=10))
    await anna.card.until(lambda: Due.INVOICE_OVERDUE in anna.card.fallen())
    assert await queues(anna) == {
        "store_contract": "privet-documents",
        "seal_trace": "privet-seal",
        "certify_signature": "privet-seal",
        "fall_due": "privet-core",
    }


async def test_a_replaced_and_a_removed_photo_are_deleted_from_the_store(anna: OnboardingDriver) -> None:
    await anna.does(Steps.attach_passport_photo)
    first = anna.card.photo
    await anna.does(Steps.attach_passport_photo)
    second = anna.card.photo
    await anna.does(Steps.remove_passport_photo)
    await anna.card.until(lambda: len(anna.card.removed()) == 2)
    assert anna.card.removed() == [first, second]


async def test_a_store_that_is_away_gets_its_deletions_later_and_holds_up_nothing(anna: OnboardingDriver) -> None:
    anna.card.fails("delete_objects", ConnectionError("the store is away"))
    await anna.does(Steps.attach_passport_photo)
    first = anna.card.photo
    await anna.does(Steps.remove_passport_photo)
    await anna.card.tried("delete_objects")
    await anna.does(Steps.save_profile)
    await anna.card.tried("delete_objects", 2)
    assert anna.card.removed() == [first, first]


async def test_what_becomes_trash_while_other_trash_is_deleted_is_deleted_next(anna: OnboardingDriver) -> None:
    deleted = anna.card.holds("delete_objects")
    keys = []
    for _ in range(3):
        await anna.does(Steps.attach_passport_photo)
        keys.append(anna.card.photo)
    await anna.does(Steps.remove_passport_photo)
    deleted.set()
    await anna.card.until(lambda: len(anna.card.removed()) == 3)
    assert anna.card.removed() == keys


async def test_the_workflow_does_not_end_before_its_trash_is_deleted(anna: OnboardingDriver) -> None:
    await anna.is_processed()
    deleted = anna.card.holds("delete_objects")
    await anna.does(Steps.attach_passport_photo)
    await anna.does(Steps.remove_passport_photo)
    await anna.card.tried("delete_objects")
    assert (await anna.handle.describe()).status is WorkflowExecutionStatus.RUNNING
    deleted.set()
    assert await anna.ends() == "processed"


async def test_a_certificate_that_cannot_be_made_yet_holds_up_nothing_else(anna: OnboardingDriver) -> None:
    made = anna.card.holds("certify_signature")
    await anna.gets_a_contract()
    await anna.signs()
    await anna.card.tried("certify_signature")
    await anna.does(Steps.save_profile)
    await anna.does(Steps.confirm_payment)
    assert anna.status().value == "processed"
    assert (await anna.handle.describe()).status is WorkflowExecutionStatus.RUNNING
    made.set()
    assert await anna.ends() == "processed"
    assert anna.card.uncertified == ()


async def test_the_answer_of_a_certificate_that_a_step_overtook_is_not_the_newest_state(anna: OnboardingDriver) -> None:
    answered = anna.card.holds("certified")
    await anna.gets_a_contract()
    await anna.signs()
    await anna.card.until(lambda: not anna.card.uncertified)
    await anna.does(Steps.confirm_payment)
    answered.set()
    assert await anna.ends() == "processed"


async def test_a_certificate_that_failed_is_tried_again(anna: OnboardingDriver) -> None:
    anna.card.fails("certify_signature", ConnectionError("the store is away"))
    await anna.gets_a_contract()
    await anna.signs()
    await anna.does(Steps.confirm_payment)
    assert await anna.ends() == "processed"
    assert anna.card.names().count("certify_signature") == 2


async def test_a_certificate_owed_since_a_run_before_this_one_is_made(anna: OnboardingDriver) -> None:
    await anna.stops()
    anna.card.uncertified = (anna.client_id,)
    await anna.begins()
    await anna.card.tried("certify_signature")
    await anna.card.until(lambda: not anna.card.uncertified)
    [certified] = [call.about for call in anna.card.calls if call.name == "certify_signature"]
    assert certified == anna.client_id


async def test_a_code_that_waits_for_its_delivery_gets_it_started_once_beside_everything_else(
    anna: OnboardingDriver,
) -> None:
    started = anna.card.holds("start_deliveries")
    await anna.gets_a_contract()
    anna.card.undelivered = (anna.client_id,)
    await anna.does(Steps.request_code)
    await anna.card.tried("start_deliveries")
    await anna.does(Steps.save_profile)
    started.set()
    await anna.card.until(lambda: not anna.card.undelivered)
    await anna.does(Steps.generate_contract)
    await anna.rests()
    assert [call.about for call in anna.card.calls if call.name == "start_deliveries"] == [[anna.client_id]]


async def test_a_client_deleted_before_his_certificate_ends_the_process_without_a_failure(
    anna: OnboardingDriver,
) -> None:
    await anna.stops()
    anna.card.uncertified = (anna.client_id,)
    loaded = anna.card.holds("load_onboarding")
    begun = asyncio.create_task(anna.begins())
    await anna.card.tried("load_onboarding", 2)
    await begun
    loaded.set()
    await anna.card.tried("load_onboarding", 2)
    anna.card.deleted = True
    assert await anna.ends() == "unknown client"


async def queues(anna: OnboardingDriver) -> dict[str, str]:
    """Where each remote activity was sent."""
    scheduled = [event.activity_task_scheduled_event_attributes for event in (await anna.history()).events]
    return {one.activity_type.name: one.task_queue.name for one in scheduled if one.activity_type.name}
