"""A client goes from registration to «processed», one step at a time."""

import asyncio
from uuid import uuid5

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus

from domain.onboarding import ContractStatus, Status
from tests.workflows.fakes import FakeCore, FakeDocuments
from tests.workflows.onboarding import CLIENT, MANAGER, OTHER, Onboarding
from worker.parts import activities_of
from workflows.onboarding import OnboardingWorkflow as Steps


async def test_a_registered_client_waits_for_somebody_and_has_no_timer(anna: Onboarding) -> None:
    kinds = {event.event_type for event in (await anna.history()).events}
    assert EventType.EVENT_TYPE_TIMER_STARTED not in kinds
    assert (await anna.handle.describe()).status is WorkflowExecutionStatus.RUNNING
    assert anna.card.names() == ["load_onboarding"]


async def test_a_client_goes_from_registration_to_processed(anna: Onboarding) -> None:
    await anna.fills_the_card()
    assert anna.card.status is Status.AWAITING_CONTRACT
    made = await anna.does(Steps.generate_contract)
    assert anna.card.contract is not None
    assert (made.sent, made.contract_id) == (True, anna.card.contract.id)
    assert anna.card.contract.status is ContractStatus.SENT
    await anna.signs()
    assert anna.card.status is Status.AWAITING_PAYMENT
    await anna.does(Steps.confirm_payment)
    assert await anna.ends() == "processed"
    assert sorted(anna.card.names()) == sorted(
        [
            *("load_onboarding", "save_profile", "save_passport", "add_device", "apply_tariff"),
            *("draft_contract", "store_contract", "send_contract", "sign_contract"),
            *("certify_signature", "confirm_payment"),
        ]
    )


async def test_the_pdf_is_stored_before_the_contract_is_sent(anna: Onboarding) -> None:
    await anna.gets_a_contract()
    assert anna.card.names()[-3:] == ["draft_contract", "store_contract", "send_contract"]
