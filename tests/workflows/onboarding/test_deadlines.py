"""What happens while nobody does anything: each thing once, in order, at its time, and not when it became pointless."""

import asyncio
from datetime import datetime, timedelta

import pytest
from temporalio.api.enums.v1 import EventType

from domain.contracts.status import ContractStatus
from domain.onboarding.deadline import LEFT_AFTER, Deadline, Due
from domain.onboarding.process import CodeState, ContractState, InvoiceState
from tests.workflows.fake_card import CODE_TTL, OFFER
from tests.workflows.onboarding_driver import CLIENT, MANAGER, OTHER, OnboardingDriver
from workflows.onboarding.workflow import OnboardingWorkflow as Steps

MOMENT = timedelta(seconds=1)
"""The server's timers are no finer."""

THE_OFFER = [Due.CODE_EXPIRES, Due.REMIND_CLIENT_OF_OFFER, Due.REMIND_MANAGER_OF_OFFER, Due.OFFER_EXPIRES]


def offer(anna: OnboardingDriver) -> tuple[datetime, datetime]:
    """When it began, when it ends."""
    contract = anna.card.contract
    assert contract is not None
    assert contract.offer_started_at is not None
    assert contract.offer_expires_at is not None
    return contract.offer_started_at, contract.offer_expires_at


def invoice(anna: OnboardingDriver) -> InvoiceState:
    return anna.card.invoices[0]


def all_in_time(anna: OnboardingDriver) -> bool:
    """Nothing before its time and nothing a moment late."""
    due = [(call.about.at, call.at) for call in anna.card.calls if isinstance(call.about, Deadline)]
    return all(at <= done < at + MOMENT for at, done in due)


async def has_fallen_due(anna: OnboardingDriver, *dues: Due) -> None:
    """Exactly these have happened by now, in this order and in time."""
    await anna.card.until(lambda: len(anna.card.fallen()) >= len(dues))
    assert anna.card.fallen() == list(dues)
    assert all_in_time(anna)


