"""What staff read of a delivery in Russian: no address, no text of it."""

from collections.abc import Sequence
from typing import Final

from domain.deliveries.delivery import AttemptState, Channel, DeliveryState, Reason

NAMES: Final = {
    Channel.SUPPORT_CHAT: "чат клиента",
    Channel.SMS: "SMS",
    Channel.TELEGRAM: "Telegram",
    Channel.MAIL: "почта",
}

WHY: Final = {
    Reason.CHANNEL_OFF: "не настроено",
    Reason.PHONE_UNCONFIRMED: "телефон клиента не подтверждён",
    Reason.TELEGRAM_UNLINKED: "клиент не привязал Telegram",
    Reason.EMAIL_UNCONFIRMED: "почта клиента не подтверждена",
    Reason.NO_CHAT: "нет чата",
    Reason.NO_ANSWER: "служба отправки не отвечает",
    Reason.TOO_MANY: "слишком много сообщений подряд",
    Reason.ACCOUNT: "служба отправки не принимает наш ключ или на счёте нет денег, сообщите администратору",
    Reason.REFUSED: "служба отправки не принимает сообщение на этот адрес",
    Reason.ANSWER_LOST: "служба отправки не подтвердила приём",
    Reason.UNDELIVERED: "не доставлено",
    Reason.FILE_MISSING: "нет файла",
    Reason.EXPIRED: "срок действия истёк раньше, чем удалось отправить",
    Reason.WITHDRAWN: "больше не нужно",
}

CONFIRM: Final = frozenset({Reason.PHONE_UNCONFIRMED, Reason.TELEGRAM_UNLINKED, Reason.EMAIL_UNCONFIRMED})
"""What the client himself can change in his app."""

ASK_TO_CONFIRM: Final = (
    "Попросите клиента подтвердить телефон в своём приложении (там же привязываются Telegram и почта) "
    "и запросите новый код."
)
ASK_AGAIN: Final = "Запросите новый код."
ASK_CLIENT: Final = "Спросите клиента; если код не пришёл, запросите новый."

Tale = Sequence[tuple[Channel, AttemptState, Reason | None]]
"""The attempts of a delivery in order."""


def code_hint(state: DeliveryState, reason: Reason | None, attempts: Tale) -> str | None:
    """Why a code has not gone out, and what a manager does about it; None as long as all is well."""
    if state not in (DeliveryState.FAILED, DeliveryState.UNKNOWN):
        return None
    if reason is Reason.WITHDRAWN:
        return "Код не отправлен: он больше не нужен."
    told = _told(attempts) or (WHY[reason] if reason is not None else "")
    if state is DeliveryState.UNKNOWN:
        return f"Неизвестно, дошёл ли код ({told}). {ASK_CLIENT}"
    advice = ASK_TO_CONFIRM if any(why in CONFIRM for _, _, why in attempts) else ASK_AGAIN
    return f"Код не отправлен ({told}). {advice}"


def _told(attempts: Tale) -> str:
    return "; ".join(f"{NAMES[channel]}: {WHY[reason]}" for channel, _, reason in attempts if reason is not None)
