"""A worker that dies at any line, two workers at once, and answers that come late: never twice by one channel."""

import asyncio
from uuid import UUID

import pytest

from activities.deliveries.carrier import Outgoing, Receipt
from activities.deliveries.chat import note_shown
from activities.deliveries.ledger import Ledger
from activities.deliveries.starts import OVERDUE, DeliveryStarts
from domain.deliveries.delivery import AttemptState, Channel, DeliveryState, Reason, ReceiptState
from gateways.outcome import Rejected
from models import SupportMessage
from tests.deliveries_setup import TEXT, Deliveries

SMS, MAIL, CHAT = Channel.SMS, Channel.MAIL, Channel.SUPPORT_CHAT


class Killed(BaseException):
    """Like kill -9: nothing of ours catches it."""


class Dying(Ledger):
    """Dies in the `nth` call of `method`: before its transaction, or after it was committed."""

    def __init__(self, inner: Ledger, method: str, nth: int, *, after: bool) -> None:
        super().__init__(inner.sessions, inner.keyring, inner.carriers, inner.now)
        self.left, self.after = nth, after
        setattr(self, method, self._deadly(getattr(inner, method)))

    def _deadly(self, call: object) -> object:
        async def deadly(*args: object) -> object:
            self.left -= 1
            if self.left == 0 and not self.after:
                raise Killed
            done = await call(*args)  # type: ignore[operator]  # a method of the ledger
            if self.left == 0:
                raise Killed
            return done

        return deadly


async def killed(deliveries: Deliveries, delivery_id: UUID, method: str, nth: int, *, after: bool) -> None:
    worker = deliveries.worker()
    worker.ledger = Dying(worker.ledger, method, nth, after=after)
    with pytest.raises(Killed):
        await worker.deliver(delivery_id)


@pytest.mark.parametrize(
    ("method", "nth", "after", "by_sms", "by_mail"),
    [
        ("next", 1, False, 1, 0),  # nothing has happened
        ("next", 1, True, 0, 1),  # claimed, and never sent: it cannot be told from sent
        ("settle", 1, False, 1, 1),  # sent, and never noted
        ("settle", 1, True, 1, 0),  # noted
        ("next", 2, True, 1, 0),
    ],
)
async def test_killed_at_any_line_a_code_goes_at_most_once_by_each_channel_and_is_not_lost(
    deliveries: Deliveries, method: str, nth: int, after: bool, by_sms: int, by_mail: int
) -> None:
    delivery_id = await deliveries.queued(SMS, MAIL)
    await killed(deliveries, delivery_id, method, nth, after=after)
    assert (await deliveries.to_the_end(delivery_id)).state is DeliveryState.SENT
    assert (len(deliveries.sms.sent), len(deliveries.mail.sent)) == (by_sms, by_mail)


async def test_a_claim_whose_process_died_is_unknown(deliveries: Deliveries) -> None:
    delivery_id = await deliveries.queued(SMS)
    await killed(deliveries, delivery_id, "settle", 1, after=False)
    standing = await deliveries.to_the_end(delivery_id)
    assert (standing.state, standing.reason) == (DeliveryState.UNKNOWN, Reason.ANSWER_LOST)
    assert len(deliveries.sms.sent) == 1


@pytest.mark.parametrize("after", [False, True])
async def test_killed_while_a_receipt_is_noted_it_is_asked_for_again(deliveries: Deliveries, after: bool) -> None:
    delivery_id = await deliveries.queued(SMS)
    due = (await deliveries.run(delivery_id)).due_at
    assert due is not None
    deliveries.clock.now = due
    deliveries.sms.receipts = [Receipt(ReceiptState.DELIVERED)] * 2
    await killed(deliveries, delivery_id, "note_receipt", 1, after=after)
    assert (await deliveries.to_the_end(delivery_id)).state is DeliveryState.DELIVERED
    assert await deliveries.told() == [("code-sent", "sms"), ("code-delivered", "sms")]


async def test_killed_in_the_chat_the_message_stands_there_once(deliveries: Deliveries) -> None:
    delivery_id = await deliveries.queued(CHAT)
    for after in (False, True):
        await killed(deliveries, delivery_id, "next", 1, after=after)
    assert (await deliveries.to_the_end(delivery_id)).state is DeliveryState.SENT
    assert await deliveries.read_by_client(deliveries.client) == [TEXT]


