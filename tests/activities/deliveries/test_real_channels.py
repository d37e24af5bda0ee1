"""The three channels over their real protocols, against the sandbox with its faults: once, or by the next one."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from activities.deliveries.by_mail import MailCarrier
from activities.deliveries.by_sms import SmsCarrier
from activities.deliveries.by_telegram import TelegramCarrier
from domain.deliveries.delivery import AttemptState, Channel, DeliveryState, Reason
from gateways.mail.client import Mailer, MailServer
from gateways.mail.letter import Mailbox
from gateways.sms.client import SmsRu
from gateways.telegram.client import TelegramApi
from models import User
from sandbox.sms.state import KEY
from tests.deliveries_setup import Deliveries
from tests.sandbox_server import Sandbox, running_sandbox

SMS, TELEGRAM, MAIL, CHAT = Channel.SMS, Channel.TELEGRAM, Channel.MAIL, Channel.SUPPORT_CHAT
OLGA = 700_001


@pytest.fixture(scope="module")
async def world() -> AsyncIterator[Sandbox]:
    async with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def outside(world: Sandbox, deliveries: Deliveries) -> AsyncIterator[Sandbox]:
    """The sandbox, to which the deliveries of this test go."""
    world.clear()
    world.world.mailbox.clear()
    world.world.phones.clear()
    _, token, _ = await world.bot()
    await world.post(f"/private/{OLGA}/messages", bot_token=token, text="/start")
    telegram = TelegramApi(world.url)
    server = MailServer.parse(f"smtp://sandbox:SANDBOX-mail-password@127.0.0.1:{world.smtp_port}")
    async with httpx.AsyncClient(timeout=5) as http:
        deliveries.on = {
            SMS: SmsCarrier(SmsRu(http, world.url, KEY), 10),
            TELEGRAM: TelegramCarrier(telegram, token),
            MAIL: MailCarrier(Mailer(server, Mailbox("hello@privet.test", "Привет")), deliveries.clock),
        }
        yield world
    await telegram.close()


async def on_the_phone(outside: Sandbox, deliveries: Deliveries) -> list[str]:
    user = await deliveries.user(deliveries.client)
    return [
        one["text"]
        for phone in await outside.get("/phones")
        if phone["number"] == f"7{user.phone}"
        for one in phone["messages"]
    ]


async def letters(outside: Sandbox) -> list[Any]:
    found: list[Any] = await outside.get("/mail")
    return found


async def test_by_sms_it_is_on_the_phone_and_its_receipt_is_kept(outside: Sandbox, deliveries: Deliveries) -> None:
    delivery_id = await deliveries.queued(SMS, MAIL)
    standing = await deliveries.run(delivery_id)
    assert (standing.state, await on_the_phone(outside, deliveries)) == (DeliveryState.SENT, ["428571: подпись"])
    outside.advance(timedelta(seconds=10))
    assert standing.due_at is not None
    deliveries.clock.now = standing.due_at
    assert (await deliveries.run(delivery_id)).state is DeliveryState.DELIVERED
    assert await letters(outside) == []


@pytest.mark.parametrize("code", [202, 207, 209])
async def test_an_sms_that_is_refused_goes_by_mail(outside: Sandbox, deliveries: Deliveries, code: int) -> None:
    await outside.fault("sms", "refused", code=code)
    delivery_id = await deliveries.queued(SMS, MAIL)
    assert (await deliveries.to_the_end(delivery_id)).state is DeliveryState.SENT
    attempt = (await deliveries.attempts(delivery_id))[SMS]
    assert (attempt.reason, attempt.provider_status) == (Reason.REFUSED, code)
    assert (await on_the_phone(outside, deliveries), len(await letters(outside))) == ([], 1)


@pytest.mark.parametrize("code", [200, 201])
async def test_an_account_without_key_or_money_is_named_as_such(
    outside: Sandbox, deliveries: Deliveries, code: int
) -> None:
    await outside.fault("sms", "refused", code=code)
    delivery_id = await deliveries.queued(SMS, TELEGRAM)
    await deliveries.to_the_end(delivery_id)
    assert (await deliveries.attempts(delivery_id))[SMS].reason is Reason.ACCOUNT


@pytest.mark.parametrize("fault", ["dropped", "html-after"])
async def test_an_sms_whose_answer_is_lost_is_not_sent_again(
    outside: Sandbox, deliveries: Deliveries, fault: str
) -> None:
    await outside.fault("sms", fault)
    delivery_id = await deliveries.queued(SMS, MAIL)
    assert (await deliveries.to_the_end(delivery_id)).state is DeliveryState.SENT
    assert (await deliveries.attempts(delivery_id))[SMS].state is AttemptState.UNKNOWN
    assert (len(await on_the_phone(outside, deliveries)), len(await letters(outside))) == (1, 1)


async def test_an_sms_that_is_answered_too_late_is_not_sent_again(outside: Sandbox, deliveries: Deliveries) -> None:
    await outside.fault("sms", "late-answer", seconds=3.0)
    delivery_id = await deliveries.queued(SMS, TELEGRAM)
    assert (await deliveries.worker(seconds=0.3).deliver(delivery_id)).state is DeliveryState.SENT
    assert (await deliveries.attempts(delivery_id))[SMS].state is AttemptState.UNKNOWN
    assert len(await on_the_phone(outside, deliveries)) == 1


async def test_a_service_that_is_busy_for_a_moment_sends_the_sms_in_the_end(
    outside: Sandbox, deliveries: Deliveries
) -> None:
    await outside.fault("sms", "refused", code=220, times=2)
    delivery_id = await deliveries.queued(SMS, MAIL)
    standing = await deliveries.run(delivery_id)
    while standing.state is DeliveryState.PENDING:
        assert standing.due_at is not None
        deliveries.clock.now = standing.due_at
        standing = await deliveries.run(delivery_id)
    assert (len(await on_the_phone(outside, deliveries)), await letters(outside)) == (1, [])


async def test_by_telegram_it_is_in_the_private_chat_once(outside: Sandbox, deliveries: Deliveries) -> None:
    delivery_id = await deliveries.queued(TELEGRAM, MAIL)
    await deliveries.to_the_end(delivery_id)
    await deliveries.run(delivery_id)
    assert len([call for call in outside.calls("sendMessage") if str(OLGA) in str(call)]) == 1
    assert await letters(outside) == []


async def test_telegram_that_is_out_of_reach_gives_way_to_mail(outside: Sandbox, deliveries: Deliveries) -> None:
    async with deliveries.sessions.begin() as session:
        (await session.get_one(User, deliveries.client.user_id)).telegram_user_id = 909_909
    delivery_id = await deliveries.queued(TELEGRAM, MAIL)
    assert (await deliveries.to_the_end(delivery_id)).state is DeliveryState.SENT
    assert (await deliveries.attempts(delivery_id))[TELEGRAM].state is AttemptState.REJECTED
    assert len(await letters(outside)) == 1


@pytest.mark.parametrize(
    ("fault", "state", "in_mailbox"),
    [
        ("rcpt-refused", AttemptState.REJECTED, 0),
        ("data-refused", AttemptState.REJECTED, 0),
        ("no-connection", AttemptState.NOT_DONE, 0),
        ("rcpt-later", AttemptState.NOT_DONE, 0),
        ("dropped", AttemptState.UNKNOWN, 1),
    ],
)
async def test_every_fault_of_mail_ends_in_the_chat(
    outside: Sandbox, deliveries: Deliveries, fault: str, state: AttemptState, in_mailbox: int
) -> None:
    await outside.fault("mail", fault)
    delivery_id = await deliveries.queued(MAIL, CHAT)
    assert (await deliveries.to_the_end(delivery_id)).state is DeliveryState.SENT
    assert (await deliveries.attempts(delivery_id))[MAIL].state is state
    assert len(await letters(outside)) == in_mailbox
    assert len(await deliveries.read_by_client(deliveries.client)) == 1
