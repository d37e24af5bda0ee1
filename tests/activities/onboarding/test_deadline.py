"""What falls due while nobody does anything: each effect once, however often and however late its timer comes."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.clients.status import ClientStatus
from domain.contracts.status import ContractStatus
from domain.kernel.actor import SYSTEM
from domain.kernel.refusal import NotFound
from domain.onboarding.deadline import LEFT_AFTER, Deadline, Due, next_deadline
from models import Code, Contract, ManagerMessage
from models.billing.invoice import InvoiceStatus
from models.contracts.contract import REASON
from models.kernel.columns import unseal
from tests.activities.deadlines import changes_nothing, deadline, meets, notices
from tests.onboarding_setup import CODE, DEVICE, OFFER, PROFILE, OnboardingSetup, another_manager, as_client

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


# The code.


@pytest.mark.parametrize("late", [timedelta(), 3 * DAY])
async def test_an_expired_code_is_noted_once(onboarding: OnboardingSetup, late: timedelta) -> None:
    client = await onboarding.offered()
    await meets(onboarding, client, Due.CODE_EXPIRES, late)
    assert (await onboarding.verbs(client))[-1] == "code-expired"
    assert (await onboarding.events(client))[-1].actor_kind is SYSTEM.kind


async def test_the_end_of_an_older_code_says_nothing_about_the_newer_one(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    older = await deadline(onboarding, client, Due.CODE_EXPIRES)
    onboarding.clock.advance(MINUTE)
    await onboarding.do(onboarding.codes.request_code, client)
    onboarding.clock.now = older.at
    await changes_nothing(onboarding, client, older)


async def test_a_code_that_was_used_in_time_does_not_expire(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    coming = await deadline(onboarding, client, Due.CODE_EXPIRES)
    await onboarding.sign(client)
    onboarding.clock.now = coming.at
    await changes_nothing(onboarding, client, coming)


async def test_a_contract_without_a_code_has_none_that_expires(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    await onboarding.do(onboarding.contracts.draft_contract, client)
    contract = await onboarding.contract(client)
    await changes_nothing(onboarding, client, Deadline(Due.CODE_EXPIRES, onboarding.clock(), contract.id))


# The offer.


async def test_at_a_third_of_the_offer_the_client_is_reminded_in_his_ticket(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    coming = await meets(onboarding, client, Due.REMIND_CLIENT_OF_OFFER)
    contract = await onboarding.contract(client)
    assert contract.client_reminded_at == coming.at
    words = f"Договор {contract.number} ждёт вашей подписи. Подписать его можно в приложении."
    assert (await onboarding.messages(client))[-1] == words
    assert (await onboarding.verbs(client))[-1] == "client-reminded"


async def test_a_client_is_not_reminded_of_a_contract_that_is_outdated(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    await meets(onboarding, client, Due.REMIND_CLIENT_OF_OFFER)
    assert len(await onboarding.messages(client)) == 1
    assert "client-reminded" not in await onboarding.verbs(client)


async def test_a_client_is_not_reminded_of_an_offer_that_has_ended(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await meets(onboarding, client, Due.REMIND_CLIENT_OF_OFFER, late=OFFER)
    await meets(onboarding, client, Due.REMIND_MANAGER_OF_OFFER, late=OFFER)
    assert len(await onboarding.messages(client)) == 1
    assert await notices(onboarding) == []


async def test_at_two_thirds_of_the_offer_the_manager_is_reminded(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    coming = await meets(onboarding, client, Due.REMIND_MANAGER_OF_OFFER)
    contract = await onboarding.contract(client)
    assert contract.manager_reminded_at == coming.at
    assert await notices(onboarding) == [
        f"Клиент ещё не подписал договор {contract.number}. Свяжитесь с ним: скоро срок предложения истечёт."
    ]
    assert len(await onboarding.messages(client)) == 1


async def test_at_its_end_the_offer_is_void_and_both_are_told(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    contract = await onboarding.contract(client)
    coming = await meets(onboarding, client, Due.OFFER_EXPIRES)
    row = await onboarding.row(Contract, contract.id)
    assert (row.status, row.voided_at) == (ContractStatus.VOID, coming.at)
    assert unseal(onboarding.keyring, REASON, row.void_reason or b"") == "Истёк срок предложения"
    lapsed = f"Срок подписания договора {contract.number} истёк. Для нового договора обратитесь к менеджеру."
    assert lapsed in await onboarding.messages(client)
    assert await notices(onboarding) == [f"Договор {contract.number} не подписан в срок и аннулирован."]


async def test_after_the_end_of_the_offer_the_manager_has_three_days(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    coming = await meets(onboarding, client, Due.OFFER_EXPIRES)
    state = await onboarding.state(client)
    assert state.status is ClientStatus.AWAITING_CONTRACT
    assert next_deadline(state) == Deadline(Due.OFFER_BACK, coming.at + LEFT_AFTER, client.id)


@pytest.mark.parametrize("due", [Due.REMIND_CLIENT_OF_OFFER, Due.REMIND_MANAGER_OF_OFFER, Due.OFFER_EXPIRES])
async def test_a_signed_contract_is_neither_reminded_of_nor_void(onboarding: OnboardingSetup, due: Due) -> None:
    client = await onboarding.offered()
    coming = await deadline(onboarding, client, due)
    await onboarding.sign(client)
    onboarding.clock.now = coming.at
    await changes_nothing(onboarding, client, coming)


@pytest.mark.parametrize("due", [Due.REMIND_CLIENT_OF_OFFER, Due.REMIND_MANAGER_OF_OFFER, Due.OFFER_EXPIRES])
async def test_a_void_contract_is_neither_reminded_of_nor_void_again(onboarding: OnboardingSetup, due: Due) -> None:
    client = await onboarding.offered()
    coming = await deadline(onboarding, client, due)
    await onboarding.do(onboarding.contracts.void_contract, client, {"reason": "Ошибка"})
    onboarding.clock.now = coming.at
    await changes_nothing(onboarding, client, coming)


async def test_the_end_of_an_amendments_offer_keeps_what_was_signed(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    await onboarding.generate(client)
    await meets(onboarding, client, Due.OFFER_EXPIRES)
    statuses = [contract.status for contract in await onboarding.versions(client)]
    assert statuses == [ContractStatus.SIGNED, ContractStatus.VOID]
    assert (await onboarding.state(client)).status is ClientStatus.AWAITING_CONTRACT


# A client who was taken and left.


async def test_a_client_left_for_three_days_is_offered_back_and_the_manager_knows(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    last_step = onboarding.clock()
    coming = await meets(onboarding, client, Due.OFFER_BACK)
    assert coming.at == last_step + 3 * DAY
    card = await onboarding.card(client)
    assert (card.assigned_manager_id, card.last_step_at) == (None, None)
    [notice] = await onboarding.rows(ManagerMessage)
    assert notice.body == "Три дня с клиентом ничего не происходило. Он возвращён в «Новые»."
    assert notice.manager_id == onboarding.manager.id


async def test_a_client_who_was_only_taken_and_then_left_is_offered_back_too(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.do(onboarding.cards.take_over_client, client, {"reason": "Мой клиент"})
    await meets(onboarding, client, Due.OFFER_BACK)
    assert (await onboarding.card(client)).assigned_manager_id is None


async def test_a_step_at_the_last_moment_keeps_the_client(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    coming = await deadline(onboarding, client, Due.OFFER_BACK)
    onboarding.clock.now = coming.at - MINUTE
    await onboarding.do(onboarding.cards.save_profile, client, PROFILE)
    onboarding.clock.now = coming.at
    await changes_nothing(onboarding, client, coming)


async def test_a_client_offered_back_and_taken_again_is_kept_by_the_next_one(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    coming = await meets(onboarding, client, Due.OFFER_BACK)
    await onboarding.do(onboarding.cards.save_profile, client, PROFILE, await another_manager(onboarding))
    await changes_nothing(onboarding, client, coming)


async def test_a_client_given_back_is_not_offered_back(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    coming = await deadline(onboarding, client, Due.OFFER_BACK)
    await onboarding.do(onboarding.cards.release_client, client)
    onboarding.clock.now = coming.at
    await changes_nothing(onboarding, client, coming)


async def test_a_client_who_has_a_contract_before_him_is_not_offered_back(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    coming = await deadline(onboarding, client, Due.OFFER_BACK)
    await onboarding.generate(client)
    onboarding.clock.now = coming.at
    await changes_nothing(onboarding, client, coming)


# All of it.


async def test_a_client_left_alone_goes_through_all_deadlines_and_then_nothing_is_due(
    onboarding: OnboardingSetup,
) -> None:
    client = await onboarding.offered()
    seen: list[Due] = []
    while (coming := next_deadline(await onboarding.state(client))) is not None:
        seen.append(coming.due)
        onboarding.clock.now = coming.at
        await onboarding.due.fall_due(client.id, coming)
    assert seen == [
        Due.CODE_EXPIRES,
        Due.REMIND_CLIENT_OF_OFFER,
        Due.REMIND_MANAGER_OF_OFFER,
        Due.OFFER_EXPIRES,
        Due.OFFER_BACK,
    ]


async def test_a_worker_that_slept_for_a_month_catches_up_one_by_one(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    await onboarding.generate(client)
    onboarding.clock.advance(30 * DAY)
    done = 0
    while (coming := next_deadline(await onboarding.state(client))) is not None and coming.at <= onboarding.clock():
        await onboarding.due.fall_due(client.id, coming)
        done += 1
    assert done == 6
    assert len(await onboarding.rows(Code)) == 2
    assert [invoice.status for invoice in await onboarding.bills(client)] == [InvoiceStatus.OVERDUE]


async def test_a_deadline_of_nobody_is_refused(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    with pytest.raises(NotFound):
        await onboarding.due.fall_due(UUID(int=1), await deadline(onboarding, client, Due.OFFER_EXPIRES))


async def test_the_client_may_sign_until_the_offer_ends(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    onboarding.clock.advance(OFFER - MINUTE)
    await onboarding.do(onboarding.codes.request_code, client, actor=as_client(client))
    assert (await onboarding.sign(client, CODE, as_client(client))).state.signed
