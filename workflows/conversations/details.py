"""Current details of a conversation in the Temporal Web UI: states and times in Russian, no personal data."""

from workflows.conversations.agenda import Action, Agenda, Todo
from workflows.kernel.status import WorkflowStatus
from workflows.kernel.troubles import moment, trouble_of

DOING = {
    Action.SHOW: "показываем новое в теме",
    Action.ANSWER: "отправляем ответы на Avito",
    Action.AUTO_REPLY: "решаем об автоответе",
    Action.REMIND: "напоминаем о неотвеченном",
}

COMING = {
    Action.SHOW: "снова покажем в теме",
    Action.ANSWER: "снова отправим на Avito",
    Action.AUTO_REPLY: "автоответ",
    Action.REMIND: "напоминание о неотвеченном",
}

STATES = {
    WorkflowStatus.ACTIVE: "Переписка открыта",
    WorkflowStatus.CLOSED: "Переписка закрыта",
    WorkflowStatus.STUCK: "Переписка стоит",
    WorkflowStatus.OFF: "Переписка неизвестна",
}

QUIET_TIMER = "две недели тишины"


def alarm_for(todo: Todo | None) -> str:
    return COMING[todo.action] if todo else QUIET_TIMER


def conversation_details(agenda: Agenda, doing: Action | None) -> str:
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
        lines.append(f"Дальше: {COMING[todo.action]} {moment(todo.at)}")
    return "\n\n".join(dict.fromkeys(lines))