async def test_an_offer_nobody_signs_reminds_twice_and_lapses(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    begins, ends = offer(anna)
    assert ends - begins == OFFER
    await anna.waits(OFFER + timedelta(hours=1))
    await has_fallen_due(anna, *THE_OFFER)
    times = [call.about.at - begins for call in anna.card.calls if isinstance(call.about, Deadline)]
    assert times == [CODE_TTL, OFFER / 3, 2 * OFFER / 3, OFFER]
    assert anna.card.contract is None
    assert (await anna.is_refused(Steps.confirm_code, code="111111")).type == "contract-missing"


async def test_the_client_is_reminded_at_a_third_and_not_before(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    begins, _ = offer(anna)
    await anna.waits_until(begins + OFFER / 3 - timedelta(minutes=1))
    await has_fallen_due(anna, Due.CODE_EXPIRES)
    await anna.waits(timedelta(minutes=2))
    await has_fallen_due(anna, *THE_OFFER[:2])


async def test_after_an_offer_lapsed_the_manager_has_three_days(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.waits(OFFER + LEFT_AFTER + timedelta(hours=1))
    await has_fallen_due(anna, *THE_OFFER, Due.OFFER_BACK)
    assert anna.card.manager_id is None


async def test_a_signature_ends_the_offer_and_all_that_hung_on_it(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.signs()
    await anna.waits_until(invoice(anna).remind_at - timedelta(minutes=1))
    await has_fallen_due(anna)


@pytest.mark.parametrize("update", [Steps.void_contract, Steps.decline_contract], ids=["void", "decline"])
async def test_a_contract_taken_back_reminds_nobody(anna: OnboardingDriver, update: object) -> None:
    await anna.gets_a_contract()
    if update is Steps.void_contract:
        await anna.does(Steps.void_contract)
    else:
        await anna.does(Steps.decline_contract, CLIENT)
    await anna.waits(OFFER - timedelta(minutes=1))
    await has_fallen_due(anna)


async def test_a_new_code_has_its_own_ten_minutes(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.waits(CODE_TTL - timedelta(minutes=1))
    await anna.does(Steps.request_code)
    await anna.waits(CODE_TTL - timedelta(minutes=1))
    await has_fallen_due(anna)
    await anna.signs()


async def test_a_code_that_ran_out_is_noted_once_and_does_not_sign(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.waits(timedelta(hours=1))
    await has_fallen_due(anna, Due.CODE_EXPIRES)
    assert (await anna.is_refused(Steps.confirm_code, code="111111")).type == "otp-expired"
    await anna.does(Steps.request_code)
    await anna.signs()


async def test_a_new_version_begins_its_own_offer(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.waits(2 * OFFER / 3 + timedelta(hours=1))
    await has_fallen_due(anna, *THE_OFFER[:3])
    await anna.does(Steps.save_passport)
    await anna.does(Steps.generate_contract)
    await anna.waits(OFFER + timedelta(hours=1))
    await has_fallen_due(anna, *THE_OFFER[:3], *THE_OFFER)


async def test_an_unpaid_invoice_reminds_a_day_before_and_is_overdue_after(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.signs()
    await anna.waits(timedelta(days=10))
    await has_fallen_due(anna, Due.REMIND_OF_INVOICE, Due.INVOICE_OVERDUE)
    await anna.does(Steps.confirm_payment)
    assert await anna.ends() == "processed"


async def test_a_paid_invoice_reminds_nobody(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.signs()
    await anna.does(Steps.bill)
    paid, open_one = (one.id for one in anna.card.invoices)
    await anna.does(Steps.confirm_payment)
    await anna.waits(timedelta(days=10))
    await has_fallen_due(anna, Due.REMIND_OF_INVOICE, Due.INVOICE_OVERDUE)
    assert {call.about.subject for call in anna.card.calls if isinstance(call.about, Deadline)} == {open_one}
    assert paid != open_one


async def test_a_payment_that_came_before_the_reminder_in_the_queue_makes_it_pointless(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.signs()
    await anna.waits(timedelta(days=2))
    await anna.does(Steps.add_device)
    await anna.waits_until(invoice(anna).remind_at - timedelta(seconds=20))
    anna.card.breaks("store_contract")
    amending = await anna.is_accepted(Steps.generate_contract)
    paying = await anna.is_accepted(Steps.confirm_payment)
    await anna.waits(timedelta(seconds=30))
    anna.card.is_mended("store_contract")
    await anna.waits(timedelta(seconds=10))
    await asyncio.gather(amending.result(), paying.result())
    await has_fallen_due(anna)


async def test_a_processed_client_with_an_open_bill_is_waited_for(anna: OnboardingDriver) -> None:
    await anna.is_processed()
    await anna.does(Steps.bill)
    await anna.waits(timedelta(days=10))
    await has_fallen_due(anna, Due.REMIND_OF_INVOICE, Due.INVOICE_OVERDUE)
    assert await anna.ends() == "processed"


async def test_a_client_who_was_taken_and_left_is_offered_back_after_three_days(anna: OnboardingDriver) -> None:
    await anna.does(Steps.save_profile, MANAGER)
    await anna.waits(LEFT_AFTER - timedelta(minutes=1))
    await has_fallen_due(anna)
    await anna.waits(timedelta(minutes=2))
    await has_fallen_due(anna, Due.OFFER_BACK)
    await anna.does(Steps.save_passport, OTHER)
    assert anna.card.manager_id == OTHER.id


async def test_every_step_of_the_manager_puts_the_three_days_off(anna: OnboardingDriver) -> None:
    await anna.does(Steps.save_profile)
    for step in (Steps.save_passport, Steps.add_device, Steps.apply_tariff):
        await anna.waits(LEFT_AFTER - timedelta(hours=1))
        await anna.does(step)
    await has_fallen_due(anna)
    assert anna.card.manager_id == MANAGER.id


async def test_a_deadline_that_is_put_off_costs_no_further_timer(anna: OnboardingDriver) -> None:
    for step in (Steps.save_profile, Steps.save_passport, Steps.add_device, Steps.apply_tariff):
        await anna.does(step)
    events = await anna.events()
    assert events.count(EventType.EVENT_TYPE_TIMER_STARTED) == 1
    assert EventType.EVENT_TYPE_TIMER_CANCELED not in events


async def test_a_nearer_deadline_is_not_missed_behind_a_later_one(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.waits(CODE_TTL + timedelta(minutes=1))
    await has_fallen_due(anna, Due.CODE_EXPIRES)
    await anna.does(Steps.request_code)
    await anna.waits(CODE_TTL + timedelta(minutes=1))
    await has_fallen_due(anna, Due.CODE_EXPIRES, Due.CODE_EXPIRES)


async def test_a_released_client_is_not_offered_back_a_second_time(anna: OnboardingDriver) -> None:
    await anna.does(Steps.save_profile)
    await anna.does(Steps.release)
    await anna.waits(timedelta(days=30))
    await has_fallen_due(anna)


async def test_what_fell_due_while_no_workflow_ran_is_met_at_once_and_in_order(anna: OnboardingDriver) -> None:
    await anna.does(Steps.save_profile)
    begun = await anna.now() - timedelta(days=30)
    await anna.stops()
    code = CodeState(begun, begun + CODE_TTL, tries_left=5)
    anna.card.contracts = [
        ContractState(anna.client_id, "ЁЛ-260302-01", 1, ContractStatus.SENT, False, begun, begun + OFFER, code=code)
    ]
    await anna.begins()
    await anna.card.until(lambda: len(anna.card.fallen()) == len(THE_OFFER))
    assert anna.card.fallen() == THE_OFFER
    assert anna.card.contract is None


async def test_a_reminder_that_fails_is_tried_again_and_told_once(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    anna.card.fails("fall_due", ConnectionError("the database restarts"))
    begins, _ = offer(anna)
    await anna.waits_until(begins + CODE_TTL)
    await anna.card.tried("fall_due", 2)
    assert set(anna.card.fallen()) == {Due.CODE_EXPIRES}
    await anna.does(Steps.request_code)
    await anna.signs()


async def test_a_client_deleted_before_a_reminder_ends_the_process_without_a_failure(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    anna.card.deleted = True
    await anna.waits(CODE_TTL)
    assert await anna.ends() == "unknown client"
