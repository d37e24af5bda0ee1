"""Status of a contract, and whether its client's card has left it behind."""

from enum import StrEnum

from domain.clients.status import ClientStatus


class ContractStatus(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    SIGNED = "signed"
    VOID = "void"
    DECLINED = "declined"


UNSIGNED = (ContractStatus.DRAFT, ContractStatus.SENT)
GONE = (ContractStatus.VOID, ContractStatus.DECLINED)


def is_outdated(status: ContractStatus, made_for: int, card_version: int, client: ClientStatus) -> bool:
    """Of the newest contract: an unsigned one by any change of the card, a signed one only by what asks for another.

    `made_for` is the version of the card that the contract shows.
    """
    if status is ContractStatus.SIGNED:
        return client is ClientStatus.AWAITING_CONTRACT
    return made_for != card_version
