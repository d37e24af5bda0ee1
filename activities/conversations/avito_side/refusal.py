"""Russian notice about a message that Avito refuses."""

from gateways.outcome import Rejected


def said_by_avito(refusal: Rejected) -> str:
    """Includes Avito's own words: some refusals have no other explanation."""
    match refusal.status:
        case 402:
            return "Avito не принял сообщение: подписка не включает отправку через API."
        case 403:
            return f"Avito не разрешает писать в этот чат ({refusal.reason[:150]})."
        case 404:
            return "Avito не находит этот чат: сообщение не ушло."
        case _:
            return f"Avito не принял сообщение: {refusal.reason[:200] or refusal.status}."
