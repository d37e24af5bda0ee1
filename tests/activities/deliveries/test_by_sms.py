"""The carrier of SMS: what is sent, what its receipts say, and what wakes the operator."""

import logging
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from activities.deliveries.by_sms import SmsCarrier
from activities.deliveries.carrier import Outgoing
from domain.deliveries.delivery import Purpose, ReceiptState
from gateways.outcome import Rejected
from gateways.sms.client import SmsRu
from sandbox.sms.state import KEY
from tests.sandbox.conftest import Served, served

PHONE = "9161234567"


def outgoing(purpose: Purpose = Purpose.PHONE_CODE) -> Outgoing:
    return Outgoing(uuid4(), purpose, PHONE, "Тема", "Длинный текст письма.", "123456 - код.")


@pytest.fixture
async def sandbox() -> AsyncIterator[Served]:
    async with served() as sandbox:
        yield sandbox


@pytest.fixture
async def carrier(sandbox: Served) -> AsyncIterator[SmsCarrier]:
    async with httpx.AsyncClient() as http:
        yield SmsCarrier(SmsRu(http, sandbox.url, KEY), 10)


async def test_the_short_text_goes_and_lives_as_long_as_the_code(sandbox: Served, carrier: SmsCarrier) -> None:
    await carrier.send(outgoing())
    await carrier.send(outgoing(Purpose.OWNER_NOTE))
    assert [one.text for one in sandbox.world.phones.kept.messages] == ["123456 - код."] * 2
    assert [one.ttl for one in sandbox.world.phones.kept.messages] == [600, 86_400]


async def test_receipts_follow_the_message(sandbox: Served, carrier: SmsCarrier) -> None:
    lost = await carrier.send(outgoing())
    first = await carrier.receipt(lost)
    assert first is not None
    assert first.state is ReceiptState.PENDING
    sandbox.world.clock.advance(5)
    later = await carrier.receipt(lost)
    assert later is not None
    assert later.state is ReceiptState.DELIVERED
    await sandbox.post(f"/phones/7{PHONE}", off=True)
    gone = await carrier.send(outgoing())
    sandbox.world.clock.advance(700)
    never = await carrier.receipt(gone)
    assert never is not None
    assert never.state is ReceiptState.UNDELIVERED
    assert await carrier.receipt("000000-0") is None


@pytest.mark.parametrize(("code", "alarms"), [(204, 1), (205, 1), (207, 0), (209, 0)])
async def test_what_only_the_operator_can_put_right_is_logged_without_number_and_text(
    sandbox: Served, carrier: SmsCarrier, code: int, alarms: int, caplog: pytest.LogCaptureFixture
) -> None:
    await sandbox.fault("refused", "sms", code=code)
    with caplog.at_level(logging.ERROR, "privet.sms"), pytest.raises(Rejected):
        await carrier.send(outgoing())
    assert len(caplog.records) == alarms
    told = repr([vars(record) for record in caplog.records])
    assert PHONE not in told
    assert "123456" not in told
