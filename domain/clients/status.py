"""Status of a client, which lists are filtered by."""

from enum import StrEnum


class ClientStatus(StrEnum):
    """What lists are filtered by."""

    NEW = "new"
    IN_VERIFICATION = "in_verification"
    AWAITING_CONTRACT = "awaiting_contract"
    AWAITING_PAYMENT = "awaiting_payment"
    PROCESSED = "processed"
