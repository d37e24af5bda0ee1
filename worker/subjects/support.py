"""Support chats."""

from typing import Final

from models.support import erase
from worker.subject import Subject

SUBJECT: Final = Subject(erasure=erase)
