"""What falls due by itself, when, and what no longer does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.clients.status import ClientStatus
from domain.contracts.status import ContractStatus
from domain.onboarding.deadline import LEFT_AFTER, Deadline, Due, deadlines, next_deadline
from domain.onboarding.process import CodeState, ContractState, InvoiceState, OnboardingState

NOON = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLIENT_ID, CONTRACT_ID, INVOICE_ID, MANAGER_ID = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)

CODE = CodeState(sent_at=NOON, expires_at=NOON + timedelta(minutes=10), tries_left=5)
CONTRACT = ContractState(
    CONTRACT_ID,
    "ЕЛ-260302-01",
    1,
    ContractStatus.SENT,
    outdated=False,
    offer_started_at=NOON,
    offer_expires_at=NOON + 72 * HOUR,
    code=CODE,
)
HELD = OnboardingState(CLIENT_ID, ClientStatus.AWAITING_CONTRACT, manager_id=MANAGER_ID, last_step_at=NOON)
OFFERED = replace(HELD, contract=CONTRACT)
INVOICE = InvoiceState(INVOICE_ID, remind_at=NOON + DAY, overdue_at=NOON + 2 * DAY, reminded=False, overdue=False)
BILLED = replace(HELD, status=ClientStatus.AWAITING_PAYMENT, invoices=(INVOICE,))


def dues(state: OnboardingState) -> dict[Due, datetime]:
    return {deadline.due: deadline.at for deadline in deadlines(state)}


def test_an_offer_reminds_the_client_at_a_third_the_manager_at_two_thirds_and_ends() -> None:
    assert dues(OFFERED) == {
        Due.CODE_EXPIRES: NOON + timedelta(minutes=10),
        Due.REMIND_CLIENT_OF_OFFER: NOON + 24 * HOUR,
        Due.REMIND_MANAGER_OF_OFFER: NOON + 48 * HOUR,
        Due.OFFER_EXPIRES: NOON + 72 * HOUR,
    }


def test_every_deadline_of_an_offer_is_about_its_contract() -> None:
    assert {deadline.subject for deadline in deadlines(OFFERED)} == {CONTRACT_ID}


@pytest.mark.parametrize(
    ("contract", "no_more"),
    [
        (replace(CONTRACT, client_reminded=True), Due.REMIND_CLIENT_OF_OFFER),
        (replace(CONTRACT, manager_reminded=True), Due.REMIND_MANAGER_OF_OFFER),
        (replace(CONTRACT, code=replace(CODE, expiry_noted=True)), Due.CODE_EXPIRES),
        (replace(CONTRACT, code=replace(CODE, used=True)), Due.CODE_EXPIRES),
        (replace(CONTRACT, code=None), Due.CODE_EXPIRES),
    ],
)
def test_what_was_done_is_not_due_again(contract: ContractState, no_more: Due) -> None:
    assert no_more not in dues(replace(HELD, contract=contract))
    assert Due.OFFER_EXPIRES in dues(replace(HELD, contract=contract))


@pytest.mark.parametrize("status", [ContractStatus.DRAFT, ContractStatus.SIGNED])
def test_only_a_contract_that_is_out_has_an_offer(status: ContractStatus) -> None:
    state = replace(HELD, status=ClientStatus.AWAITING_PAYMENT, contract=replace(CONTRACT, status=status))
    assert dues(state) == {}


@pytest.mark.parametrize(
    "timeless", [replace(CONTRACT, offer_started_at=None), replace(CONTRACT, offer_expires_at=None)]
)
def test_a_contract_without_the_times_of_its_offer_only_watches_its_code(timeless: ContractState) -> None:
    assert dues(replace(HELD, contract=timeless)) == {Due.CODE_EXPIRES: CODE.expires_at}


def test_an_outdated_offer_still_ends_and_the_manager_is_waited_for() -> None:
    state = replace(HELD, contract=replace(CONTRACT, outdated=True))
    assert dues(state)[Due.OFFER_EXPIRES] == NOON + 72 * HOUR
    assert dues(state)[Due.OFFER_BACK] == NOON + LEFT_AFTER


def test_an_invoice_is_reminded_of_and_then_overdue() -> None:
    assert dues(BILLED) == {Due.REMIND_OF_INVOICE: NOON + DAY, Due.INVOICE_OVERDUE: NOON + 2 * DAY}


def test_an_invoice_is_reminded_of_once_and_overdue_once() -> None:
    reminded = replace(BILLED, invoices=(replace(INVOICE, reminded=True),))
    assert dues(reminded) == {Due.INVOICE_OVERDUE: NOON + 2 * DAY}
    assert dues(replace(BILLED, invoices=(replace(INVOICE, overdue=True),))) == {}


def test_each_open_invoice_has_its_own_deadlines() -> None:
    second = replace(INVOICE, id=UUID(int=9), remind_at=NOON + 5 * DAY, overdue_at=NOON + 6 * DAY)
    found = sorted(deadlines(replace(BILLED, invoices=(INVOICE, second))), key=lambda deadline: deadline.at)
    assert [deadline.subject for deadline in found] == [INVOICE_ID, INVOICE_ID, second.id, second.id]


@pytest.mark.parametrize("status", [ClientStatus.NEW, ClientStatus.IN_VERIFICATION, ClientStatus.AWAITING_CONTRACT])
def test_a_client_who_was_taken_and_left_is_offered_back_after_three_days(status: ClientStatus) -> None:
    assert list(deadlines(replace(HELD, status=status))) == [Deadline(Due.OFFER_BACK, NOON + 3 * DAY, CLIENT_ID)]


@pytest.mark.parametrize(
    "state",
    [
        replace(HELD, manager_id=None),
        replace(HELD, last_step_at=None),
        replace(HELD, status=ClientStatus.AWAITING_PAYMENT),
        replace(HELD, status=ClientStatus.PROCESSED),
        OFFERED,
    ],
)
def test_nobody_is_offered_back_who_is_free_finished_or_waits_for_the_client(state: OnboardingState) -> None:
    assert Due.OFFER_BACK not in dues(state)


def test_the_timer_waits_for_the_nearest_deadline() -> None:
    assert next_deadline(OFFERED) == Deadline(Due.CODE_EXPIRES, CODE.expires_at, CONTRACT_ID)
    assert next_deadline(OnboardingState(CLIENT_ID, ClientStatus.NEW)) is None
