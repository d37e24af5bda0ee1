"""Staff, clients' accounts and their sessions."""

from typing import Final

from models.people import erase, upkeep
from worker.subject import Subject

SUBJECT: Final = Subject(erasure=erase, upkeep=upkeep)
