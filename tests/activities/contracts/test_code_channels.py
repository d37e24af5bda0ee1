"""Codes by CODE_CHANNELS: by the first channel that reaches the client; no channel loosens a bound or a cool-down."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from activities.contracts.code_delivery import CodeChannels
from activities.deliveries.carrier import Receipt
from activities.deliveries.deliver import DeliveryActivities
from activities.deliveries.starts import DeliveryStarts
from domain.deliveries.delivery import AttemptState, Channel, DeliveryState, Reason, ReceiptState
from domain.people.refusals import CodeExpired, CodeLocked, WrongCode
from gateways.outcome import NotDone, Rejected, Unknown
from models import Client, Code, Delivery, DeliveryAttempt, User
from models.deliveries.delivery import LETTER
from models.kernel.columns import unseal
from tests.carriers import FakeCarrier
from tests.database_content import dump, without_ids
from tests.onboarding_setup import CODE, OnboardingSetup, as_client, own_session

SMS, TELEGRAM, MAIL, CHAT = Channel.SMS, Channel.TELEGRAM, Channel.MAIL, Channel.SUPPORT_CHAT
MINUTE = timedelta(minutes=1)
BLANK = {"phone_confirmed_at": None, "phone_confirmed_by": None}


def use(onboarding: OnboardingSetup, *order: Channel, on: Sequence[Channel] = (SMS, TELEGRAM, MAIL)) -> None:
    onboarding.codes.channels = CodeChannels(order, frozenset(on))


async def account(onboarding: OnboardingSetup, client: Client, **values: Any) -> None:
    async with onboarding.sessions.begin() as session:
        user = await session.get_one(User, client.user_id)
        for name, value in values.items():
            setattr(user, name, value)


async def delivery_of(onboarding: OnboardingSetup) -> Delivery:
    """Of the newest code."""
    newest = max(await onboarding.rows(Code), key=lambda code: code.sent_at)
    assert newest.delivery_id is not None
    return await onboarding.row(Delivery, newest.delivery_id)


async def attempts_of(onboarding: OnboardingSetup) -> list[tuple[Channel, AttemptState, Reason | None]]:
    delivery = await delivery_of(onboarding)
    async with onboarding.sessions() as session:
        rows = await DeliveryAttempt.of(session, delivery.id)
    return sorted((one.channel, one.state, one.reason) for one in rows)


async def deliver(onboarding: OnboardingSetup, **carriers: FakeCarrier) -> DeliveryState | None:
    """What the workflow of the newest code's delivery does, to its end."""
    on = {Channel(name): carrier for name, carrier in carriers.items()}
    delivery = await delivery_of(onboarding)
    worker = DeliveryActivities(onboarding.sessions, onboarding.keyring, on, onboarding.storage, onboarding.clock)
    while (standing := await worker.deliver(delivery.id)).due_at is not None:
        onboarding.clock.now = max(standing.due_at, onboarding.clock())
    return standing.state


async def test_by_default_the_chat_is_the_way_and_is_kept_as_one(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    delivery = await delivery_of(onboarding)
    assert (delivery.state, delivery.due_at, delivery.contract_id) == (
        DeliveryState.SENT,
        None,
        (await onboarding.contract(client)).id,
    )
    assert await attempts_of(onboarding) == [(CHAT, AttemptState.SENT, None)]
    [event] = [one for one in await onboarding.events(client) if one.verb == "code-sent"]
    assert event.details is not None
    assert (event.details["channel"], event.details["delivery_id"]) == ("support_chat", str(delivery.id))
    assert CODE in unseal(onboarding.keyring, LETTER, delivery.letter)["text"]


async def test_the_whole_way_of_a_code_by_sms(onboarding: OnboardingSetup) -> None:
    use(onboarding, SMS, CHAT)
    client = await onboarding.ready_client()
    with onboarding.on_the_way():
        applied = await onboarding.generate(client)
    delivery = await delivery_of(onboarding)
    assert (applied.outcome.sent, applied.state.undelivered) == (True, (delivery.id,))
    [notice] = await onboarding.read_by_client(client)
    assert "по SMS" in notice
    assert CODE not in without_ids(repr(await dump(onboarding.sessions)))
    sms = FakeCarrier(receipts=[Receipt(ReceiptState.DELIVERED)])
    assert await deliver(onboarding, sms=sms) is DeliveryState.DELIVERED
    [sent] = sms.sent
    assert CODE in sent.short
    assert (await onboarding.sign(client, CODE)).state.signed
    verbs = await onboarding.verbs(client)
    assert [verb for verb in verbs if verb.startswith("code-")] == ["code-queued", "code-sent", "code-delivered"]


async def test_a_start_is_noted_so_that_the_clients_process_starts_it_once(onboarding: OnboardingSetup) -> None:
    use(onboarding, SMS)
    client = await onboarding.offered()
    begun: list[UUID] = []

    async def begin(delivery_id: UUID) -> None:
        begun.append(delivery_id)

    delivery = await delivery_of(onboarding)
    starts = DeliveryStarts(onboarding.sessions, begin, onboarding.clock)
    await onboarding.twice(lambda: starts.start_deliveries([delivery.id]))
    state = await onboarding.cards.load_onboarding(client.id)
    assert (state.undelivered, set(begun)) == ((), {delivery.id})


@pytest.mark.parametrize(
    ("order", "on", "reason"),
    [((SMS, CHAT), (), Reason.CHANNEL_OFF), ((MAIL, CHAT), (MAIL,), Reason.EMAIL_UNCONFIRMED)],
)
async def test_a_channel_that_cannot_reach_him_is_passed_over_at_once(
    onboarding: OnboardingSetup, order: tuple[Channel, ...], on: tuple[Channel, ...], reason: Reason
) -> None:
    use(onboarding, *order, on=on)
    client = await onboarding.offered()
    assert CODE in (await onboarding.read_by_client(client))[0]
    assert await attempts_of(onboarding) == sorted(
        [(order[0], AttemptState.UNREACHABLE, reason), (CHAT, AttemptState.SENT, None)]
    )
    assert (await onboarding.sign(client)).state.signed


async def test_when_nothing_reaches_him_the_step_answers_and_the_manager_sees_why(onboarding: OnboardingSetup) -> None:
    use(onboarding, SMS, TELEGRAM)
    client = await onboarding.ready_client()
    await account(onboarding, client, **BLANK)
    applied = await onboarding.generate(client)
    assert (applied.outcome.sent, applied.state.undelivered) == (False, ())
    delivery = await delivery_of(onboarding)
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, Reason.TELEGRAM_UNLINKED)
    assert "отправить некуда" in (await onboarding.read_by_client(client))[0]
    assert (await onboarding.verbs(client))[-1] == "code-undelivered"
    assert await deliver(onboarding, sms=(sms := FakeCarrier())) is DeliveryState.FAILED
    assert sms.sent == []


