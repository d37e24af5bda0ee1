"""CODE_CHANNELS: what it may say."""

import pytest

from domain.deliveries.code_channels import code_channels
from domain.deliveries.delivery import AttemptState, Channel, DeliveryState, Reason
from domain.deliveries.wording import NAMES, WHY, code_hint


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        ("support_chat", [Channel.SUPPORT_CHAT]),
        (" SMS , telegram,mail ", [Channel.SMS, Channel.TELEGRAM, Channel.MAIL]),
        ("telegram,support_chat", [Channel.TELEGRAM, Channel.SUPPORT_CHAT]),
        ("sms", [Channel.SMS]),
    ],
)
def test_the_order_is_as_it_is_written(text: str, channels: list[Channel]) -> None:
    assert list(code_channels(text)) == channels


@pytest.mark.parametrize("text", ["", ",", "sms,", "sms,sms", "pigeon", "sms;mail", "telegram", " Telegram "])
def test_what_is_no_list_of_channels_stops_the_start_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(has|names|telegram)") as said:
        code_channels(text)
    assert "pigeon" not in str(said.value)


def test_every_channel_and_every_reason_has_words() -> None:
    assert (set(NAMES), set(WHY)) == (set(Channel), set(Reason))


@pytest.mark.parametrize("reason", Reason)
def test_a_manager_reads_of_each_reason_what_to_do(reason: Reason) -> None:
    attempts = [(Channel.SMS, AttemptState.REJECTED, reason)]
    for state in (DeliveryState.FAILED, DeliveryState.UNKNOWN):
        hint = code_hint(state, reason, attempts) or ""
        assert reason is Reason.WITHDRAWN or (WHY[reason] in hint and "запросите" in hint.lower())
    for state in (DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.DELIVERED):
        assert code_hint(state, None, attempts) is None
