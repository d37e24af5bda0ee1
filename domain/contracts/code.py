"""The code that signs a contract: bound to the document's hash; bounds per day and per version."""

from datetime import datetime
from enum import StrEnum
from typing import Final

MAX_CODES_PER_DAY: Final = 10
MAX_OWN_CODES_PER_DAY: Final = 30
"""Also for the client himself: an SMS costs money."""

MAX_WRONG_PER_VERSION: Final = 30
CONTRACT_CHANGED: Final = "Договор изменился, код больше не действует. Запросите новый код."


class CodeStanding(StrEnum):
    """What a code is good for: only an active one is compared with what is entered."""

    ACTIVE = "active"
    EXPIRED = "expired"
    LOCKED = "locked"
    USED = "used"


def code_standing(tries_left: int, expires_at: datetime, used: bool, now: datetime) -> CodeStanding:
    """Checks the states in the order of `check_code`."""
    if tries_left <= 0:
        return CodeStanding.LOCKED
    if now >= expires_at:
        return CodeStanding.EXPIRED
    return CodeStanding.USED if used else CodeStanding.ACTIVE
