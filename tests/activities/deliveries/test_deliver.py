"""One delivery over real rows: once by the first channel that takes it, or why not."""

import asyncio
from datetime import timedelta

import pytest

from activities.deliveries.carrier import File, Outgoing, Receipt
from activities.deliveries.queue import Attached, Letter
from domain.deliveries.delivery import (
    PATIENCE_FOR_CODES,
    AttemptState,
    Channel,
    DeliveryState,
    Purpose,
    Reason,
    ReceiptState,
)
from gateways.outcome import NotDone, PaymentRequired, Rejected, TooMany, Unknown
from models import Delivery, User
from models.deliveries.delivery import ADDRESS
from models.kernel.columns import unseal
from tests.database_content import dump
from tests.deliveries_setup import ALL, LIFETIME, TEXT, Deliveries
from tests.factories import make_manager

SMS, TELEGRAM, MAIL, CHAT = Channel.SMS, Channel.TELEGRAM, Channel.MAIL, Channel.SUPPORT_CHAT
SECOND = timedelta(seconds=1)
DELIVERED, UNDELIVERED = Receipt(ReceiptState.DELIVERED), Receipt(ReceiptState.UNDELIVERED)


async def test_a_code_goes_by_the_first_channel_and_by_no_other(deliveries: Deliveries) -> None:
    delivery_id = await deliveries.queued(*ALL)
    standing = await deliveries.run(delivery_id)
    [sent] = deliveries.sms.sent
    phone = (await deliveries.user(deliveries.client)).phone
    assert (sent.id, sent.address, sent.text, sent.short) == (delivery_id, phone, TEXT, "428571: подпись")
    assert (standing.state, deliveries.telegram.sent, deliveries.mail.sent) == (DeliveryState.SENT, [], [])
    attempt = (await deliveries.attempts(delivery_id))[SMS]
    assert (attempt.state, attempt.provider_id, attempt.sent_at) == (AttemptState.SENT, "id-1", deliveries.clock())
    assert unseal(deliveries.keyring, ADDRESS, attempt.address or b"") == phone
    assert await deliveries.told() == [("code-sent", "sms")]


async def test_a_repeat_sends_nothing_and_changes_nothing(deliveries: Deliveries) -> None:
    delivery_id = await deliveries.queued(*ALL)
    first = await deliveries.run(delivery_id)
    rows = await dump(deliveries.sessions)
    assert await deliveries.run(delivery_id) == first
    assert await dump(deliveries.sessions) == rows
    assert len(deliveries.sms.sent) == 1


async def test_neither_rows_nor_trail_hold_text_or_address_in_clear(deliveries: Deliveries) -> None:
    await deliveries.to_the_end(await deliveries.queued(SMS, MAIL))
    user = await deliveries.user(deliveries.client)
    for table, row in await dump(deliveries.sessions):
        if table in ("deliveries", "delivery_attempts", "audit_events"):
            assert not any(secret in row for secret in ("428571", user.phone or "-", user.email or "-"))


# Out of reach.


@pytest.mark.parametrize(
    ("blank", "channel", "reason"),
    [
        ({"phone_confirmed_at": None}, SMS, Reason.PHONE_UNCONFIRMED),
        ({"phone_confirmed_by": None}, SMS, Reason.PHONE_UNCONFIRMED),
        ({"telegram_user_id": None}, TELEGRAM, Reason.TELEGRAM_UNLINKED),
        ({"email_confirmed_at": None}, MAIL, Reason.EMAIL_UNCONFIRMED),
        ({"email": None}, MAIL, Reason.EMAIL_UNCONFIRMED),
    ],
)
async def test_only_what_is_confirmed_is_an_address(
    deliveries: Deliveries, blank: dict[str, object], channel: Channel, reason: Reason
) -> None:
    async with deliveries.sessions.begin() as session:
        user = await session.get_one(User, deliveries.client.user_id)
        for name, value in blank.items():
            setattr(user, name, value)
    delivery_id = await deliveries.queued(channel)
    standing = await deliveries.to_the_end(delivery_id)
    assert (standing.state, standing.reason) == (DeliveryState.FAILED, reason)
    assert not [*deliveries.sms.sent, *deliveries.telegram.sent, *deliveries.mail.sent]
    assert await deliveries.told() == [("code-undelivered", reason.value)]


