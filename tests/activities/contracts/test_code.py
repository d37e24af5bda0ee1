"""Codes: how long they live, how often they are sent and tried, and that nobody but the client can read one."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.clients.status import ClientStatus
from domain.contracts.refusals import ContractMissing, ContractOutdated
from domain.contracts.signature import HIDDEN_CODE
from domain.contracts.status import ContractStatus
from domain.people.refusals import CodeExpired, CodeLocked, PhoneUnconfirmed, WrongCode
from models import Client, Code, Contract, UserSession
from tests.database_content import dump
from tests.onboarding_setup import CODE, DEVICE, WRONG, OnboardingSetup, as_client, own_session, refusal_of

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


async def newest_code(onboarding: OnboardingSetup) -> Code:
    return max(await onboarding.rows(Code), key=lambda code: code.sent_at)


async def test_the_client_reads_the_code_and_what_entering_it_means_and_staff_do_not(
    onboarding: OnboardingSetup,
) -> None:
    client = await onboarding.offered()
    contract = await onboarding.contract(client)
    [mine], [theirs] = await onboarding.read_by_client(client), await onboarding.messages(client)
    assert mine.startswith(f"Договор {contract.number}, код подтверждения {CODE}. Код действует 10 мин.")
    assert "Введя код, вы подписываете договор" in mine
    assert (contract.sha256 or "")[:8] in mine
    assert theirs == mine.replace(CODE, HIDDEN_CODE)


async def test_a_code_is_six_digits_also_when_chance_gives_few(onboarding: OnboardingSetup) -> None:
    onboarding.dice.numbers = [42]
    client = await onboarding.offered()
    assert "код подтверждения 000042." in (await onboarding.read_by_client(client))[0]
    await onboarding.sign(client, "000042")


async def test_equal_codes_have_different_hashes(onboarding: OnboardingSetup) -> None:
    for _ in range(2):
        await onboarding.offered()
    assert len({code.hash for code in await onboarding.rows(Code)}) == 2
    assert len({code.salt for code in await onboarding.rows(Code)}) == 2


# Life of a code.


@pytest.mark.parametrize("age", [timedelta(), 10 * MINUTE - SECOND])
async def test_a_code_signs_for_ten_minutes(onboarding: OnboardingSetup, age: timedelta) -> None:
    client = await onboarding.offered()
    onboarding.clock.advance(age)
    assert (await onboarding.sign(client)).state.signed


@pytest.mark.parametrize("code", [CODE, WRONG])
@pytest.mark.parametrize("age", [10 * MINUTE, timedelta(days=1)])
async def test_after_ten_minutes_a_code_is_expired_be_it_right_or_wrong(
    onboarding: OnboardingSetup, code: str, age: timedelta
) -> None:
    client = await onboarding.offered()
    onboarding.clock.advance(age)
    await onboarding.wrong(client, CodeExpired, code)
    assert (await newest_code(onboarding)).tries_left == 5


async def test_five_wrong_tries_lock_the_code_be_the_next_one_right_or_wrong(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    left = [(await onboarding.wrong(client, WrongCode)).extra["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    for code in (CODE, WRONG):
        await onboarding.wrong(client, CodeLocked, code)
    assert (await newest_code(onboarding)).tries_left == 0
    verbs = await onboarding.verbs(client)
    assert (verbs.count("code-wrong"), verbs.count("code-locked")) == (5, 1)


async def test_the_fifth_try_may_still_be_right(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    for _ in range(4):
        await onboarding.wrong(client, WrongCode)
    assert (await onboarding.sign(client)).state.signed


async def test_a_new_code_brings_new_tries_and_ends_the_old_one(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    for _ in range(5):
        await onboarding.wrong(client, WrongCode)
    onboarding.clock.advance(MINUTE)
    onboarding.dice.numbers = [111111]
    await onboarding.do(onboarding.codes.request_code, client)
    await onboarding.wrong(client, WrongCode, CODE)
    assert (await onboarding.sign(client, "111111")).state.signed


async def test_a_wrong_try_repeated_with_its_command_counts_once(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await onboarding.wrong(client, WrongCode)
    assert (await newest_code(onboarding)).tries_left == 4
    assert (await onboarding.contract(client)).wrong_tries == 1


async def test_a_wrong_try_takes_the_client_and_is_on_record(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await onboarding.do(onboarding.cards.release_client, client)
    await onboarding.wrong(client, WrongCode)
    assert (await onboarding.card(client)).assigned_manager_id == onboarding.manager.id


async def test_a_code_is_good_for_one_contract_only(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    onboarding.dice.numbers = [111111]
    await onboarding.generate(client)
    await onboarding.wrong(client, WrongCode, CODE)
    assert (await onboarding.sign(client, "111111")).state.signed


async def test_a_code_is_bound_to_the_bytes_of_the_pdf(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    contract = await onboarding.contract(client)
    async with onboarding.sessions.begin() as session:
        (await session.get_one(Contract, contract.id)).sha256 = "0" * 64
    await onboarding.wrong(client, CodeExpired, CODE)


async def test_a_used_code_signs_nothing_more(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    await onboarding.wrong(client, ContractMissing, CODE)
    assert (await newest_code(onboarding)).used_at == onboarding.clock()


async def test_a_code_sent_under_an_older_key_still_signs(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    assert (await newest_code(onboarding)).key_id == "k2"
    onboarding.steps.keyring = type(onboarding.keyring)(onboarding.keyring.keys, "k1")
    assert (await onboarding.sign(client)).state.signed


# Asking for another one.


@pytest.mark.parametrize(("age", "wait"), [(timedelta(), 60), (SECOND, 59), (59 * SECOND, 1)])
async def test_inside_the_cool_down_nothing_is_sent(onboarding: OnboardingSetup, age: timedelta, wait: int) -> None:
    client = await onboarding.offered()
    onboarding.clock.advance(age)
    applied = await onboarding.do(onboarding.codes.request_code, client)
    assert (applied.outcome.sent, applied.outcome.retry_after) == (False, wait)
    assert len(await onboarding.messages(client)) == 1


async def test_after_the_cool_down_a_new_code_is_sent(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    sent_at = onboarding.clock.advance(MINUTE)
    applied = await onboarding.do(onboarding.codes.request_code, client)
    assert (applied.outcome.sent, applied.outcome.retry_after) == (True, 60)
    assert applied.state.contract is not None
    assert applied.state.contract.code is not None
    assert applied.state.contract.code.expires_at == sent_at + 10 * MINUTE
    assert len(await onboarding.messages(client)) == 2


async def test_without_a_contract_that_is_out_there_is_no_code(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    await onboarding.refused(ContractMissing, onboarding.codes.request_code, client)
    await onboarding.do(onboarding.contracts.draft_contract, client)
    await onboarding.refused(ContractMissing, onboarding.codes.request_code, client)


async def test_a_signed_contract_gets_no_code(onboarding: OnboardingSetup) -> None:
    client = await onboarding.signed()
    onboarding.clock.advance(MINUTE)
    await onboarding.refused(ContractMissing, onboarding.codes.request_code, client)


async def with_ten_codes(onboarding: OnboardingSetup, at: datetime) -> Client:
    """A client who got the ten codes of a day, the last one now."""
    onboarding.clock.now = at
    client = await onboarding.offered()
    for _ in range(9):
        onboarding.clock.advance(MINUTE)
        assert (await onboarding.do(onboarding.codes.request_code, client)).outcome.sent
    onboarding.clock.advance(MINUTE)
    assert len(await onboarding.rows(Code)) == 10
    return client


NOON, EVENING = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 20, 45, tzinfo=UTC)


async def test_the_eleventh_code_of_a_day_is_for_the_client_himself_to_ask(onboarding: OnboardingSetup) -> None:
    client = await with_ten_codes(onboarding, NOON)
    refusal = await onboarding.refused(CodeLocked, onboarding.codes.request_code, client)
    assert "только сам клиент" in refusal.detail
    applied = await onboarding.do(onboarding.codes.request_code, client, own_session(client), as_client(client))
    assert applied.outcome.sent is True
    onboarding.clock.advance(MINUTE)
    await onboarding.refused(CodeLocked, onboarding.codes.request_code, client)


async def test_a_new_day_in_moscow_brings_ten_new_codes(onboarding: OnboardingSetup) -> None:
    client = await with_ten_codes(onboarding, EVENING)
    await onboarding.refused(CodeLocked, onboarding.codes.request_code, client)
    onboarding.clock.now = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
    assert (await onboarding.do(onboarding.codes.request_code, client)).outcome.sent


async def test_a_new_version_counts_into_the_same_ten(onboarding: OnboardingSetup) -> None:
    client = await with_ten_codes(onboarding, NOON)
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    applied = await onboarding.generate(client)
    assert applied.outcome.sent is False
    assert len(await onboarding.rows(Code)) == 10
    assert (await onboarding.verbs(client))[-1] == "code-withheld"
    await onboarding.wrong(client, CodeExpired, CODE)
    applied = await onboarding.do(onboarding.codes.request_code, client, own_session(client), as_client(client))
    assert applied.outcome.sent is True
    assert (await onboarding.sign(client)).state.signed


async def test_thirty_wrong_tries_lock_the_version_until_the_client_asks_himself(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    for _ in range(6):
        for _ in range(5):
            await refusal_of(onboarding.pep.sign_contract, await onboarding.command(client, {"code": WRONG}))
        onboarding.clock.advance(MINUTE)
        if (await onboarding.contract(client)).wrong_tries < 30:
            await onboarding.codes.request_code(await onboarding.command(client, {}))
    assert (await onboarding.contract(client)).wrong_tries == 30
    for code in (CODE, WRONG):
        assert "только сам клиент" in (await onboarding.wrong(client, CodeLocked, code)).detail
    await onboarding.refused(CodeLocked, onboarding.codes.request_code, client)
    await onboarding.do(onboarding.codes.request_code, client, own_session(client), as_client(client))
    assert (await onboarding.contract(client)).wrong_tries == 0
    assert (await onboarding.sign(client)).state.signed


@pytest.mark.parametrize("lock", ["codes of a day", "wrong tries"])
async def test_who_only_knows_the_password_lifts_no_bound(onboarding: OnboardingSetup, lock: str) -> None:
    client = await (onboarding.offered() if lock == "wrong tries" else with_ten_codes(onboarding, NOON))
    contract = await onboarding.contract(client)
    async with onboarding.sessions.begin() as session:
        (await session.get_one(Contract, contract.id)).wrong_tries = 30 if lock == "wrong tries" else 1
        await UserSession.forget_proofs(session, client.user_id)
    onboarding.clock.advance(MINUTE)
    before = len(await onboarding.rows(Code))
    for payload in (own_session(client), {}):  # without a session: of a request that an earlier release has stored
        await onboarding.refused(PhoneUnconfirmed, onboarding.codes.request_code, client, payload, as_client(client))
    assert len(await onboarding.rows(Code)) == before
    assert (await onboarding.contract(client)).wrong_tries > 0


async def test_the_client_himself_has_thirty_codes_a_day(onboarding: OnboardingSetup) -> None:
    client = await with_ten_codes(onboarding, NOON)
    for _ in range(20):
        await onboarding.codes.request_code(await onboarding.command(client, own_session(client), as_client(client)))
        onboarding.clock.advance(MINUTE)
    assert len(await onboarding.rows(Code)) == 30
    request = (onboarding.codes.request_code, client, own_session(client), as_client(client))
    assert "завтра" in (await onboarding.refused(CodeLocked, *request)).detail
    onboarding.clock.now = NOON + timedelta(days=1)
    assert (await onboarding.do(*request)).outcome.sent


async def test_the_right_code_does_not_open_a_locked_version(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    contract = await onboarding.contract(client)
    async with onboarding.sessions.begin() as session:
        (await session.get_one(Contract, contract.id)).wrong_tries = 30
    before = await dump(onboarding.sessions)
    await onboarding.wrong(client, CodeLocked, CODE)
    assert len(await dump(onboarding.sessions)) == len(before) + 1  # the draft of the refused try
    assert (await onboarding.contract(client)).status is ContractStatus.SENT


async def test_the_next_version_starts_without_wrong_tries(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await onboarding.wrong(client, WrongCode)
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    applied = await onboarding.generate(client)
    assert (await onboarding.contract(client)).wrong_tries == 0
    assert applied.state.status is ClientStatus.AWAITING_CONTRACT


async def test_a_request_inside_the_cool_down_lifts_nothing(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await onboarding.wrong(client, WrongCode)
    await onboarding.do(onboarding.codes.request_code, client, own_session(client), as_client(client))
    assert (await onboarding.contract(client)).wrong_tries == 1


async def test_no_code_is_sent_for_an_offer_that_has_lapsed_while_its_timer_is_late(
    onboarding: OnboardingSetup,
) -> None:
    client = await onboarding.offered()
    onboarding.clock.advance(timedelta(hours=72))
    await onboarding.refused(ContractOutdated, onboarding.codes.request_code, client)
