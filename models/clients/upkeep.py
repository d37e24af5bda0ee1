"""Upkeep of autosaves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Delete, delete
from sqlmodel import col

from models.clients.autosave import AUTOSAVES_KEPT, Autosave

GROWS: Final = (Autosave,)


def deletions(now: datetime) -> Sequence[Delete]:
    """Autosaves after `AUTOSAVES_KEPT`."""
    return (delete(Autosave).where(col(Autosave.updated_at) < now - AUTOSAVES_KEPT),)
