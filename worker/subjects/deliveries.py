"""Deliveries to a person: codes, signed copies, notes."""

from typing import Final

from models.deliveries import erase, upkeep
from worker.subject import Subject

SUBJECT: Final = Subject(erasure=erase, upkeep=upkeep)
