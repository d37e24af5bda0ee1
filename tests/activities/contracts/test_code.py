"""Codes: how long they live, how often they are sent and tried, and that nobody but the client can read one."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.contracts.signature import HIDDEN_CODE
from domain.kernel.refusal import CodeExpired, CodeLocked, ContractMissing, ContractOutdated, WrongCode
from domain.onboarding.process import ContractStatus, Status
from models import Client, Code, Contract
from tests.database_content import dump
from tests.onboarding_setup import CODE, DEVICE, WRONG, OnboardingSetup, as_client, refusal_of

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


async def newest_code(desk: OnboardingSetup) -> Code:
    return max(await desk.rows(Code), key=lambda code: code.sent_at)


async def test_the_client_reads_the_code_and_what_entering_it_means_and_staff_do_not(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    contract = await desk.contract(client)
    [mine], [theirs] = await desk.read_by_client(client), await desk.messages(client)
    assert mine.startswith(f"Договор {contract.number}, код подтверждения {CODE}. Код действует 10 мин.")
    assert "Введя код, вы подписываете договор" in mine
    assert (contract.sha256 or "")[:8] in mine
    assert theirs == mine.replace(CODE, HIDDEN_CODE)


async def test_a_code_is_six_digits_also_when_chance_gives_few(desk: OnboardingSetup) -> None:
    desk.dice.numbers = [42]
    client = await desk.offered()
    assert "код подтверждения 000042." in (await desk.read_by_client(client))[0]
    await desk.sign(client, "000042")


async def test_equal_codes_have_different_hashes(desk: OnboardingSetup) -> None:
    for _ in range(2):
        await desk.offered()
    assert len({code.hash for code in await desk.rows(Code)}) == 2
    assert len({code.salt for code in await desk.rows(Code)}) == 2


# Life of a code.


@pytest.mark.parametrize("age", [timedelta(), 10 * MINUTE - SECOND])
async def test_a_code_signs_for_ten_minutes(desk: OnboardingSetup, age: timedelta) -> None:
    client = await desk.offered()
    desk.clock.advance(age)
    assert (await desk.sign(client)).state.signed


@pytest.mark.parametrize("code", [CODE, WRONG])
@pytest.mark.parametrize("age", [10 * MINUTE, timedelta(days=1)])
async def test_after_ten_minutes_a_code_is_expired_be_it_right_or_wrong(
    desk: OnboardingSetup, code: str, age: timedelta
) -> None:
    client = await desk.offered()
    desk.clock.advance(age)
    await desk.wrong(client, CodeExpired, code)
    assert (await newest_code(desk)).tries_left == 5


async def test_five_wrong_tries_lock_the_code_be_the_next_one_right_or_wrong(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    left = [(await desk.wrong(client, WrongCode)).extra["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    for code in (CODE, WRONG):
        await desk.wrong(client, CodeLocked, code)
    assert (await newest_code(desk)).tries_left == 0
    verbs = await desk.verbs(client)
    assert (verbs.count("code-wrong"), verbs.count("code-locked")) == (5, 1)


async def test_the_fifth_try_may_still_be_right(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    for _ in range(4):
        await desk.wrong(client, WrongCode)
    assert (await desk.sign(client)).state.signed


async def test_a_new_code_brings_new_tries_and_ends_the_old_one(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    for _ in range(5):
        await desk.wrong(client, WrongCode)
    desk.clock.advance(MINUTE)
    desk.dice.numbers = [111111]
    await desk.do(desk.codes.request_code, client)
    await desk.wrong(client, WrongCode, CODE)
    assert (await desk.sign(client, "111111")).state.signed


async def test_a_wrong_try_repeated_with_its_command_counts_once(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    await desk.wrong(client, WrongCode)
    assert (await newest_code(desk)).tries_left == 4
    assert (await desk.contract(client)).wrong_tries == 1


async def test_a_wrong_try_takes_the_client_and_is_on_record(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    await desk.do(desk.onboarding.release_client, client)
    await desk.wrong(client, WrongCode)
    assert (await desk.card(client)).assigned_manager_id == desk.manager.id


async def test_a_code_is_good_for_one_contract_only(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    await desk.do(desk.devices.add_device, client, DEVICE)
    desk.dice.numbers = [111111]
    await desk.generate(client)
    await desk.wrong(client, WrongCode, CODE)
    assert (await desk.sign(client, "111111")).state.signed


async def test_a_code_is_bound_to_the_bytes_of_the_pdf(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    contract = await desk.contract(client)
    async with desk.sessions.begin() as session:
        (await session.get_one(Contract, contract.id)).sha256 = "0" * 64
    await desk.wrong(client, CodeExpired, CODE)


async def test_a_used_code_signs_nothing_more(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    await desk.wrong(client, ContractMissing, CODE)
    assert (await newest_code(desk)).used_at == desk.clock()


async def test_a_code_sent_under_an_older_key_still_signs(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    assert (await newest_code(desk)).key_id == "k2"
    desk.steps.keyring = type(desk.keyring)(desk.keyring.keys, "k1")
    assert (await desk.sign(client)).state.signed


# Asking for another one.


@pytest.mark.parametrize(("age", "wait"), [(timedelta(), 60), (SECOND, 59), (59 * SECOND, 1)])
async def test_inside_the_cool_down_nothing_is_sent(desk: OnboardingSetup, age: timedelta, wait: int) -> None:
    client = await desk.offered()
    desk.clock.advance(age)
    applied = await desk.do(desk.codes.request_code, client)
    assert (applied.outcome.sent, applied.outcome.retry_after) == (False, wait)
    assert len(await desk.messages(client)) == 1


async def test_after_the_cool_down_a_new_code_is_sent(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    sent_at = desk.clock.advance(MINUTE)
    applied = await desk.do(desk.codes.request_code, client)
    assert (applied.outcome.sent, applied.outcome.retry_after) == (True, 60)
    assert applied.state.contract is not None
    assert applied.state.contract.code is not None
    assert applied.state.contract.code.expires_at == sent_at + 10 * MINUTE
    assert len(await desk.messages(client)) == 2


async def test_without_a_contract_that_is_out_there_is_no_code(desk: OnboardingSetup) -> None:
    client = await desk.ready_client()
    await desk.refused(ContractMissing, desk.codes.request_code, client)
    await desk.do(desk.contracts.draft_contract, client)
    await desk.refused(ContractMissing, desk.codes.request_code, client)


async def test_a_signed_contract_gets_no_code(desk: OnboardingSetup) -> None:
    client = await desk.signed()
    desk.clock.advance(MINUTE)
    await desk.refused(ContractMissing, desk.codes.request_code, client)


async def with_ten_codes(desk: OnboardingSetup, at: datetime) -> Client:
    """A client who got the ten codes of a day, the last one now."""
    desk.clock.now = at
    client = await desk.offered()
    for _ in range(9):
        desk.clock.advance(MINUTE)
        assert (await desk.do(desk.codes.request_code, client)).outcome.sent
    desk.clock.advance(MINUTE)
    assert len(await desk.rows(Code)) == 10
    return client


NOON, EVENING = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 20, 45, tzinfo=UTC)


async def test_the_eleventh_code_of_a_day_is_for_the_client_himself_to_ask(desk: OnboardingSetup) -> None:
    client = await with_ten_codes(desk, NOON)
    refusal = await desk.refused(CodeLocked, desk.codes.request_code, client)
    assert "только сам клиент" in refusal.detail
    applied = await desk.do(desk.codes.request_code, client, actor=as_client(client))
    assert applied.outcome.sent is True
    desk.clock.advance(MINUTE)
    await desk.refused(CodeLocked, desk.codes.request_code, client)


async def test_a_new_day_in_moscow_brings_ten_new_codes(desk: OnboardingSetup) -> None:
    client = await with_ten_codes(desk, EVENING)
    await desk.refused(CodeLocked, desk.codes.request_code, client)
    desk.clock.now = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
    assert (await desk.do(desk.codes.request_code, client)).outcome.sent


async def test_a_new_version_counts_into_the_same_ten(desk: OnboardingSetup) -> None:
    client = await with_ten_codes(desk, NOON)
    await desk.do(desk.devices.add_device, client, DEVICE)
    applied = await desk.generate(client)
    assert applied.outcome.sent is False
    assert len(await desk.rows(Code)) == 10
    assert (await desk.verbs(client))[-1] == "code-withheld"
    await desk.wrong(client, CodeExpired, CODE)
    applied = await desk.do(desk.codes.request_code, client, actor=as_client(client))
    assert applied.outcome.sent is True
    assert (await desk.sign(client)).state.signed


async def test_thirty_wrong_tries_lock_the_version_until_the_client_asks_himself(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    for _ in range(6):
        for _ in range(5):
            await refusal_of(desk.pep.sign_contract, await desk.command(client, {"code": WRONG}))
        desk.clock.advance(MINUTE)
        if (await desk.contract(client)).wrong_tries < 30:
            await desk.codes.request_code(await desk.command(client, {}))
    assert (await desk.contract(client)).wrong_tries == 30
    for code in (CODE, WRONG):
        assert "только сам клиент" in (await desk.wrong(client, CodeLocked, code)).detail
    await desk.refused(CodeLocked, desk.codes.request_code, client)
    await desk.do(desk.codes.request_code, client, actor=as_client(client))
    assert (await desk.contract(client)).wrong_tries == 0
    assert (await desk.sign(client)).state.signed


async def test_the_right_code_does_not_open_a_locked_version(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    contract = await desk.contract(client)
    async with desk.sessions.begin() as session:
        (await session.get_one(Contract, contract.id)).wrong_tries = 30
    before = await dump(desk.sessions)
    await desk.wrong(client, CodeLocked, CODE)
    assert len(await dump(desk.sessions)) == len(before) + 1  # the draft of the refused try
    assert (await desk.contract(client)).status is ContractStatus.SENT


async def test_the_next_version_starts_without_wrong_tries(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    await desk.wrong(client, WrongCode)
    await desk.do(desk.devices.add_device, client, DEVICE)
    applied = await desk.generate(client)
    assert (await desk.contract(client)).wrong_tries == 0
    assert applied.state.status is Status.AWAITING_CONTRACT


async def test_a_request_inside_the_cool_down_lifts_nothing(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    await desk.wrong(client, WrongCode)
    await desk.do(desk.codes.request_code, client, actor=as_client(client))
    assert (await desk.contract(client)).wrong_tries == 1


async def test_no_code_is_sent_for_an_offer_that_has_lapsed_while_its_timer_is_late(desk: OnboardingSetup) -> None:
    client = await desk.offered()
    desk.clock.advance(timedelta(hours=72))
    await desk.refused(ContractOutdated, desk.codes.request_code, client)