async def test_a_number_on_the_card_is_no_address(deliveries: Deliveries) -> None:
    async with deliveries.sessions.begin() as session:
        card = await session.get_one(type(deliveries.client), deliveries.client.id)
        card.contact_phone, card.contact_email = "9990000000", "manager@example.com"
    await deliveries.run(await deliveries.queued(SMS))
    assert [one.address for one in deliveries.sms.sent] == [(await deliveries.user(deliveries.client)).phone]


async def test_a_channel_without_its_setting_is_off_and_the_next_one_is_used(deliveries: Deliveries) -> None:
    del deliveries.on[SMS]
    delivery_id = await deliveries.queued(SMS, MAIL)
    assert (await deliveries.run(delivery_id)).state is DeliveryState.SENT
    attempts = await deliveries.attempts(delivery_id)
    assert (attempts[SMS].state, attempts[SMS].reason) == (AttemptState.UNREACHABLE, Reason.CHANNEL_OFF)
    assert len(deliveries.mail.sent) == 1


async def test_a_named_address_stands_for_the_confirmed_one(deliveries: Deliveries) -> None:
    delivery_id = await deliveries.queued(SMS, purpose=Purpose.PHONE_CODE, addresses={SMS: "9031112233"})
    await deliveries.run(delivery_id)
    assert [one.address for one in deliveries.sms.sent] == ["9031112233"]
    assert await deliveries.told() == []


async def test_a_manager_is_written_to_unless_he_is_gone(deliveries: Deliveries) -> None:
    owner = await make_manager(deliveries.sessions)
    former = await make_manager(deliveries.sessions, disabled_at=deliveries.clock())
    note = {"purpose": Purpose.OWNER_NOTE, "user_id": None, "client_id": None}
    for manager, state in ((owner, DeliveryState.SENT), (former, DeliveryState.FAILED)):
        delivery_id = await deliveries.queued(TELEGRAM, MAIL, manager_id=manager.id, **note)  # type: ignore[arg-type]  # names of its fields
        assert (await deliveries.to_the_end(delivery_id)).state is state
    assert [one.address for one in deliveries.mail.sent] == [owner.email]


# What channels answer.


@pytest.mark.parametrize(
    ("answer", "state", "reason", "status"),
    [
        (Rejected(207, "no route"), AttemptState.REJECTED, Reason.REFUSED, 207),
        (PaymentRequired(201, "no money"), AttemptState.REJECTED, Reason.ACCOUNT, 201),
        (Unknown("lost"), AttemptState.UNKNOWN, Reason.ANSWER_LOST, None),
    ],
)
async def test_a_channel_that_refuses_or_loses_its_answer_is_followed_by_the_next(
    deliveries: Deliveries, answer: Exception, state: AttemptState, reason: Reason, status: int | None
) -> None:
    deliveries.sms.answers = [answer]
    delivery_id = await deliveries.queued(SMS, MAIL)
    assert (await deliveries.to_the_end(delivery_id)).state is DeliveryState.SENT
    assert (len(deliveries.sms.sent), len(deliveries.mail.sent)) == (1, 1)
    attempt = (await deliveries.attempts(delivery_id))[SMS]
    assert (attempt.state, attempt.reason, attempt.provider_status) == (state, reason, status)


async def test_a_channel_that_sends_nothing_is_tried_again_shortly(deliveries: Deliveries) -> None:
    deliveries.sms.answers = [NotDone("away"), NotDone("away")]
    delivery_id = await deliveries.queued(SMS, MAIL)
    standing = await deliveries.run(delivery_id)
    assert (standing.state, standing.due_at) == (DeliveryState.PENDING, deliveries.clock() + 2 * SECOND)
    assert (await deliveries.to_the_end(delivery_id)).state is DeliveryState.SENT
    assert (len(deliveries.sms.sent), deliveries.mail.sent) == (3, [])
    assert (await deliveries.attempts(delivery_id))[SMS].tries == 3


async def test_a_channel_that_is_away_for_longer_gives_way_to_the_next(deliveries: Deliveries) -> None:
    deliveries.sms.answers = [NotDone("away") for _ in range(100)]
    begun, delivery_id = deliveries.clock(), await deliveries.queued(SMS, MAIL)
    assert (await deliveries.to_the_end(delivery_id)).state is DeliveryState.SENT
    assert len(deliveries.mail.sent) == 1
    assert deliveries.clock() - begun <= PATIENCE_FOR_CODES


