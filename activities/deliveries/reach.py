"""Where a person can be reached by a channel: what he has confirmed, or what the delivery names."""

from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.deliveries.delivery import Channel, Reason
from domain.kernel.crypto import Keyring
from domain.kernel.phone import russian_digits
from models.deliveries.delivery import ADDRESSES, Delivery
from models.kernel.columns import unseal
from models.people.manager import Manager
from models.people.user import User


class Mailbox(Protocol):
    """What staff and accounts have in common."""

    email: str | None
    telegram_user_id: int | None


async def address_of(session: AsyncSession, keyring: Keyring, delivery: Delivery, channel: Channel) -> str | Reason:
    """The address, or why there is none. The chat has no address: it is the client's card."""
    if channel is Channel.SUPPORT_CHAT:
        return "" if delivery.client_id is not None else Reason.NO_CHAT
    named = unseal(keyring, ADDRESSES, delivery.addresses) if delivery.addresses is not None else {}
    if channel in named:
        return str(named[channel])
    if delivery.user_id is not None and (user := await session.get(User, delivery.user_id)) is not None:
        return confirmed_address(user, channel)
    if delivery.manager_id is not None and (manager := await session.get(Manager, delivery.manager_id)) is not None:
        return _of_manager(manager, channel)
    return _missing(channel)


def confirmed_address(user: User, channel: Channel) -> str | Reason:
    """Of a client's account, whatever the card says; an account that is blocked is out of reach."""
    if user.blocked_at is not None:
        return _missing(channel)
    if channel is Channel.SMS:
        phone = russian_digits(user.phone or "") if user.phone_is_confirmed else None
        return phone or Reason.PHONE_UNCONFIRMED
    if channel is Channel.MAIL and user.email_confirmed_at is None:
        return Reason.EMAIL_UNCONFIRMED
    return _mailbox(user, channel)


def _of_manager(manager: Manager, channel: Channel) -> str | Reason:
    return _missing(channel) if manager.disabled_at is not None else _mailbox(manager, channel)


def _mailbox(person: Mailbox, channel: Channel) -> str | Reason:
    if channel is Channel.MAIL and person.email:
        return person.email
    if channel is Channel.TELEGRAM and person.telegram_user_id is not None:
        return str(person.telegram_user_id)
    return _missing(channel)


def _missing(channel: Channel) -> Reason:
    return {
        Channel.SUPPORT_CHAT: Reason.NO_CHAT,
        Channel.SMS: Reason.PHONE_UNCONFIRMED,
        Channel.TELEGRAM: Reason.TELEGRAM_UNLINKED,
        Channel.MAIL: Reason.EMAIL_UNCONFIRMED,
    }[channel]
