"""What becomes of a client's code or copy stands in his trail: ids, channels and reasons, no address."""

from datetime import datetime
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.deliveries.delivery import Purpose
from domain.kernel.actor import SYSTEM
from domain.kernel.crypto import Keyring
from models import Client, Delivery, Event

NOUNS = {Purpose.SIGNING_CODE: "code", Purpose.SIGNED_COPY: "copy"}
"""Deliveries that belong to a client's process; others are in no trail."""


def record(
    session: AsyncSession,
    keyring: Keyring,
    client: Client | None,
    delivery: Delivery,
    happened: str,
    at: datetime,
    **details: str,
) -> None:
    """Add `code-{happened}` or `copy-{happened}` to the trail of the locked client.

    Called in the transaction that changes the state, so that a repeat of it adds nothing.
    """
    noun = NOUNS.get(delivery.purpose)
    if client is None or noun is None:
        return
    about = {"delivery_id": str(delivery.id)}
    if delivery.contract_id is not None:
        about["contract_id"] = str(delivery.contract_id)
    Event.add(session, keyring, client, SYSTEM, f"{noun}-{happened}", at, uuid4(), **about, **details)