async def test_too_many_waits_as_long_as_the_channel_asks(deliveries: Deliveries) -> None:
    deliveries.sms.answers = [TooMany("busy", 7.0)]
    delivery_id = await deliveries.queued(SMS, MAIL)
    assert (await deliveries.run(delivery_id)).due_at == deliveries.clock() + 7 * SECOND
    await deliveries.to_the_end(delivery_id)
    assert (len(deliveries.sms.sent), deliveries.mail.sent) == (2, [])


async def test_a_slow_channel_counts_as_unknown_and_the_code_goes_by_the_next(deliveries: Deliveries) -> None:
    async def slow(_: Outgoing) -> str:
        await asyncio.sleep(60)
        return "too late"

    deliveries.sms.answers = [slow]
    delivery_id = await deliveries.queued(SMS, MAIL)
    assert (await deliveries.worker(seconds=0.05).deliver(delivery_id)).state is DeliveryState.SENT
    assert (await deliveries.attempts(delivery_id))[SMS].state is AttemptState.UNKNOWN
    assert (len(deliveries.sms.sent), len(deliveries.mail.sent)) == (1, 1)


async def test_when_every_channel_fails_the_trail_says_so_and_nobody_tries_again(deliveries: Deliveries) -> None:
    deliveries.sms.answers, deliveries.mail.answers = [Rejected(207, "")], [Rejected(550, "")]
    delivery_id = await deliveries.queued(SMS, MAIL)
    standing = await deliveries.to_the_end(delivery_id)
    assert (standing.state, standing.reason, standing.due_at) == (DeliveryState.FAILED, Reason.REFUSED, None)
    await deliveries.run(delivery_id)
    assert (len(deliveries.sms.sent), len(deliveries.mail.sent)) == (1, 1)
    assert await deliveries.told() == [("code-undelivered", "refused")]


async def test_a_lost_answer_with_no_channel_behind_it_is_said_to_be_unknown(deliveries: Deliveries) -> None:
    deliveries.sms.answers = [Unknown("lost")]
    standing = await deliveries.to_the_end(await deliveries.queued(SMS))
    assert (standing.state, standing.reason) == (DeliveryState.UNKNOWN, Reason.ANSWER_LOST)
    assert await deliveries.told() == [("code-unconfirmed", "answer-lost")]


async def test_the_chat_behind_other_channels_shows_the_digits_to_the_client_alone(deliveries: Deliveries) -> None:
    deliveries.sms.answers = [Rejected(207, "")]
    delivery_id = await deliveries.queued(SMS, CHAT)
    assert (await deliveries.to_the_end(delivery_id)).state is DeliveryState.SENT
    assert await deliveries.read_by_client(deliveries.client) == [TEXT]
    assert await deliveries.messages(deliveries.client) == ["Код ••••••"]
    await deliveries.run(delivery_id)
    assert len(await deliveries.messages(deliveries.client)) == 1


# Time.


async def test_an_expired_code_is_not_sent(deliveries: Deliveries) -> None:
    delivery_id = await deliveries.queued(*ALL)
    deliveries.clock.advance(LIFETIME)
    standing = await deliveries.to_the_end(delivery_id)
    assert (standing.state, standing.reason, deliveries.sms.sent) == (DeliveryState.FAILED, Reason.EXPIRED, [])


async def test_a_code_that_is_withdrawn_is_not_sent_and_is_nobodys_fault(deliveries: Deliveries) -> None:
    delivery_id = await deliveries.queued(*ALL)
    async with deliveries.sessions.begin() as session:
        await Delivery.withdraw(session, deliveries.client.id, Purpose.SIGNING_CODE, deliveries.clock())
    standing = await deliveries.to_the_end(delivery_id)
    assert (standing.state, standing.reason, deliveries.sms.sent) == (DeliveryState.FAILED, Reason.WITHDRAWN, [])
    assert await deliveries.told() == []


# Receipts.


