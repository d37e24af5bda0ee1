"""What staff see of the way of a code: on the card and in the history, without digits and with a masked address."""

from datetime import timedelta
from typing import Any

import pytest

from domain.deliveries.delivery import AttemptState, Channel, DeliveryState, Purpose, Reason
from models import Client, Code, Contract, Delivery, DeliveryAttempt
from models.deliveries.delivery import ADDRESS, LETTER
from models.kernel.columns import seal
from tests.api.onboarding_steps import at, code_of, fill, good
from tests.api.shared_api import Staff
from tests.clock import MONDAY_NOON
from tests.factories import stored

SMS, MAIL = Channel.SMS, Channel.MAIL
PHONE, EMAIL = "9161234567", "maria@example.com"


async def code_delivery(staff: Staff, client: Client) -> Any:
    return good(await staff.http.get(at(client)))["contract"]["code_delivery"]


async def with_delivery(staff: Staff, client: Client, state: DeliveryState, *attempts: DeliveryAttempt) -> None:
    """The newest code goes this way."""
    keyring = staff.api.context.keyring
    reason = attempts[-1].reason if attempts and state is DeliveryState.FAILED else None
    delivery = Delivery(
        client_id=client.id,
        user_id=client.user_id,
        purpose=Purpose.SIGNING_CODE,
        channels=[SMS, MAIL],
        letter=seal(keyring, LETTER, {"text": "428571"}),
        state=state,
        reason=reason,
        expires_at=MONDAY_NOON,
    )
    await stored(staff.api.sessions, delivery)
    for attempt in attempts:
        attempt.delivery_id = delivery.id
        await stored(staff.api.sessions, attempt)
    async with staff.api.sessions.begin() as session:
        contract = await Contract.newest(session, client.id)
        assert contract is not None
        code = await Code.newest(session, contract.id)
        assert code is not None
        code.delivery_id = delivery.id


def attempt(staff: Staff, channel: Channel, state: AttemptState, reason: Reason | None, address: str) -> Any:
    return DeliveryAttempt(
        channel=channel,
        state=state,
        reason=reason,
        address=seal(staff.api.context.keyring, ADDRESS, address),
        provider_id="000000-10000000",
        at=MONDAY_NOON + timedelta(seconds=1 if channel is MAIL else 0),
        sent_at=MONDAY_NOON if state in (AttemptState.SENT, AttemptState.DELIVERED) else None,
        delivered_at=MONDAY_NOON if state is AttemptState.DELIVERED else None,
    )


async def test_by_default_a_code_has_gone_into_the_chat(anna: Staff) -> None:
    client = await anna.client()
    await fill(anna, client)
    assert good(await anna.http.get(at(client)))["contract"] is None
    good(await anna.http.post(at(client, "/contract/generate")))
    shown = await code_delivery(anna, client)
    assert shown["sent_at"] == good(await anna.http.get(at(client)))["contract"]["otp_sent_at"]
    assert {name: shown[name] for name in ("channel", "state", "reason", "hint", "to", "delivered_at")} == {
        "channel": "support_chat",
        "state": "sent",
        **dict.fromkeys(("reason", "hint", "to", "delivered_at")),
    }
    titles = [entry["title"] for entry in good(await anna.http.get(at(client, "/history")))]
    assert "Клиенту отправлен код подтверждения (чат клиента)" in titles
    async with anna.api.sessions() as session:
        delivery = await session.get_one(Delivery, (await _code(anna, client)).delivery_id)
    assert delivery.client_id == client.id


async def test_the_address_is_masked_and_for_a_colleague_it_is_not_there(anna: Staff, boris: Staff) -> None:
    client = await anna.client()
    await fill(anna, client)
    good(await anna.http.post(at(client, "/contract/generate")))
    digits = await code_of(anna.api, client)
    for channel, address, masked in ((SMS, PHONE, "+7 9•• •••-••-67"), (MAIL, EMAIL, "m•••@example.com")):
        await with_delivery(
            anna, client, DeliveryState.DELIVERED, attempt(anna, channel, AttemptState.DELIVERED, None, address)
        )
        for staff, seen in ((anna, masked), (boris, None)):
            answer = await staff.http.get(at(client))
            shown = good(answer)["contract"]["code_delivery"]
            assert (shown["to"], shown["channel"], shown["state"]) == (seen, channel, "delivered")
            assert not any(secret in answer.text for secret in (EMAIL, "428571", digits))


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.UNKNOWN])
async def test_a_manager_reads_why_a_code_has_not_gone_out_and_what_to_do(anna: Staff, state: DeliveryState) -> None:
    client = await anna.client()
    await fill(anna, client)
    good(await anna.http.post(at(client, "/contract/generate")))
    last = AttemptState.REJECTED if state is DeliveryState.FAILED else AttemptState.UNKNOWN
    await with_delivery(
        anna,
        client,
        state,
        attempt(anna, SMS, AttemptState.UNREACHABLE, Reason.PHONE_UNCONFIRMED, ""),
        attempt(anna, MAIL, last, Reason.REFUSED, EMAIL),
    )
    shown = await code_delivery(anna, client)
    assert (shown["channel"], shown["state"], shown["sent_at"]) == ("mail", state, None)
    assert "SMS: телефон клиента не подтверждён" in shown["hint"]
    assert "почта: служба отправки не принимает" in shown["hint"]


async def test_a_code_of_an_earlier_release_has_no_delivery(anna: Staff) -> None:
    client = await anna.client()
    await fill(anna, client)
    good(await anna.http.post(at(client, "/contract/generate")))
    async with anna.api.sessions.begin() as session:
        (await session.get_one(Code, (await _code(anna, client)).id)).delivery_id = None
    assert await code_delivery(anna, client) is None


async def _code(staff: Staff, client: Client) -> Code:
    async with staff.api.sessions() as session:
        contract = await Contract.newest(session, client.id)
        assert contract is not None
        code = await Code.newest(session, contract.id)
    assert code is not None
    return code
