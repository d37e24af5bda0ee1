"""An account's phone or e-mail address is confirmed: whose it is from now on, and who loses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel.actor import SYSTEM, Actor, ActorKind
from domain.kernel.crypto import Keyring
from domain.kernel.phone import known_phone
from domain.kernel.refusal import NotAuthenticated, found
from domain.people.confirmation import ConfirmationKind, ConfirmedBy, has_proven
from domain.people.refusals import EmailTaken, PhoneDiffers, PhoneTaken, PhoneUnconfirmed
from domain.people.session import NOT_SIGNED_IN
from models.clients.client import Client, Contact
from models.clients.passport import SEALED, PassportRow
from models.clients.trail import Event
from models.kernel.columns import unseal
from models.people.client_session import UserSession
from models.people.confirmation import Confirmation
from models.people.user import User

PHONE_TAKEN: Final = "Этот номер уже подтверждён в другой учётной записи. Войдите в неё или обратитесь в поддержку."
EMAIL_TAKEN: Final = "Эта почта уже подтверждена в другой учётной записи. Войдите в неё или укажите другую."
DIFFERS: Final = "Этот номер не совпадает с номером учётной записи. Сначала укажите его в профиле."
PROVE_FIRST: Final = "Сначала подтвердите на этом устройстве свой нынешний номер телефона."
NO_ACCOUNT: Final = "Учётная запись не найдена."


@dataclass(frozen=True)
class Proof:
    """That an address is the client's own.

    `source` is the id of what proves it (the code's row, the update of Telegram): ids of events are derived from it.
    `session_id` is the session in which it was proven, if it was in one.
    """

    user_id: UUID
    source: UUID
    at: datetime
    session_id: UUID | None = None


async def confirm_phone(session: AsyncSession, keyring: Keyring, phone: str, by: ConfirmedBy, proof: Proof) -> None:
    """Confirm the phone of the account, or prove it in a further session, in the caller's transaction.

    `phone` is ten digits and must be what the account has or waits for, else `PhoneDiffers`. An account that has not
    confirmed the number loses it; if one has, `PhoneTaken`. A confirmed number is changed only in a session that has
    proven it, else `PhoneUnconfirmed`: who knows just the password does not become the owner. Locks the number, then
    the cards, then the accounts. A repeat changes nothing.
    """
    await User.lock_address(session, phone)
    holders = await User.ids_with_phone(session, phone)
    user, others, cards = await _locked(session, proof.user_id, holders)
    if phone not in (known_phone(user.phone), user.new_phone):
        raise PhoneDiffers(DIFFERS)
    if any(other.phone_is_confirmed for other in others):
        raise PhoneTaken(PHONE_TAKEN)
    own = await _session_of(session, proof)
    changed, confirmed = known_phone(user.phone) != phone, user.phone_is_confirmed
    if changed and confirmed:
        require_proof(user, own)
    before, unlinked = _contacts(cards, [user, *others]), False
    for other in others:
        other.phone = None
    await session.flush()
    if changed:
        user.phone = phone
        await UserSession.forget_proofs(session, user.id)
        if own is not None:
            await session.refresh(own)
    if user.new_phone == phone:
        user.new_phone = None
    if changed or not confirmed:
        user.phone_confirmed_at, user.phone_confirmed_by = proof.at, by
        unlinked = user.telegram_user_id is not None and by is not ConfirmedBy.TELEGRAM
        if unlinked:  # Telegram has vouched for another number.
            user.telegram_user_id = user.telegram_linked_at = None
        await _doubt_email(session, user, proof)
    proven = own is not None and not has_proof(user, own)
    if own is not None and proven:
        own.phone_proved_at = proof.at
    await _follow(session, keyring, cards, [user, *others], before)
    for card in cards:
        if card.user_id == user.id and unlinked:
            _record(session, keyring, card, proof, "telegram-unlinked", Actor(ActorKind.CLIENT, user.id))
        if card.user_id != user.id:
            _record(session, keyring, card, proof, "phone-withdrawn", SYSTEM)
        elif changed or not confirmed:
            _record(session, keyring, card, proof, "phone-confirmed", Actor(ActorKind.CLIENT, user.id), by=by.value)
        elif proven:
            _record(session, keyring, card, proof, "phone-proven", Actor(ActorKind.CLIENT, user.id), by=by.value)


async def confirm_email(session: AsyncSession, keyring: Keyring, email: str, proof: Proof) -> None:
    """Confirm the e-mail address of the account; otherwise as `confirm_phone`.

    Of an account with a confirmed phone only in a session that has proven it: codes and copies go to this address.
    """
    await User.lock_address(session, email)
    holders = await User.ids_with_email(session, email)
    user, others, cards = await _locked(session, proof.user_id, holders)
    if user.phone_is_confirmed:
        require_proof(user, await _session_of(session, proof))
    if any(other.email_confirmed_at is not None for other in others):
        raise EmailTaken(EMAIL_TAKEN)
    before = _contacts(cards, [user, *others])
    for other in others:
        other.email = None
    await session.flush()
    user.email, user.email_confirmed_at = email, proof.at
    if user.new_email is not None and user.new_email.lower() == email.lower():
        user.new_email = None
    await _follow(session, keyring, cards, [user, *others], before)
    for card in cards:
        if card.user_id != user.id:
            _record(session, keyring, card, proof, "email-withdrawn", SYSTEM)
        else:
            _record(session, keyring, card, proof, "email-confirmed", Actor(ActorKind.CLIENT, user.id))


def has_proof(user: User, own: UserSession | None) -> bool:
    """Whether this session has proven the phone that the account has now."""
    return user.phone_is_confirmed and own is not None and has_proven(user.phone_confirmed_at, own.phone_proved_at)


def require_proof(user: User, own: UserSession | None) -> None:
    """Raises `PhoneUnconfirmed` without `has_proof`."""
    if not has_proof(user, own):
        raise PhoneUnconfirmed(PROVE_FIRST)


async def follow_account(session: AsyncSession, keyring: Keyring, card: Client, user: User, before: Contact) -> None:
    """Index the card of an account that has changed; a contract under way is outdated if it names what changed."""
    passport = await PassportRow.of_user(session, user.id)
    data = unseal(keyring, SEALED, passport.data) if passport else {}
    card.index(user, data.get("registration_address"))
    if card.contact(user) != before:
        card.card_version += 1


async def _locked(
    session: AsyncSession, user_id: UUID, holders: Sequence[UUID]
) -> tuple[User, Sequence[User], Sequence[Client]]:
    """The account, the other holders of its address, and the cards of all of them: cards first, as a signature does."""
    ids = {user_id, *holders}
    cards = await Client.locked_of_users(session, ids)
    users = await User.locked(session, ids)
    user = found(next((one for one in users if one.id == user_id), None), NO_ACCOUNT)
    return user, [one for one in users if one.id != user_id], cards


async def _doubt_email(session: AsyncSession, user: User, proof: Proof) -> None:
    """An e-mail that another session confirmed before is confirmed anew: whoever made the account may have done it."""
    earlier = user.email_confirmed_at is not None and not await Confirmation.is_used_in(
        session, user.id, ConfirmationKind.EMAIL, proof.session_id
    )
    if earlier:
        user.email_confirmed_at = None


async def _session_of(session: AsyncSession, proof: Proof) -> UserSession | None:
    """Raises `NotAuthenticated` for a session that has ended meanwhile."""
    if proof.session_id is None:
        return None
    own = await UserSession.live(session, proof.session_id, proof.user_id, proof.at)
    if own is None:
        raise NotAuthenticated(NOT_SIGNED_IN)
    return own


def _contacts(cards: Sequence[Client], users: Sequence[User]) -> dict[UUID, Contact]:
    by_id = {user.id: user for user in users}
    return {card.id: card.contact(by_id[card.user_id]) for card in cards}


async def _follow(
    session: AsyncSession, keyring: Keyring, cards: Sequence[Client], users: Sequence[User], before: dict[UUID, Contact]
) -> None:
    by_id = {user.id: user for user in users}
    for card in cards:
        await follow_account(session, keyring, card, by_id[card.user_id], before[card.id])


def _record(
    session: AsyncSession, keyring: Keyring, card: Client, proof: Proof, verb: str, actor: Actor, **details: str
) -> None:
    Event.add(session, keyring, card, actor, verb, proof.at, uuid5(proof.source, f"{verb}-{card.id}"), **details)
