"""A client goes from registration to «processed», one step at a time and each step once."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from temporalio.activity import _Definition as ActivityDefinition
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus

from activities.billing.invoice import InvoiceActivities
from activities.billing.payment import PaymentActivities
from activities.contracts.certificate import CertificateActivities
from activities.contracts.code import CodeActivities
from activities.contracts.contract import ContractActivities, RenderingActivities
from activities.contracts.sealing import SealingActivities
from activities.contracts.signature import SignatureActivities
from activities.deliveries.deliver import DeliveryActivities
from activities.deliveries.starts import DeliveryStarts
from activities.onboarding.card import OnboardingActivities
from activities.onboarding.deadline import DeadlineActivities
from activities.onboarding.device import DeviceActivities
from activities.onboarding.passport import PassportActivities
from activities.onboarding.photo import PhotoActivities
from activities.onboarding.tariff import TariffActivities
from activities.operations.adoption import AdoptionActivities
from activities.operations.upkeep import UpkeepActivities
from domain.clients.status import ClientStatus
from domain.contracts.status import ContractStatus
from domain.kernel.actor import Actor
from tests.workflows.fake_onboarding import FakeCore, FakeDocuments, FakeSealing
from tests.workflows.onboarding_driver import CLIENT, MANAGER, OTHER, OnboardingDriver, Update
from worker.subject import activities_of
from workflows.onboarding.workflow import OnboardingWorkflow as Steps

REAL = (
    *(AdoptionActivities, CertificateActivities, ContractActivities, DeadlineActivities, DeviceActivities),
    *(InvoiceActivities, OnboardingActivities, CodeActivities, PassportActivities, PaymentActivities),
    *(SignatureActivities, PhotoActivities, RenderingActivities, TariffActivities, UpkeepActivities),
    *(DeliveryActivities, DeliveryStarts),
    *(SealingActivities,),
)

ROW_WRITES = (
    (Steps.save_profile, MANAGER, "save_profile"),
    (Steps.save_passport, MANAGER, "save_passport"),
    (Steps.attach_passport_photo, MANAGER, "record_passport_photo"),
    (Steps.remove_passport_photo, MANAGER, "remove_passport_photo"),
    (Steps.add_device, MANAGER, "add_device"),
    (Steps.change_device, MANAGER, "change_device"),
    (Steps.remove_device, MANAGER, "remove_device"),
    (Steps.attach_device_photo, MANAGER, "record_device_photo"),
    (Steps.remove_device_photo, MANAGER, "remove_device_photo"),
    (Steps.apply_tariff, MANAGER, "apply_tariff"),
    (Steps.generate_contract, MANAGER, "draft_contract"),
    (Steps.request_code, MANAGER, "request_code"),
    (Steps.agree, CLIENT, "agree"),
    (Steps.confirm_code, MANAGER, "sign_contract"),
    (Steps.sign_contract, CLIENT, "sign_contract"),
    (Steps.void_contract, MANAGER, "void_contract"),
    (Steps.decline_contract, CLIENT, "decline_contract"),
    (Steps.confirm_payment, MANAGER, "confirm_payment"),
    (Steps.bill, MANAGER, "bill"),
    (Steps.release, MANAGER, "release_client"),
    (Steps.take_over, OTHER, "take_over_client"),
)


def _signatures(families: Any) -> dict[str, object]:
    """By name: types of arguments and of the answer."""
    methods: list[Callable[..., Any]] = [method for family in families for method in activities_of(family)]
    found: dict[str, object] = {}
    for method in methods:
        definition = ActivityDefinition.must_from_callable(method)
        # On a class `self` is still among the arguments.
        types = [one for one in definition.arg_types or [] if one is not None]
        found[str(definition.name)] = (types, definition.ret_type)
    return found


def test_the_fakes_are_asked_and_answer_as_the_real_activities() -> None:
    real = _signatures(object.__new__(family) for family in REAL)
    assert _signatures([object.__new__(FakeCore), object.__new__(FakeDocuments), object.__new__(FakeSealing)]) == real


def test_every_update_is_proved_here() -> None:
    updates = {name for name in vars(Steps) if hasattr(getattr(Steps, name), "_defn")}
    assert {update._defn.name for update, *_ in ROW_WRITES} == updates


async def test_a_registered_client_waits_for_somebody_and_has_no_timer(anna: OnboardingDriver) -> None:
    assert EventType.EVENT_TYPE_TIMER_STARTED not in await anna.events()
    assert (await anna.handle.describe()).status is WorkflowExecutionStatus.RUNNING
    assert anna.card.names() == ["load_onboarding"]


async def test_a_client_goes_from_registration_to_processed(anna: OnboardingDriver) -> None:
    await anna.fills_the_card()
    assert anna.status() is ClientStatus.AWAITING_CONTRACT
    made = await anna.does(Steps.generate_contract)
    assert anna.card.contract is not None
    assert (made.sent, made.contract_id) == (True, anna.card.contract.id)
    assert anna.card.contract.status is ContractStatus.SENT
    await anna.signs()
    assert anna.status() is ClientStatus.AWAITING_PAYMENT
    await anna.does(Steps.confirm_payment)
    assert await anna.ends() == "processed"
    assert sorted(anna.card.names()) == sorted(
        [
            *("load_onboarding", "save_profile", "save_passport", "add_device", "apply_tariff"),
            *("draft_contract", "store_contract", "send_contract", "sign_contract"),
            *("seal_trace", "certify_signature", "confirm_payment"),
        ]
    )


async def test_the_pdf_is_stored_before_the_contract_is_sent(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    assert anna.card.names()[-3:] == ["draft_contract", "store_contract", "send_contract"]


async def test_a_contract_that_nothing_changed_is_neither_rendered_nor_sent_again(anna: OnboardingDriver) -> None:
    made = await anna.gets_a_contract()
    again = await anna.does(Steps.generate_contract)
    assert (again.contract_id, again.sent) == (made.contract_id, None)
    assert anna.card.names().count("store_contract") == anna.card.names().count("send_contract") == 1


async def test_nothing_to_pay_is_processed_at_the_signature(anna: OnboardingDriver) -> None:
    anna.card.fee = 0
    await anna.gets_a_contract()
    await anna.signs()
    assert await anna.ends() == "processed"


async def test_a_step_after_the_end_begins_the_workflow_again_from_the_rows(anna: OnboardingDriver) -> None:
    await anna.is_processed()
    before = (await anna.handle.describe()).run_id
    await anna.does(Steps.add_device)
    assert (await anna.handle.describe()).run_id != before
    assert anna.status() is ClientStatus.AWAITING_CONTRACT
    made = await anna.does(Steps.generate_contract)
    assert made.sent
    assert [one.version for one in anna.card.contracts] == [1, 2]
    await anna.signs()
    await anna.does(Steps.confirm_payment)
    assert await anna.ends() == "processed"
    assert anna.card.names().count("load_onboarding") == 2


async def test_a_client_nobody_knows_is_not_found_and_leaves_no_workflow(server: Any) -> None:
    nobody = OnboardingDriver(server, "nobody")
    nobody.card.deleted = True
    said = await nobody.is_refused(Steps.save_profile)
    assert said.type == "not-found"
    assert await nobody.ends() == "unknown client"


async def test_a_step_that_comes_before_the_rows_are_loaded_waits_for_them(server: Any) -> None:
    early = OnboardingDriver(server, "early bird")
    loaded = early.card.holds("load_onboarding")
    step = asyncio.create_task(early.does(Steps.save_profile))
    await early.card.tried("load_onboarding")
    assert early.card.names() == ["load_onboarding"]
    loaded.set()
    await step
    assert early.card.names() == ["load_onboarding", "save_profile"]
    events = await early.events()
    accepted = events.index(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED)
    assert accepted < events.index(EventType.EVENT_TYPE_MARKER_RECORDED)
    await early.stops()


async def test_what_came_before_the_rows_were_loaded_is_still_asked_the_rule(server: Any) -> None:
    early = OnboardingDriver(server, "held in the rows")
    early.card.manager_id = MANAGER.id
    said = await early.is_refused(Steps.save_profile, OTHER)
    assert said.type == "client-taken"
    assert early.card.names() == ["load_onboarding"]
    await early.stops()


@pytest.mark.parametrize(
    ("update", "actor", "effect"), ROW_WRITES, ids=[update._defn.name for update, *_ in ROW_WRITES]
)
async def test_every_step_waits_until_the_one_before_it_is_done(
    anna: OnboardingDriver, update: Update, actor: Actor, effect: str
) -> None:
    await anna.gets_a_contract()
    await anna.does(Steps.bill)
    contract = anna.card.contract
    assert contract is not None
    assert contract.code is not None
    code_noted = anna.card.holds("fall_due")
    await anna.waits_until(contract.code.expires_at)
    await anna.card.tried("fall_due")
    before = anna.card.names()
    asked = await anna.is_accepted(update, actor, code="000000")
    assert anna.card.names()[len(before) :] in ([], ["accept_photo"])
    code_noted.set()
    await anna.card.tried(effect, before.count(effect) + 1)
    await asyncio.gather(asked.result(), return_exceptions=True)


async def test_a_passing_fault_of_the_database_delays_a_step_and_does_not_fail_it(anna: OnboardingDriver) -> None:
    anna.card.fails("save_profile", ConnectionError("the database restarts"), ConnectionError("still"))
    await anna.does(Steps.save_profile)
    assert anna.card.names().count("save_profile") == 3
    assert anna.status() is ClientStatus.IN_VERIFICATION


async def test_a_passing_fault_of_the_store_delays_a_contract_and_does_not_fail_it(anna: OnboardingDriver) -> None:
    anna.card.fails("store_contract", ConnectionError("the store restarts"))
    assert (await anna.gets_a_contract()).sent
    assert anna.card.names().count("store_contract") == 2


async def test_thirty_identical_requests_at_once_have_one_effect_and_one_answer(anna: OnboardingDriver) -> None:
    await anna.fills_the_card()
    draft = anna.draft()
    answers = await asyncio.gather(*(anna.does(Steps.generate_contract, draft=draft) for _ in range(30)))
    assert len(set(answers)) == 1
    assert anna.card.names().count("draft_contract") == anna.card.names().count("send_contract") == 1


async def test_a_repeat_after_the_workflow_ended_answers_the_same_and_changes_nothing(anna: OnboardingDriver) -> None:
    await anna.gets_a_contract()
    await anna.signs()
    draft = anna.draft()
    first = await anna.does(Steps.confirm_payment, draft=draft)
    await anna.ends()
    assert await anna.does(Steps.confirm_payment, draft=draft) == first
    assert await anna.ends() == "processed"


async def test_thirty_different_requests_at_once_are_all_done(anna: OnboardingDriver) -> None:
    await asyncio.gather(*(anna.does(Steps.add_device) for _ in range(30)))
    assert anna.card.devices == 30
