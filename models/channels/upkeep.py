"""Upkeep of a bot's errands and of the queues for Telegram groups and Avito accounts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Delete, delete
from sqlmodel import col

from models.channels.bot import BotRequest
from models.channels.budget import Wait
from models.channels.turn import AvitoWait

GROWS: Final = (BotRequest, Wait, AvitoWait)

WAITS_KEPT: Final = timedelta(hours=24)

UPDATES_KEPT: Final = timedelta(hours=48)
"""Telegram repeats an update for a day; what came of it is known twice as long."""


def deletions(now: datetime) -> Sequence[Delete]:
    """Errands that are done after `UPDATES_KEPT`, places in a queue after `WAITS_KEPT`; what is said once in a place of
    a bot stays, one row a place."""
    return (
        delete(BotRequest).where(
            col(BotRequest.done_at).is_not(None),
            col(BotRequest.created_at) < now - UPDATES_KEPT,
            col(BotRequest.update_id) >= 0,
        ),
        delete(Wait).where(col(Wait.retry_at) < now - WAITS_KEPT),
        delete(AvitoWait).where(col(AvitoWait.retry_at) < now - WAITS_KEPT),
    )
