"""Deadlines of a sent contract: two reminders and the end of the offer."""

from activities.clients.step import ClientStep
from activities.contracts.contract import void
from activities.support.notices import tell_client, tell_manager
from models import Contract


async def remind_client(step: ClientStep) -> None:
    contract = await step.session.get_one(Contract, step.about)
    contract.client_reminded_at = step.at
    if _offer_stands(contract, step) and not contract.is_outdated(step.client):
        await tell_client(
            step, "reminder", f"Договор {contract.number} ждёт вашей подписи. Подписать его можно в приложении."
        )
        step.record("client-reminded", contract_id=str(step.about))


async def remind_manager(step: ClientStep) -> None:
    contract = await step.session.get_one(Contract, step.about)
    contract.manager_reminded_at = step.at
    if _offer_stands(contract, step):
        await tell_manager(
            step,
            f"Клиент ещё не подписал договор {contract.number}. Свяжитесь с ним: скоро срок предложения истечёт.",
        )
        step.record("manager-reminded", contract_id=str(step.about))


async def end_offer(step: ClientStep) -> None:
    contract = await step.session.get_one(Contract, step.about)
    await void(step, contract, "Истёк срок предложения")
    step.client.last_step_at = step.at
    await tell_client(
        step,
        "lapsed",
        f"Срок подписания договора {contract.number} истёк. Для нового договора обратитесь к менеджеру.",
    )
    await tell_manager(step, f"Договор {contract.number} не подписан в срок и аннулирован.")


def _offer_stands(contract: Contract, step: ClientStep) -> bool:
    """Whether the offer is still open; after an outage a reminder may be due together with the end."""
    return contract.offer_expires_at is not None and step.at < contract.offer_expires_at
