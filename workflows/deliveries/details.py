"""Russian details of a delivery for the Temporal Web UI: ids, channels, states and reasons, no address and no text."""

from activities.deliveries.messages import DeliveryStanding
from domain.deliveries.delivery import AttemptState, DeliveryState, Purpose, Reason

PURPOSES = {
    Purpose.SIGNING_CODE: "Код для подписи",
    Purpose.PHONE_CODE: "Код для подтверждения телефона",
    Purpose.EMAIL_CODE: "Код для подтверждения почты",
    Purpose.SIGNED_COPY: "Подписанный договор и сертификат",
    Purpose.OWNER_NOTE: "Письмо владельцу",
}

STATES = {
    DeliveryState.PENDING: "ещё не отправлено",
    DeliveryState.SENT: "отправлено",
    DeliveryState.DELIVERED: "доставлено",
    DeliveryState.FAILED: "не отправлено, каналов больше нет",
    DeliveryState.UNKNOWN: "неизвестно, дошло ли: ответ канала потерян, повторять нельзя",
}

ATTEMPTS = {
    AttemptState.CLAIMED: "отправляется",
    AttemptState.NOT_DONE: "канал не принял, ничего не ушло",
    AttemptState.SENT: "принято каналом",
    AttemptState.DELIVERED: "доставлено",
    AttemptState.UNDELIVERED: "канал сообщает, что не доставлено",
    AttemptState.REJECTED: "канал отказал",
    AttemptState.UNREACHABLE: "не пробовали",
    AttemptState.UNKNOWN: "ответ потерян, этим каналом больше не отправляем",
}

REASONS = {
    Reason.CHANNEL_OFF: "канал не настроен (нет его ключа в настройках)",
    Reason.PHONE_UNCONFIRMED: "телефон не подтверждён",
    Reason.TELEGRAM_UNLINKED: "Telegram не привязан",
    Reason.EMAIL_UNCONFIRMED: "почта не подтверждена",
    Reason.NO_CHAT: "нет карточки клиента",
    Reason.NO_ANSWER: "канал недоступен",
    Reason.TOO_MANY: "канал просит подождать",
    Reason.ACCOUNT: "ключ, права или деньги на счёте у оператора канала: проверьте настройки",
    Reason.REFUSED: "канал не принимает сообщение для этого адреса",
    Reason.ANSWER_LOST: "ответ не получен, или процесс прервался во время отправки",
    Reason.UNDELIVERED: "отчёт канала: не доставлено",
    Reason.FILE_MISSING: "нет файла в хранилище",
    Reason.EXPIRED: "срок вышел раньше, чем удалось отправить",
    Reason.WITHDRAWN: "больше не нужно: отправлено новое или договор аннулирован",
}


def delivery_details(standing: DeliveryStanding) -> str:
    """Markdown for the current details; times in UTC."""
    if standing.state is None:
        return "Отправки больше нет: данные клиента удалены."
    what = PURPOSES[standing.purpose] if standing.purpose else "Отправка"
    lines = [f"**{what}: {STATES[standing.state]}**"]
    if standing.reason is not None:
        lines.append(f"Почему: {REASONS[standing.reason]}")
    for channel, state, reason in standing.attempts:
        why = f" ({REASONS[Reason(reason)]})" if reason else ""
        lines.append(f"`{channel}`: {ATTEMPTS[AttemptState(state)]}{why}")
    if standing.due_at is not None:
        doing = "попробуем ещё раз" if standing.state is DeliveryState.PENDING else "спросим отчёт о доставке"
        lines.append(f"Дальше: {doing} {standing.due_at:%d.%m.%Y %H:%M:%S} UTC")
    return "\n\n".join(lines)
