"""What falls due while nobody does anything: each effect once, however often and however late its timer comes."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.kernel.refusal import NotFound
from domain.onboarding.deadline import LEFT_AFTER, Deadline, Due, next_deadline
from domain.onboarding.process import SYSTEM, ContractStatus, Status
from models import Code, Contract, ManagerMessage
from models.billing.invoice import InvoiceStatus
from models.contracts.contract import REASON
from models.kernel.columns import unseal
from tests.activities.deadlines import changes_nothing, deadline, meets, notices
from tests.onboarding_setup import CODE, DEVICE, OFFER, PROFILE, OnboardingSetup, another_manager, as_client

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


# The code.


@pytest.mark.parametrize("late", [timedelta(), 3 * DAY])
async def test_an_expired_code_is_noted_once(desk: OnboardingSetup, late: timedelta) -> None:
    client = await desk.offered()
    await meets(desk, client, Due.CODE_EXPIRES, late)
    assert (await desk.verbs(client))[-1] == "code-expired"
    assert (await desk.events(client))[-1].actor_kind is SYSTEM.kind


async def test_the_end_of_an_older_code_says_nothing_about_the_newer_one(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    older = await deadline(desk, client, Due.CODE_EXPIRES)
    desk.clock.advance(MINUTE)
    await desk.do(desk.codes.request_code, client)
    desk.clock.now = older.at
    await changes_nothing(desk, client, older)


async def test_a_code_that_was_used_in_time_does_not_expire(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    coming = await deadline(desk, client, Due.CODE_EXPIRES)
    await desk.sign(client)
    desk.clock.now = coming.at
    await changes_nothing(desk, client, coming)


async def test_a_contract_without_a_code_has_none_that_expires(desk: OnboardingSetup) -> None:
    client = await desk.ready_client()
    await desk.do(desk.contracts.draft_contract, client)
    contract = await desk.contract(client)
    await changes_nothing(desk, client, Deadline(Due.CODE_EXPIRES, desk.clock(), contract.id))


# The offer.


async def test_at_a_third_of_the_offer_the_client_is_reminded_in_his_ticket(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    coming = await meets(desk, client, Due.REMIND_CLIENT_OF_OFFER)
    contract = await desk.contract(client)
    assert contract.client_reminded_at == coming.at
    words = f"Договор {contract.number} ждёт вашей подписи. Подписать его можно в приложении."
    assert (await desk.messages(client))[-1] == words
    assert (await desk.verbs(client))[-1] == "client-reminded"


async def test_a_client_is_not_reminded_of_a_contract_that_is_outdated(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    await desk.do(desk.devices.add_device, client, DEVICE)
    await meets(desk, client, Due.REMIND_CLIENT_OF_OFFER)
    assert len(await desk.messages(client)) == 1
    assert "client-reminded" not in await desk.verbs(client)


async def test_a_client_is_not_reminded_of_an_offer_that_has_ended(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    await meets(desk, client, Due.REMIND_CLIENT_OF_OFFER, late=OFFER)
    await meets(desk, client, Due.REMIND_MANAGER_OF_OFFER, late=OFFER)
    assert len(await desk.messages(client)) == 1
    assert await notices(desk) == []


async def test_at_two_thirds_of_the_offer_the_manager_is_reminded(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    coming = await meets(desk, client, Due.REMIND_MANAGER_OF_OFFER)
    contract = await desk.contract(client)
    assert contract.manager_reminded_at == coming.at
    assert await notices(desk) == [
        f"Клиент ещё не подписал договор {contract.number}. Свяжитесь с ним: скоро срок предложения истечёт."
    ]
    assert len(await desk.messages(client)) == 1


async def test_at_its_end_the_offer_is_void_and_both_are_told(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    contract = await desk.contract(client)
    coming = await meets(desk, client, Due.OFFER_EXPIRES)
    row = await desk.row(Contract, contract.id)
    assert (row.status, row.voided_at) == (ContractStatus.VOID, coming.at)
    assert unseal(desk.keyring, REASON, row.void_reason or b"") == "Истёк срок предложения"
    lapsed = f"Срок подписания договора {contract.number} истёк. Для нового договора обратитесь к менеджеру."
    assert lapsed in await desk.messages(client)
    assert await notices(desk) == [f"Договор {contract.number} не подписан в срок и аннулирован."]


async def test_after_the_end_of_the_offer_the_manager_has_three_days(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    coming = await meets(desk, client, Due.OFFER_EXPIRES)
    state = await desk.state(client)
    assert state.status is Status.AWAITING_CONTRACT
    assert next_deadline(state) == Deadline(Due.OFFER_BACK, coming.at + LEFT_AFTER, client.id)


@pytest.mark.parametrize("due", [Due.REMIND_CLIENT_OF_OFFER, Due.REMIND_MANAGER_OF_OFFER, Due.OFFER_EXPIRES])
async def test_a_signed_contract_is_neither_reminded_of_nor_void(desk: OnboardingSetup, due: Due) -> None:
    client = await desk.offered()
    coming = await deadline(desk, client, due)
    await desk.sign(client)
    desk.clock.now = coming.at
    await changes_nothing(desk, client, coming)


@pytest.mark.parametrize("due", [Due.REMIND_CLIENT_OF_OFFER, Due.REMIND_MANAGER_OF_OFFER, Due.OFFER_EXPIRES])
async def test_a_void_contract_is_neither_reminded_of_nor_void_again(desk: OnboardingSetup, due: Due) -> None:
    client = await desk.offered()
    coming = await deadline(desk, client, due)
    await desk.do(desk.contracts.void_contract, client, {"reason": "Ошибка"})
    desk.clock.now = coming.at
    await changes_nothing(desk, client, coming)


async def test_the_end_of_an_amendments_offer_keeps_what_was_signed(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    await desk.do(desk.devices.add_device, client, DEVICE)
    await desk.generate(client)
    await meets(desk, client, Due.OFFER_EXPIRES)
    statuses = [contract.status for contract in await desk.versions(client)]
    assert statuses == [ContractStatus.SIGNED, ContractStatus.VOID]
    assert (await desk.state(client)).status is Status.AWAITING_CONTRACT


# A client who was taken and left.


async def test_a_client_left_for_three_days_is_offered_back_and_the_manager_knows(desk: OnboardingSetup) -> None:
    client = await desk.ready_client()
    last_step = desk.clock()
    coming = await meets(desk, client, Due.OFFER_BACK)
    assert coming.at == last_step + 3 * DAY
    card = await desk.card(client)
    assert (card.assigned_manager_id, card.last_step_at) == (None, None)
    [notice] = await desk.rows(ManagerMessage)
    assert notice.body == "Три дня с клиентом ничего не происходило. Он возвращён в «Новые»."
    assert notice.manager_id == desk.manager.id


async def test_a_client_who_was_only_taken_and_then_left_is_offered_back_too(desk: OnboardingSetup) -> None:
    client = await desk.new_client()
    await desk.do(desk.onboarding.take_over_client, client, {"reason": "Мой клиент"})
    await meets(desk, client, Due.OFFER_BACK)
    assert (await desk.card(client)).assigned_manager_id is None


async def test_a_step_at_the_last_moment_keeps_the_client(desk: OnboardingSetup) -> None:
    client = await desk.ready_client()
    coming = await deadline(desk, client, Due.OFFER_BACK)
    desk.clock.now = coming.at - MINUTE
    await desk.do(desk.onboarding.save_profile, client, PROFILE)
    desk.clock.now = coming.at
    await changes_nothing(desk, client, coming)


async def test_a_client_offered_back_and_taken_again_is_kept_by_the_next_one(desk: OnboardingSetup) -> None:
    client = await desk.ready_client()
    coming = await meets(desk, client, Due.OFFER_BACK)
    await desk.do(desk.onboarding.save_profile, client, PROFILE, await another_manager(desk))
    await changes_nothing(desk, client, coming)


async def test_a_client_given_back_is_not_offered_back(desk: OnboardingSetup) -> None:
    client = await desk.ready_client()
    coming = await deadline(desk, client, Due.OFFER_BACK)
    await desk.do(desk.onboarding.release_client, client)
    desk.clock.now = coming.at
    await changes_nothing(desk, client, coming)


async def test_a_client_who_has_a_contract_before_him_is_not_offered_back(desk: OnboardingSetup) -> None:
    client = await desk.ready_client()
    coming = await deadline(desk, client, Due.OFFER_BACK)
    await desk.generate(client)
    desk.clock.now = coming.at
    await changes_nothing(desk, client, coming)


# All of it.


async def test_a_client_left_alone_goes_through_all_deadlines_and_then_nothing_is_due(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    seen: list[Due] = []
    while (coming := next_deadline(await desk.state(client))) is not None:
        seen.append(coming.due)
        desk.clock.now = coming.at
        await desk.due.fall_due(client.id, coming)
    assert seen == [
        Due.CODE_EXPIRES,
        Due.REMIND_CLIENT_OF_OFFER,
        Due.REMIND_MANAGER_OF_OFFER,
        Due.OFFER_EXPIRES,
        Due.OFFER_BACK,
    ]


async def test_a_worker_that_slept_for_a_month_catches_up_one_by_one(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    await desk.do(desk.devices.add_device, client, DEVICE)
    await desk.generate(client)
    desk.clock.advance(30 * DAY)
    done = 0
    while (coming := next_deadline(await desk.state(client))) is not None and coming.at <= desk.clock():
        await desk.due.fall_due(client.id, coming)
        done += 1
    assert done == 6
    assert len(await desk.rows(Code)) == 2
    assert [invoice.status for invoice in await desk.bills(client)] == [InvoiceStatus.OVERDUE]


async def test_a_deadline_of_nobody_is_refused(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    with pytest.raises(NotFound):
        await desk.due.fall_due(UUID(int=1), await deadline(desk, client, Due.OFFER_EXPIRES))


async def test_the_client_may_sign_until_the_offer_ends(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    desk.clock.advance(OFFER - MINUTE)
    await desk.do(desk.codes.request_code, client, actor=as_client(client))
    assert (await desk.sign(client, CODE, as_client(client))).state.signed
