"""A «no» reaches the caller whole, leaves no trace where a rule said it, and never ends a client's process."""

import asyncio

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus
from temporalio.exceptions import ApplicationErrorCategory

from activities.clients.command import ClientOutcome
from domain.contracts.refusals import Unprintable
from domain.kernel.actor import Actor
from domain.kernel.refusal import PhotoRejected
from domain.onboarding.refusals import NotReady, PassportDuplicate
from tests.workflows.onboarding_driver import CLIENT, MANAGER, OTHER, OnboardingDriver, Update, refusal_in
from workflows.onboarding.workflow import OnboardingWorkflow as Steps

BY_RULE = (
    (Steps.save_profile, OTHER, "client-taken"),
    (Steps.save_passport, OTHER, "client-taken"),
    (Steps.attach_passport_photo, OTHER, "client-taken"),
    (Steps.remove_passport_photo, OTHER, "client-taken"),
    (Steps.add_device, OTHER, "client-taken"),
    (Steps.change_device, OTHER, "client-taken"),
    (Steps.remove_device, OTHER, "client-taken"),
    (Steps.attach_device_photo, OTHER, "client-taken"),
    (Steps.remove_device_photo, OTHER, "client-taken"),
    (Steps.apply_tariff, OTHER, "client-taken"),
    (Steps.generate_contract, MANAGER, "not-ready"),
    (Steps.request_code, MANAGER, "contract-missing"),
    (Steps.agree, OTHER, "client-taken"),
    (Steps.confirm_code, MANAGER, "contract-missing"),
    (Steps.sign_contract, CLIENT, "contract-missing"),
    (Steps.void_contract, MANAGER, "contract-missing"),
    (Steps.decline_contract, CLIENT, "contract-missing"),
    (Steps.confirm_payment, MANAGER, "not-signed"),
    (Steps.bill, OTHER, "client-taken"),
    (Steps.release, OTHER, "client-taken"),
    (Steps.take_over, MANAGER, "already-so"),
)
NAMES = [update._defn.name for update, *_ in BY_RULE]


def test_every_update_has_a_rule_that_is_proved_here() -> None:
    assert set(NAMES) == {name for name in vars(Steps) if hasattr(getattr(Steps, name), "_defn")}


@pytest.mark.parametrize(("update", "actor", "code"), BY_RULE, ids=NAMES)
async def test_what_a_rule_refuses_leaves_nothing_in_the_history(
    anna: OnboardingDriver, update: Update, actor: Actor, code: str
) -> None:
    await anna.does(Steps.save_profile)
    before, called = await anna.events(), anna.card.names()
    said = await anna.is_refused(update, actor)
    assert said.type == code
    assert await anna.events() == before
    assert anna.card.names() == called


@pytest.mark.parametrize(("update", "actor", "code"), BY_RULE, ids=NAMES)
async def test_the_rule_is_asked_again_when_the_rows_were_not_there_at_first(
    anna: OnboardingDriver, update: Update, actor: Actor, code: str
) -> None:
    await anna.does(Steps.save_profile)
    await anna.stops()
    loaded = anna.card.holds("load_onboarding")
    called = anna.card.names()
    asked = asyncio.create_task(anna.is_refused(update, actor))
    await anna.card.tried("load_onboarding", 2)
    loaded.set()
    assert (await asked).type == code
    assert anna.card.names() == [*called, "load_onboarding"]
    assert EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED in await anna.events()


async def test_a_refusal_says_what_is_missing_and_raises_no_alarm(anna: OnboardingDriver) -> None:
    await anna.does(Steps.save_profile)
    said = await anna.is_refused(Steps.generate_contract)
    assert said.message == "Чтобы сформировать договор, заполните: паспортные данные, тариф."
    assert said.details == ({"missing": ["passport", "tariff"]},)
    assert said.non_retryable
    assert said.category is ApplicationErrorCategory.BENIGN


async def test_of_two_managers_at_once_one_takes_the_client_and_the_other_hears_so(anna: OnboardingDriver) -> None:
    answers = await asyncio.gather(
        anna.does(Steps.save_profile, MANAGER), anna.does(Steps.save_profile, OTHER), return_exceptions=True
    )
    refused = [refusal_in(answer).type for answer in answers if isinstance(answer, BaseException)]
    assert refused == ["client-taken"]
    winner = MANAGER if isinstance(answers[0], ClientOutcome) else OTHER
    assert anna.card.manager_id == winner.id
    assert anna.card.names().count("save_profile") == 1


async def test_a_released_client_is_taken_by_whoever_comes_next(anna: OnboardingDriver) -> None:
    await anna.does(Steps.save_profile, MANAGER)
    await anna.does(Steps.release, MANAGER)
    await anna.does(Steps.save_passport, OTHER)
    assert anna.card.manager_id == OTHER.id


