"""A delivery begins as a row of the caller's transaction; its workflow is started after the commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.deliveries.delivery import Channel, Purpose
from domain.kernel.crypto import Keyring
from models.deliveries.delivery import ADDRESSES, LETTER, Delivery
from models.kernel.columns import seal


@dataclass(frozen=True)
class Attached:
    """An object of the store, sent under `name`."""

    key: str
    name: str
    content_type: str = "application/pdf"


@dataclass(frozen=True)
class Letter:
    """What is written, in the forms that channels need.

    `short` stands for `text` in an SMS; `html` beside it in a mail; `masked` is what staff see of a secret text in the
    client's chat.
    """

    subject: str
    text: str
    short: str | None = None
    html: str | None = None
    masked: str | None = None
    attachments: tuple[Attached, ...] = ()


@dataclass(frozen=True)
class NewDelivery:
    """To a client's account (`user_id`, with `client_id` if there is a card) or to a manager.

    The address is what the person has confirmed (a manager's: his e-mail and Telegram), unless `addresses` name one.
    After `expires_at` it is not sent any more. `id` is the same in every retry of the caller.
    """

    id: UUID
    purpose: Purpose
    channels: Sequence[Channel]
    letter: Letter
    at: datetime
    expires_at: datetime | None = None
    user_id: UUID | None = None
    client_id: UUID | None = None
    manager_id: UUID | None = None
    contract_id: UUID | None = None
    addresses: Mapping[Channel, str] = field(default_factory=dict)


async def queue_delivery(session: AsyncSession, keyring: Keyring, new: NewDelivery) -> bool:
    """Add the row; False if there is one of this id.

    After the commit the caller starts its workflow (`workflows/deliveries/starting.py`); the onboarding workflow does
    so for deliveries with a `client_id`, and the sweep for those that were left.
    """
    await session.flush()
    return await Delivery.add(session, delivery_row(keyring, new))


def delivery_row(keyring: Keyring, new: NewDelivery) -> Delivery:
    """Raises `ValueError` for a delivery to nobody, or without a channel."""
    if not new.channels or len(set(new.channels)) != len(new.channels):
        raise ValueError("the channels of a delivery are named once each, and there is at least one")
    if new.user_id is None and new.manager_id is None and not new.addresses:
        raise ValueError("a delivery goes to an account, to a manager or to an address")
    letter = new.letter
    content = {
        "subject": letter.subject,
        "text": letter.text,
        "short": letter.short,
        "html": letter.html,
        "masked": letter.masked,
    }
    return Delivery(
        id=new.id,
        client_id=new.client_id,
        user_id=new.user_id,
        manager_id=new.manager_id,
        contract_id=new.contract_id,
        purpose=new.purpose,
        channels=[channel.value for channel in new.channels],
        letter=seal(keyring, LETTER, content),
        attachments=[
            {"key": one.key, "name": one.name, "content_type": one.content_type} for one in letter.attachments
        ],
        addresses=seal(keyring, ADDRESSES, dict(new.addresses)) if new.addresses else None,
        created_at=new.at,
        expires_at=new.expires_at,
        due_at=new.at,
    )