# Bounds: ten codes a day, five tries, a minute between two, whatever becomes of a delivery.

FAULTS: dict[str, list[Any]] = {
    "off": [],
    "refusing": [Rejected(207, "")],
    "lost": [Unknown("")],
    "away": [NotDone("")] * 50,
    "working": ["id"],
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_fault_of_a_channel_gives_an_eleventh_code(onboarding: OnboardingSetup, fault: str) -> None:
    use(onboarding, SMS, on=() if fault == "off" else (SMS,))
    client = await onboarding.ready_client()
    with onboarding.on_the_way():
        await onboarding.generate(client)
        for _ in range(9):
            await deliver(onboarding, sms=FakeCarrier(gives_receipts=False, answers=list(FAULTS[fault])))
            onboarding.clock.advance(MINUTE)
            await onboarding.do(onboarding.codes.request_code, client)
    assert len(await onboarding.rows(Code)) == 10
    onboarding.clock.advance(MINUTE)
    await onboarding.refused(CodeLocked, onboarding.codes.request_code, client)
    lifted = await onboarding.do(onboarding.codes.request_code, client, own_session(client), as_client(client))
    assert lifted.outcome.sent is (fault != "off")


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_fault_of_a_channel_shortens_the_cool_down_or_adds_a_try(
    onboarding: OnboardingSetup, fault: str
) -> None:
    use(onboarding, SMS, on=() if fault == "off" else (SMS,))
    client = await onboarding.offered()
    begun = onboarding.clock()
    await deliver(onboarding, sms=FakeCarrier(gives_receipts=False, answers=list(FAULTS[fault])))
    onboarding.clock.now = begun + timedelta(seconds=59)
    applied = await onboarding.do(onboarding.codes.request_code, client)
    assert (applied.outcome.sent, applied.outcome.retry_after) == (False, 1)
    for _ in range(5):
        await onboarding.wrong(client, WrongCode)
    await onboarding.wrong(client, CodeLocked, CODE)


async def test_a_fallback_does_not_lengthen_the_life_of_a_code(onboarding: OnboardingSetup) -> None:
    use(onboarding, SMS, CHAT)
    client = await onboarding.offered()
    onboarding.clock.advance(9 * MINUTE)
    assert await deliver(onboarding, sms=FakeCarrier(answers=[Rejected(207, "")])) is DeliveryState.SENT
    assert CODE in (await onboarding.read_by_client(client))[-1]
    onboarding.clock.advance(MINUTE)
    await onboarding.wrong(client, CodeExpired, CODE)


# What is of no use any more is not sent.


async def test_a_newer_code_takes_the_place_of_one_that_has_not_gone_out(onboarding: OnboardingSetup) -> None:
    use(onboarding, SMS)
    client = await onboarding.offered()
    older = await delivery_of(onboarding)
    onboarding.clock.advance(MINUTE)
    onboarding.dice.numbers = [111111]
    await onboarding.do(onboarding.codes.request_code, client)
    sms = FakeCarrier(gives_receipts=False)
    worker = DeliveryActivities(
        onboarding.sessions, onboarding.keyring, {SMS: sms}, onboarding.storage, onboarding.clock
    )
    assert (await worker.deliver(older.id)).reason is Reason.WITHDRAWN
    await deliver(onboarding, sms=sms)
    assert ["111111" in one.short for one in sms.sent] == [True]


async def test_the_code_of_a_voided_contract_is_not_sent(onboarding: OnboardingSetup) -> None:
    use(onboarding, SMS)
    client = await onboarding.offered()
    await onboarding.do(onboarding.contracts.void_contract, client, {"reason": "Ошибка"})
    sms = FakeCarrier()
    assert await deliver(onboarding, sms=sms) is DeliveryState.FAILED
    assert sms.sent == []
