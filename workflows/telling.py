"""What the Temporal Web UI tells of conversations, accounts and bots: states and times, in Russian; no people."""

from datetime import datetime

from workflows.agenda import Agenda, Status, Step, Todo

DOING = {
    Step.SHOW: "показываем новое в теме",
    Step.ANSWER: "отправляем ответы на Avito",
    Step.AUTO_REPLY: "решаем об автоответе",
    Step.REMIND: "напоминаем о неотвеченном",
}

COMING = {
    Step.SHOW: "снова покажем в теме",
    Step.ANSWER: "снова отправим на Avito",
    Step.AUTO_REPLY: "автоответ",
    Step.REMIND: "напоминание о неотвеченном",
}

TROUBLES = {
    "telegram": "Telegram не отвечает или не пускает",
    "avito": "Avito не отвечает или не пускает",
    "budget": "ждём своей очереди: в группу уже отправлено, сколько можно",
    "key": "Avito не принимает ключ аккаунта",
    "gone": "аккаунт удалён",
    "token": "Telegram не принимает токен бота",
    "webhook": "вебхук не принят или не доставляется",
}

STATES = {
    Status.ACTIVE: "Переписка открыта",
    Status.CLOSED: "Переписка закрыта",
    Status.STUCK: "Переписка стоит",
    Status.OFF: "Переписка неизвестна",
}

QUIET_TIMER = "две недели тишины"
SWEEP_TIMER = "следующий обход чатов"
KEEP_TIMER = "следующая проверка бота"


def alarm_for(todo: Todo | None) -> str:
    return COMING[todo.step] if todo else QUIET_TIMER


def tell_conversation(agenda: Agenda, doing: Step | None) -> str:
    """Markdown for the current details of a workflow; times in UTC."""
    standing = agenda.standing
    number = f" №{standing.number}" if standing and standing.number else ""
    lines = [f"**{STATES[agenda.status]}**{number}"]
    if standing is not None and standing.unanswered:
        lines.append("Покупатель ждёт ответа")
    if doing is not None:
        lines.append(f"Сейчас: {DOING[doing]}")
    lines += [trouble_of(trouble) for trouble in agenda.troubles.values()]
    if standing is not None and standing.to_show:
        lines.append("Есть непоказанное в теме")
    if standing is not None and standing.to_send:
        lines.append("Есть неотправленное на Avito")
    todo = agenda.next()
    if todo is not None:
        lines.append(f"Дальше: {COMING[todo.step]} {_moment(todo.at)}")
    return "\n\n".join(dict.fromkeys(lines))


def trouble_of(trouble: str) -> str:
    return f"Мешает: {TROUBLES.get(trouble, trouble)}"


def tell_account(*, healthy: bool, monitoring: bool, found: int, trouble: str | None, at: datetime) -> str:
    if not monitoring:
        return "**Наблюдение выключено**: ждём, пока его включат"
    state = "**Аккаунт Avito в порядке**" if healthy else "**Аккаунт Avito требует внимания**: причина в настройках"
    return _line(state, f"обход {_moment(at)}: чатов с новостями {found}", *([trouble_of(trouble)] if trouble else ()))


def tell_bot(*, polled: bool, trouble: str | None, at: datetime) -> str:
    state = "**Бот требует внимания**: причина в настройках" if trouble else "**Бот в порядке**"
    way = "опрашиваем сами" if polled else "сообщения приходят по вебхуку"
    return _line(state, way, f"проверен {_moment(at)}", *([trouble_of(trouble)] if trouble else ()))


def _line(first: str, *others: str) -> str:
    return "; ".join([first, *others])


def _moment(at: datetime) -> str:
    return f"{at:%d.%m.%Y %H:%M:%S} UTC"
