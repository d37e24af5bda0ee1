"""Status of a contract, and whether it is outdated."""

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
    """For the newest contract: an unsigned one is outdated by any card change, a signed one by the need for another.

    `made_for` is the card version of the contract.
    """
    if status is ContractStatus.SIGNED:
        return client is ClientStatus.AWAITING_CONTRACT
    return made_for != card_version
