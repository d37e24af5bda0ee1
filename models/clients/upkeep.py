"""Upkeep of autosaves and places."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Delete, delete
from sqlmodel import col

from models.clients.autosave import AUTOSAVES_KEPT, Autosave
from models.clients.place import SeenPlace

GROWS: Final = (Autosave, SeenPlace)

PLACES_KEPT: Final = timedelta(days=3)
"""What was noticed stands in the trail; addresses are not kept for it."""


def deletions(now: datetime) -> Sequence[Delete]:
    """Autosaves after `AUTOSAVES_KEPT`, places after `PLACES_KEPT`."""
    return (
        delete(Autosave).where(col(Autosave.updated_at) < now - AUTOSAVES_KEPT),
        delete(SeenPlace).where(col(SeenPlace.last_seen_at) < now - PLACES_KEPT),
    )