async def test_a_manager_who_takes_a_client_over_holds_him_from_then_on(anna: OnboardingDriver) -> None:
    await anna.does(Steps.save_profile, MANAGER)
    await anna.does(Steps.take_over, OTHER)
    assert (await anna.is_refused(Steps.save_passport, MANAGER)).type == "client-taken"
    await anna.does(Steps.save_passport, OTHER)


async def test_a_wrong_code_is_counted_and_the_caller_hears_how_many_tries_are_left(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    wrong = [await anna.is_refused(Steps.confirm_code, code="000000") for _ in range(2)]
    assert [one.type for one in wrong] == ["otp-invalid", "otp-invalid"]
    assert [one.details for one in wrong] == [({"tries_left": 4},), ({"tries_left": 3},)]
    assert anna.card.names().count("sign_contract") == 2


async def test_a_refused_step_is_told_once_more_to_who_repeats_it(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    draft = anna.draft(code="000000")
    said = [await anna.is_refused(Steps.confirm_code, draft=draft) for _ in range(2)]
    assert [(one.type, one.message) for one in said] == [("otp-invalid", "Код не подходит.")] * 2
    assert anna.card.names().count("sign_contract") == 1


async def test_a_refusal_of_the_rows_does_not_end_the_process(anna: OnboardingDriver) -> None:
    anna.card.fails("save_passport", PassportDuplicate("Паспорт уже записан у другого клиента."))
    said = await anna.is_refused(Steps.save_passport)
    assert (said.type, said.message) == ("passport-duplicate", "Паспорт уже записан у другого клиента.")
    assert anna.card.names().count("save_passport") == 1
    assert (await anna.handle.describe()).status is WorkflowExecutionStatus.RUNNING
    await anna.does(Steps.save_passport)
    assert anna.card.passport


async def test_a_refusal_of_the_rendering_reaches_the_caller_and_sends_nothing(anna: OnboardingDriver) -> None:
    await anna.fills_the_card()
    anna.card.fails("store_contract", Unprintable("Устройство 2, описание: символ «🎮» нельзя напечатать."))
    said = await anna.is_refused(Steps.generate_contract)
    assert (said.type, said.message) == (
        "contract-unprintable",
        "Устройство 2, описание: символ «🎮» нельзя напечатать.",
    )
    assert anna.card.names().count("store_contract") == 1
    assert "send_contract" not in anna.card.names()
    await anna.does(Steps.generate_contract)
    assert anna.card.names()[-2:] == ["store_contract", "send_contract"]


async def test_a_refused_photo_says_why_and_is_not_recorded(anna: OnboardingDriver) -> None:
    anna.card.fails("accept_photo", PhotoRejected("Это не фотография.", reason="not-an-image"))
    said = await anna.is_refused(Steps.attach_passport_photo)
    assert (said.type, said.message, said.details) == (
        "photo-rejected",
        "Это не фотография.",
        ({"reason": "not-an-image"},),
    )
    assert "record_passport_photo" not in anna.card.names()


@pytest.mark.parametrize("effect", ["draft_contract", "store_contract", "send_contract"])
async def test_a_contract_refused_half_way_may_be_asked_for_again(anna: OnboardingDriver, effect: str) -> None:
    await anna.fills_the_card()
    anna.card.fails(effect, NotReady("Данные изменились.", missing=["passport"]))
    said = await anna.is_refused(Steps.generate_contract)
    assert (said.type, said.details) == ("not-ready", ({"missing": ["passport"]},))
    assert "**Можно формировать договор**" in await anna.details()
    assert "Выполняется" not in await anna.details()
    assert (await anna.does(Steps.generate_contract)).sent


async def test_a_contract_that_was_changed_cannot_be_signed_until_it_is_made_anew(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.does(Steps.save_passport)
    assert (await anna.is_refused(Steps.confirm_code, code="111111")).type == "contract-outdated"
    again = await anna.does(Steps.generate_contract)
    assert again.sent
    assert anna.card.contract is not None
    assert anna.card.contract.version == 2
    await anna.signs()


async def test_a_signed_contract_is_neither_signed_nor_voided_again(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.signs()
    for update in (Steps.confirm_code, Steps.request_code, Steps.void_contract):
        assert (await anna.is_refused(update)).type == "contract-signed"


async def test_the_client_asks_signs_and_declines_only_for_the_contract_that_he_sees(anna: OnboardingDriver) -> None:
    made = await anna.gets_a_contract()
    for update in (Steps.request_code, Steps.sign_contract, Steps.decline_contract):
        assert (await anna.is_refused(update, CLIENT, contract=anna.client_id)).type == "contract-missing"
    await anna.does(Steps.decline_contract, CLIENT, contract=made.contract_id)
    assert anna.card.contract is None


async def test_a_step_for_a_client_deleted_meanwhile_finds_nobody(anna: OnboardingDriver) -> None:
    await anna.does(Steps.save_profile)
    anna.card.deleted = True
    assert (await anna.is_refused(Steps.save_passport)).type == "not-found"
