"""Cards of clients."""

from typing import Final

from models.clients import erase, upkeep
from worker.subject import Subject

SUBJECT: Final = Subject(erasure=erase, upkeep=upkeep)
