"""What a client reads of a code, by channel; staff see the same without the digits."""

from collections.abc import Sequence
from typing import Final

from domain.contracts.signature import HIDDEN_CODE
from domain.deliveries.delivery import Channel
from domain.kernel.money import show_amount

SMS_PART: Final = 70
"""Characters of an SMS with Cyrillic letters; a longer one is sent, and paid for, in parts of 67."""

WAYS: Final = {
    Channel.SUPPORT_CHAT: "в этот чат",
    Channel.SMS: "по SMS на подтверждённый номер",
    Channel.TELEGRAM: "в Telegram",
    Channel.MAIL: "на подтверждённую почту",
}


def code_subject(number: str) -> str:
    """Of a mail: it may stand on a locked screen, so without the digits."""
    return f"Код подтверждения для договора {number}"


def short_code_message(number: str, code: str, amount_kopecks: int) -> str:
    """What is signed, for how much, and the warning, in one part of an SMS up to 999 999 ₽."""
    amount = show_amount(amount_kopecks).replace(".00 ", " ").replace(".", ",")
    return f"{code}: подпись договора {number}, {amount}. Никому не сообщайте"


def code_went_elsewhere(number: str, channels: Sequence[Channel], minutes: int) -> str:
    """The notice in the chat, without digits, while the code goes by the first of these channels that takes it."""
    ways = " или ".join(WAYS[channel] for channel in channels)
    return (
        f"Договор {number}, код подтверждения {HIDDEN_CODE} отправляем вам {ways}. Код действует {minutes} мин.\n"
        "Никому не сообщайте код, в том числе сотруднику."
    )


def code_went_nowhere(number: str) -> str:
    """The notice in the chat when no channel can be used."""
    return (
        f"Договор {number}: код подтверждения отправить некуда. Подтвердите телефон в этом приложении "
        "и запросите новый код."
    )
