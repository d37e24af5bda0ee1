"""Russian details of a client's workflow for the Temporal Web UI: ids, states and times, no personal data."""

from domain.onboarding.deadline import Deadline, Due
from domain.onboarding.process import OnboardingState, WizardStep, next_step

STEPS = {
    WizardStep.PROFILE: "ждём контактных данных",
    WizardStep.PASSPORT: "ждём паспортных данных",
    WizardStep.DEVICES: "ждём списка устройств",
    WizardStep.TARIFF: "ждём выбора тарифа",
    WizardStep.CONTRACT: "можно формировать договор",
    WizardStep.SIGNATURE: "ждём подписи клиента",
    WizardStep.PAYMENT: "ждём оплаты",
    WizardStep.DONE: "всё сделано",
}

DEADLINES = {
    Due.CODE_EXPIRES: "истечёт код",
    Due.REMIND_CLIENT_OF_OFFER: "напомним клиенту о договоре",
    Due.REMIND_MANAGER_OF_OFFER: "напомним менеджеру о договоре",
    Due.OFFER_EXPIRES: "истечёт срок предложения",
    Due.REMIND_OF_INVOICE: "напомним об оплате",
    Due.INVOICE_OVERDUE: "счёт станет просроченным",
    Due.OFFER_BACK: "вернём клиента в «Новые»",
}


def tell(state: OnboardingState, doing: str | None, deadline: Deadline | None) -> str:
    """Markdown for the current details of a workflow; times in UTC."""
    lines = [f"**{STEPS[next_step(state)].capitalize()}** (`{state.status.value}`)"]
    if doing is not None:
        lines.append(
            f"Выполняется: `{doing}`. Если долго, не отвечает то, на чём это стоит: база, хранилище или рендер."
        )
    lines.append(f"Менеджер: `{state.manager_id}`" if state.manager_id else "Клиента никто не ведёт")
    if state.contract is not None:
        outdated = ", данные с тех пор изменились" if state.contract.outdated else ""
        lines.append(f"Договор версии {state.contract.version}: `{state.contract.status.value}`{outdated}")
    if state.unsealed or state.uncertified:
        waiting = "печати подписи" if state.unsealed else "протокола подписания"
        lines.append(f"Ждём {waiting}: процесс `seal`. Подписи это не мешает")
    if state.invoices:
        lines.append(f"Открытых счетов: {len(state.invoices)}")
    if deadline is not None:
        lines.append(f"Дальше: {DEADLINES[deadline.due]} {deadline.at:%d.%m.%Y %H:%M} UTC")
    return "\n\n".join(lines)
