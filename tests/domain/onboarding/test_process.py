"""What comes next for a client, and who may do what while."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.clients.status import ClientStatus
from domain.contracts.refusals import ContractMissing, ContractOutdated, ContractSigned, NotSigned
from domain.contracts.status import ContractStatus
from domain.kernel.actor import SYSTEM, Actor, ActorKind
from domain.kernel.refusal import Refusal, WrongStep
from domain.onboarding import process as rules
from domain.onboarding.process import ContractState, InvoiceState, OnboardingState, WizardStep, next_step
from domain.onboarding.refusals import AlreadyHeld, ClientTaken, NotReady
from tests.domain.rules import passes

NOON = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLIENT_ID, CONTRACT_ID, OTHER_ID = UUID(int=1), UUID(int=2), UUID(int=3)
ANNA, BORIS = Actor(ActorKind.MANAGER, UUID(int=11)), Actor(ActorKind.MANAGER, UUID(int=12))
CLIENT = Actor(ActorKind.CLIENT, UUID(int=13))

NEW = OnboardingState(CLIENT_ID, ClientStatus.NEW)
STARTED = OnboardingState(CLIENT_ID, ClientStatus.IN_VERIFICATION, manager_id=ANNA.id)
READY = replace(STARTED, status=ClientStatus.AWAITING_CONTRACT, passport_complete=True, devices=1, tariff_applied=True)
INVOICE = InvoiceState(UUID(int=4), NOON, NOON + timedelta(days=1), reminded=False, overdue=False)


def with_contract(
    status: ContractStatus, outdated: bool = False, at: ClientStatus = ClientStatus.AWAITING_CONTRACT
) -> OnboardingState:
    contract = ContractState(CONTRACT_ID, "ЕЛ-260302-01", 1, status, outdated)
    return replace(READY, status=at, contract=contract)


DRAFTED = with_contract(ContractStatus.DRAFT)
SENT = with_contract(ContractStatus.SENT)
OUTDATED = with_contract(ContractStatus.SENT, outdated=True)
SIGNED = with_contract(ContractStatus.SIGNED, at=ClientStatus.AWAITING_PAYMENT)
PROCESSED = with_contract(ContractStatus.SIGNED, at=ClientStatus.PROCESSED)
TO_AMEND = with_contract(ContractStatus.SIGNED, outdated=True)


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (NEW, WizardStep.PROFILE),
        (replace(READY, status=ClientStatus.NEW), WizardStep.PROFILE),
        (STARTED, WizardStep.PASSPORT),
        (replace(READY, passport_complete=False), WizardStep.PASSPORT),
        (replace(STARTED, passport_complete=True), WizardStep.DEVICES),
        (replace(STARTED, passport_complete=True, devices=1), WizardStep.TARIFF),
        (READY, WizardStep.CONTRACT),
        (replace(READY, devices=0), WizardStep.CONTRACT),
        (DRAFTED, WizardStep.CONTRACT),
        (SENT, WizardStep.SIGNATURE),
        (OUTDATED, WizardStep.CONTRACT),
        (SIGNED, WizardStep.PAYMENT),
        (TO_AMEND, WizardStep.CONTRACT),
        (PROCESSED, WizardStep.DONE),
    ],
)
def test_the_wizard_opens_at_the_first_thing_that_is_missing(state: OnboardingState, step: WizardStep) -> None:
    assert next_step(state) is step


@pytest.mark.parametrize(
    ("state", "signed", "out"),
    [
        (READY, False, False),
        (DRAFTED, False, False),
        (SENT, False, True),
        (OUTDATED, False, False),
        (SIGNED, True, False),
    ],
)
def test_a_contract_is_out_for_signature_from_its_sending_until_it_is_signed_or_outdated(
    state: OnboardingState, signed: bool, out: bool
) -> None:
    assert (state.signed, state.out_for_signature) == (signed, out)


@pytest.mark.parametrize("actor", [ANNA, CLIENT, SYSTEM])
def test_the_holder_the_client_and_a_timer_may_write(actor: Actor) -> None:
    assert passes(rules.may_write, STARTED, actor)


def test_a_free_client_may_be_taken_by_any_manager() -> None:
    assert passes(rules.may_write, NEW, BORIS)


EVERY_WRITE: list[Callable[[OnboardingState, Actor], None]] = [
    rules.may_write,
    rules.may_generate,
    rules.may_request_code,
    rules.may_sign,
    rules.may_void,
    rules.may_confirm_payment,
    rules.may_release,
]


@pytest.mark.parametrize("may", EVERY_WRITE)
def test_another_managers_write_is_refused_whatever_it_is(may: Callable[[OnboardingState, Actor], None]) -> None:
    with pytest.raises(ClientTaken):
        may(SENT, BORIS)


@pytest.mark.parametrize(
    ("state", "missing"),
    [
        (NEW, ["profile"]),
        (replace(READY, status=ClientStatus.NEW), ["profile"]),
        (STARTED, ["passport", "tariff"]),
        (replace(READY, passport_complete=False), ["passport"]),
        (replace(READY, tariff_applied=False), ["tariff"]),
    ],
)
def test_a_contract_needs_profile_passport_and_tariff(state: OnboardingState, missing: list[str]) -> None:
    with pytest.raises(NotReady) as refused:
        rules.may_generate(state, ANNA)
    assert refused.value.extra == {"missing": missing}


@pytest.mark.parametrize("state", [READY, SENT, OUTDATED, SIGNED, TO_AMEND, PROCESSED])
def test_a_complete_card_may_always_ask_for_its_contract(state: OnboardingState) -> None:
    assert passes(rules.may_generate, state, ANNA)


def test_what_is_missing_is_named_in_russian() -> None:
    with pytest.raises(NotReady, match="заполните: паспортные данные, тариф"):
        rules.may_generate(STARTED, ANNA)


@pytest.mark.parametrize("may", [rules.may_sign, rules.may_request_code])
@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (READY, ContractMissing),
        (DRAFTED, ContractMissing),
        (OUTDATED, ContractOutdated),
        (SIGNED, ContractSigned),
        (TO_AMEND, ContractSigned),
    ],
)
def test_a_code_is_for_the_one_contract_that_is_out_and_up_to_date(
    may: Callable[[OnboardingState, Actor], None], state: OnboardingState, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        may(state, CLIENT)


@pytest.mark.parametrize("actor", [ANNA, CLIENT])
def test_a_contract_that_is_out_may_be_signed_in_both_channels(actor: Actor) -> None:
    assert passes(rules.may_request_code, SENT, actor)
    assert passes(rules.may_sign, SENT, actor)
    assert passes(rules.may_sign, SENT, actor, CONTRACT_ID)


def test_an_older_version_is_not_signed_in_place_of_the_newest() -> None:
    with pytest.raises(ContractMissing):
        rules.may_sign(SENT, CLIENT, OTHER_ID)
    with pytest.raises(ContractMissing):
        rules.may_void(SENT, CLIENT, OTHER_ID)


@pytest.mark.parametrize("state", [DRAFTED, SENT, OUTDATED])
def test_what_is_not_signed_may_be_void(state: OnboardingState) -> None:
    assert passes(rules.may_void, state, ANNA)
    assert passes(rules.may_void, state, CLIENT, CONTRACT_ID)


@pytest.mark.parametrize(("state", "refusal"), [(READY, ContractMissing), (SIGNED, ContractSigned)])
def test_nothing_and_what_is_signed_cannot_be_void(state: OnboardingState, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        rules.may_void(state, ANNA)


@pytest.mark.parametrize("state", [NEW, READY, SENT])
def test_money_is_not_confirmed_before_the_signature(state: OnboardingState) -> None:
    with pytest.raises(NotSigned):
        rules.may_confirm_payment(state, ANNA)


@pytest.mark.parametrize("state", [SIGNED, TO_AMEND, PROCESSED, replace(SENT, invoices=(INVOICE,))])
def test_money_is_confirmed_after_a_signature_also_while_an_amendment_is_out(state: OnboardingState) -> None:
    assert passes(rules.may_confirm_payment, state, ANNA)


def test_only_the_holder_gives_an_unfinished_client_back() -> None:
    rules.may_release(STARTED, ANNA)
    with pytest.raises(AlreadyHeld):
        rules.may_release(NEW, ANNA)
    with pytest.raises(WrongStep):
        rules.may_release(PROCESSED, ANNA)


def test_any_manager_but_the_holder_may_take_a_client_over_a_free_one_too() -> None:
    rules.may_take_over(STARTED, BORIS)
    rules.may_take_over(NEW, BORIS)
    with pytest.raises(AlreadyHeld):
        rules.may_take_over(STARTED, ANNA)