async def test_a_receipt_is_kept_with_its_time(deliveries: Deliveries) -> None:
    delivery_id = await deliveries.queued(SMS, MAIL)
    sent_at = deliveries.clock()
    deliveries.sms.receipts = [None, Unknown("lost"), Receipt(ReceiptState.DELIVERED, sent_at + 3 * SECOND)]
    standing = await deliveries.to_the_end(delivery_id)
    assert (standing.state, deliveries.sms.asked) == (DeliveryState.DELIVERED, ["id-1"] * 3)
    attempt = (await deliveries.attempts(delivery_id))[SMS]
    assert (attempt.state, attempt.delivered_at) == (AttemptState.DELIVERED, sent_at + 3 * SECOND)
    assert await deliveries.told() == [("code-sent", "sms"), ("code-delivered", "sms")]


async def test_a_receipt_that_says_undelivered_sends_the_code_by_the_next_channel(deliveries: Deliveries) -> None:
    deliveries.sms.receipts = [UNDELIVERED]
    delivery_id = await deliveries.queued(SMS, MAIL)
    assert (await deliveries.to_the_end(delivery_id)).state is DeliveryState.SENT
    assert (len(deliveries.sms.sent), len(deliveries.mail.sent)) == (1, 1)


async def test_a_receipt_that_comes_after_the_code_has_expired_sends_nothing(deliveries: Deliveries) -> None:
    deliveries.sms.receipts = [*[None] * 9, UNDELIVERED]
    delivery_id = await deliveries.queued(SMS, MAIL)
    standing = await deliveries.to_the_end(delivery_id)
    assert (standing.state, standing.reason) == (DeliveryState.FAILED, Reason.UNDELIVERED)
    assert deliveries.mail.sent == []


async def test_a_channel_that_never_reports_is_left_after_a_day(deliveries: Deliveries) -> None:
    begun = deliveries.clock()
    delivery_id = await deliveries.queued(SMS)
    assert (await deliveries.to_the_end(delivery_id)).state is DeliveryState.SENT
    assert deliveries.clock() - begun <= timedelta(days=1)
    assert len(deliveries.sms.asked) < 50


async def test_a_receipt_of_the_channels_strange_clock_is_put_between_send_and_now(deliveries: Deliveries) -> None:
    for told in (timedelta(days=-9), timedelta(days=9)):
        delivery_id = await deliveries.queued(SMS)
        sent_at = deliveries.clock()
        deliveries.sms.receipts = [Receipt(ReceiptState.DELIVERED, sent_at + told)]
        await deliveries.to_the_end(delivery_id)
        delivered_at = (await deliveries.attempts(delivery_id))[SMS].delivered_at
        assert delivered_at is not None
        assert sent_at <= delivered_at <= deliveries.clock()


# Files.


async def test_files_of_the_store_are_attached(deliveries: Deliveries) -> None:
    key = f"test/{deliveries.client.id}.pdf"
    await deliveries.storage.put(key, b"%PDF-1.7", "application/pdf")
    letter = Letter("Договор", "Ваш договор", html="<p>Ваш договор</p>", attachments=(Attached(key, "Договор.pdf"),))
    await deliveries.run(await deliveries.queued(MAIL, purpose=Purpose.SIGNED_COPY, letter=letter))
    [sent] = deliveries.mail.sent
    assert sent.files == (File("Договор.pdf", "application/pdf", b"%PDF-1.7"),)
    assert (sent.html, sent.short) == ("<p>Ваш договор</p>", "Ваш договор")


async def test_a_missing_file_ends_the_delivery_before_anything_is_sent(deliveries: Deliveries) -> None:
    letter = Letter("Договор", "Ваш договор", attachments=(Attached("test/none.pdf", "Договор.pdf"),))
    delivery_id = await deliveries.queued(MAIL, purpose=Purpose.SIGNED_COPY, letter=letter)
    standing = await deliveries.to_the_end(delivery_id)
    assert (standing.state, standing.reason) == (DeliveryState.FAILED, Reason.FILE_MISSING)
    assert deliveries.mail.sent == []


@pytest.mark.parametrize("channels", [(), (SMS, SMS)])
async def test_a_delivery_by_no_channel_or_twice_by_one_is_a_mistake_of_the_caller(
    deliveries: Deliveries, channels: tuple[Channel, ...]
) -> None:
    with pytest.raises(ValueError, match="channels"):
        await deliveries.queued(*channels)