async def test_an_answer_that_comes_after_another_process_has_given_up_is_kept(deliveries: Deliveries) -> None:
    answer = asyncio.Event()

    async def late(_: Outgoing) -> str:
        await answer.wait()
        return "late"

    deliveries.sms.answers = [late]
    delivery_id = await deliveries.queued(SMS, MAIL)
    first = asyncio.create_task(deliveries.worker().deliver(delivery_id))
    while not deliveries.sms.sent:  # noqa: ASYNC110 - the fake has no event
        await asyncio.sleep(0.01)
    assert (await deliveries.run(delivery_id)).state is DeliveryState.SENT
    answer.set()
    assert (await first).state is DeliveryState.SENT
    attempts = await deliveries.attempts(delivery_id)
    assert [(one.state, one.provider_id) for one in (attempts[SMS], attempts[MAIL])] == [
        (AttemptState.SENT, "late"),
        (AttemptState.SENT, "id-1"),
    ]
    assert (len(deliveries.sms.sent), len(deliveries.mail.sent)) == (1, 1)


async def test_a_refusal_that_comes_late_changes_nothing(deliveries: Deliveries) -> None:
    answer = asyncio.Event()

    async def late(_: Outgoing) -> str:
        await answer.wait()
        raise Rejected(207, "")

    deliveries.sms.answers = [late]
    delivery_id = await deliveries.queued(SMS, MAIL)
    first = asyncio.create_task(deliveries.worker().deliver(delivery_id))
    while not deliveries.sms.sent:  # noqa: ASYNC110 - the fake has no event
        await asyncio.sleep(0.01)
    await deliveries.run(delivery_id)
    answer.set()
    await first
    assert (await deliveries.attempts(delivery_id))[SMS].state is AttemptState.UNKNOWN


async def test_many_processes_at_once_send_once_by_each_channel(deliveries: Deliveries) -> None:
    delivery_id = await deliveries.queued(SMS, MAIL, CHAT)
    await asyncio.gather(*(deliveries.worker().deliver(delivery_id) for _ in range(6)))
    assert len(deliveries.sms.sent) == 1
    assert len(deliveries.mail.sent) <= 1
    assert len(await deliveries.messages(deliveries.client)) <= 1


async def test_a_delivery_whose_start_was_lost_is_started_by_the_sweep(deliveries: Deliveries) -> None:
    begun: list[UUID] = []

    async def begin(delivery_id: UUID) -> None:
        begun.append(delivery_id)

    starts = DeliveryStarts(deliveries.sessions, begin, deliveries.clock)
    delivery_id = await deliveries.queued(SMS)
    assert await starts.sweep_deliveries() == 0
    deliveries.clock.advance(OVERDUE * 2)
    for _ in range(2):
        assert await starts.sweep_deliveries() == 1
    assert begun == [delivery_id] * 2
    deliveries.sms.receipts = [Receipt(ReceiptState.DELIVERED)]
    await deliveries.to_the_end(delivery_id)
    deliveries.clock.advance(OVERDUE * 2)
    assert await starts.sweep_deliveries() == 0


async def test_a_deleted_client_ends_his_delivery(deliveries: Deliveries) -> None:
    delivery_id = await deliveries.queued(SMS)
    async with deliveries.sessions.begin() as session:
        await session.delete(await deliveries.delivery(delivery_id))
    assert (await deliveries.run(delivery_id)).state is None
    assert deliveries.sms.sent == []


# The receipt of the chat.


async def test_the_chat_is_delivered_when_its_text_is_first_shown(deliveries: Deliveries) -> None:
    delivery_id = await deliveries.queued(CHAT)
    await deliveries.run(delivery_id)
    shown = [one.id for one in await deliveries.rows(SupportMessage)]
    first = deliveries.clock.advance(OVERDUE)
    for _ in range(2):
        await note_shown(deliveries.sessions, deliveries.client.user_id, shown, deliveries.clock())
        deliveries.clock.advance(OVERDUE)
    assert (await deliveries.attempts(delivery_id))[CHAT].delivered_at == first
    assert (await deliveries.delivery(delivery_id)).state is DeliveryState.DELIVERED
    assert await deliveries.told() == [("code-sent", "support_chat"), ("code-delivered", "support_chat")]


async def test_a_stranger_or_another_message_is_no_receipt(deliveries: Deliveries) -> None:
    delivery_id = await deliveries.queued(CHAT)
    await deliveries.run(delivery_id)
    shown = [one.id for one in await deliveries.rows(SupportMessage)]
    await note_shown(deliveries.sessions, delivery_id, shown, deliveries.clock())
    await note_shown(deliveries.sessions, deliveries.client.user_id, [delivery_id], deliveries.clock())
    await note_shown(deliveries.sessions, deliveries.client.user_id, [], deliveries.clock())
    assert (await deliveries.attempts(delivery_id))[CHAT].state is AttemptState.SENT
