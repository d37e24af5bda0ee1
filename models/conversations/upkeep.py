"""Upkeep of the ids by which repeated updates and webhooks are recognised."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Delete, delete
from sqlmodel import col

from models.channels.upkeep import UPDATES_KEPT
from models.conversations.inbox import AvitoHint, TelegramUpdate

GROWS: Final = (TelegramUpdate, AvitoHint)


def deletions(now: datetime) -> Sequence[Delete]:
    """Both after `UPDATES_KEPT`."""
    return (
        delete(TelegramUpdate).where(col(TelegramUpdate.received_at) < now - UPDATES_KEPT),
        delete(AvitoHint).where(col(AvitoHint.received_at) < now - UPDATES_KEPT),
    )
