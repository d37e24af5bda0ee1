"""The subjects that erase a person and those that drop rows by age; `tests/models/kernel/test_subjects.py` compares
their tables with the metadata.

A buyer is erased dialog by dialog (`models.conversations.erase`), staff by `models.people.erase.erase_manager`.
"""

from collections.abc import Sequence
from typing import Final

from models.billing import erase as billing
from models.channels import upkeep as channels_upkeep
from models.clients import erase as clients
from models.clients import upkeep as clients_upkeep
from models.contracts import erase as contracts
from models.conversations import upkeep as conversations_upkeep
from models.kernel import upkeep as kernel_upkeep
from models.kernel.subject import Erasure, Upkeep
from models.people import erase as people
from models.people import upkeep as people_upkeep
from models.support import erase as support

ERASURES: Final[Sequence[Erasure]] = (clients, billing, contracts, support, people)
"""In this order: the card is locked first and refers to a support ticket; devices and invoices refer to contracts.

They know no legal hold: the caller decides what is erased, and ends the client's process before.
"""

UPKEEPS: Final[Sequence[Upkeep]] = (
    kernel_upkeep,
    people_upkeep,
    clients_upkeep,
    channels_upkeep,
    conversations_upkeep,
)
