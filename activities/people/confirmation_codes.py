"""One-time codes that confirm a phone or an e-mail address: asked for, sent once in a while, checked."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4, uuid5

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.deliveries.queue import Letter, NewDelivery, queue_delivery
from activities.kernel.limits import CONFIRM_GUESS, CONFIRM_NETWORK, Limits
from activities.people.confirmation import (
    EMAIL_TAKEN,
    NO_ACCOUNT,
    PHONE_TAKEN,
    Proof,
    confirm_email,
    confirm_phone,
    has_proof,
    require_proof,
)
from domain.deliveries.delivery import Channel, Purpose
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.phone import Phone, known_phone, mask_phone
from domain.kernel.refusal import NotAuthenticated, TooManyRequests, Unavailable, found
from domain.people.confirmation import (
    CODES_PER_ACCOUNT,
    CODES_PER_ADDRESS,
    DAY,
    WRONG_PER_ACCOUNT,
    ConfirmationKind,
    ConfirmedBy,
    email_code_message,
    is_mobile,
    mask_email,
    phone_code_message,
    wait_for_room,
)
from domain.people.one_time_code import CodeRules, SentCode, check_code, cooldown_left, hash_code, make_code
from domain.people.refusals import CodeExpired, EmailTaken, NothingToConfirm, PhoneTaken, WrongCode
from domain.people.session import NOT_SIGNED_IN
from models.kernel.columns import seal, unseal
from models.kernel.database import Sessions
from models.people.client_session import UserSession
from models.people.confirmation import ADDRESS, Confirmation
from models.people.user import User

KEY: Final = "account-confirmation"
"""Purpose of the sub-key for hashing codes."""

SALT_BYTES: Final = 16
NO_PHONE: Final = "Укажите номер телефона в профиле."
NO_EMAIL: Final = "Укажите почту в профиле."
NOT_MOBILE: Final = "На этот номер SMS не приходят. Укажите номер мобильного телефона."
PROVEN: Final = "Номер телефона на этом устройстве уже подтверждён."
CONFIRMED: Final = "Эта почта уже подтверждена."
NOT_SENT: Final = "Код ещё не отправлен. Запросите код."
NO_SMS: Final = "SMS сейчас не отправляются. Подтвердите номер через Telegram или повторите позже."
NO_MAIL: Final = "Письма сейчас не отправляются. Повторите позже."
TOO_OFTEN: Final = "Слишком много кодов за сутки. Повторите позже."
TOO_WRONG: Final = "Слишком много неверных кодов за сутки. Повторите позже."


@dataclass(frozen=True)
class Asker:
    """The session that asks, and the network that it asks from (`Origin.network`)."""

    user_id: UUID
    session_id: UUID
    network: str


@dataclass(frozen=True)
class Sent:
    """`sent_to` is masked; `retry_after` in seconds. `delivery_id` of a code that was sent just now."""

    sent_to: str
    retry_after: int
    delivery_id: UUID | None = None


class ConfirmationCodes:
    """`channels` are those that have settings; without one its codes are `Unavailable`.

    Bounds are counted when a code is asked for, whatever becomes of its delivery. Locks: the address, then the account.
    """

    def __init__(
        self,
        sessions: Sessions,
        keyring: Keyring,
        limits: Limits,
        rules: CodeRules,
        now: Clock,
        channels: frozenset[Channel] = frozenset({Channel.SMS, Channel.MAIL}),
        choose: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self.sessions, self.keyring, self.limits, self.rules = sessions, keyring, limits, rules
        self.now, self.channels, self.choose = now, channels, choose

    async def request(self, kind: ConfirmationKind, asker: Asker) -> Sent:
        """Send a code, or nothing within the cool-down; the caller starts the delivery that is named.

        A new phone or address is what gets the code. A session that has not proven a confirmed phone proves that first.
        """
        self._require_channel(kind)
        async with self.sessions.begin() as session:
            address = await self._address(session, kind, asker)
            await User.lock_address(session, address)
            await User.locked(session, [asker.user_id])
            newest = await Confirmation.newest(session, asker.user_id, kind)
            now = self.now()
            open_code = newest is not None and newest.used_at is None
            wait = cooldown_left(newest.sent_at, now, self.rules.resend) if newest and open_code else 0
            if newest is not None and wait:
                return Sent(_masked(kind, self._opened(newest)), wait)
            await self._check_bounds(session, kind, asker, address, now)
            delivery_id = await self._send(session, kind, asker, address, now)
        return Sent(_masked(kind, address), self.rules.resend, delivery_id)

    async def confirm(self, kind: ConfirmationKind, asker: Asker, code: str) -> None:
        """Check the code and confirm what it was sent to; a wrong one is counted.

        Raises `CodeLocked`, `CodeExpired` or `WrongCode`, the state of the code before its value, and what
        `confirm_phone` and `confirm_email` raise.
        """
        async with self.limits.guess(WrongCode, (CONFIRM_GUESS, asker.network)):
            wrong = await self._confirm(kind, asker, code)
            if wrong is not None:
                raise wrong

    async def _confirm(self, kind: ConfirmationKind, asker: Asker, code: str) -> WrongCode | None:
        """The refusal of a wrong code, whose count is committed."""
        async with self.sessions.begin() as session:
            newest = await Confirmation.newest(session, asker.user_id, kind)
            if newest is None:
                raise CodeExpired(NOT_SENT)
            await User.lock_address(session, self._opened(newest))
            sent = await Confirmation.locked_newest(session, asker.user_id, kind)
            user = found(await session.get(User, asker.user_id, populate_existing=True), NO_ACCOUNT)
            address, now = self._opened(sent), self.now()
            if await Confirmation.wrong_since(session, user.id, kind, now - DAY) >= WRONG_PER_ACCOUNT:
                raise TooManyRequests(TOO_WRONG, retry_after=int(DAY.total_seconds()))
            meant = address if address in _addresses(kind, user) else ""
            try:
                check_code(
                    _stored(sent, kind, user.id, address), code, self._key(sent), _bound(kind, user.id, meant), now
                )
            except WrongCode as wrong:
                sent.tries_left -= 1
                sent.wrong_tries += 1
                return wrong
            sent.used_at, sent.session_id = now, asker.session_id
            proof = Proof(user.id, sent.id, now, asker.session_id)
            if kind is ConfirmationKind.PHONE:
                await confirm_phone(session, self.keyring, address, ConfirmedBy.SMS, proof)
            else:
                await confirm_email(session, self.keyring, address, proof)
        return None

    async def _address(self, session: AsyncSession, kind: ConfirmationKind, asker: Asker) -> str:
        """Where the next code goes. Raises `NothingToConfirm`, `PhoneTaken`, `EmailTaken` or `PhoneUnconfirmed`."""
        user = found(await session.get(User, asker.user_id), NO_ACCOUNT)
        own = await UserSession.live(session, asker.session_id, user.id, self.now())
        if own is None:
            raise NotAuthenticated(NOT_SIGNED_IN)
        if kind is ConfirmationKind.PHONE:
            return await self._phone(session, user, own)
        if user.phone_is_confirmed:
            require_proof(user, own)
        email = user.new_email or user.email
        if not email:
            raise NothingToConfirm(NO_EMAIL)
        if user.new_email is None and user.email_confirmed_at is not None:
            raise NothingToConfirm(CONFIRMED)
        if await User.email_is_confirmed(session, email, besides=user.id):
            raise EmailTaken(EMAIL_TAKEN)
        return email

    async def _phone(self, session: AsyncSession, user: User, own: UserSession) -> str:
        present = known_phone(user.phone)
        if user.phone_is_confirmed and not has_proof(user, own):
            phone = present
        elif user.phone_is_confirmed and user.new_phone is None:
            raise NothingToConfirm(PROVEN)
        else:
            phone = user.new_phone or present
        if not phone:
            raise NothingToConfirm(NO_PHONE)
        if not is_mobile(phone):
            raise NothingToConfirm(NOT_MOBILE)
        if await User.phone_is_taken(session, phone, besides=user.id):
            raise PhoneTaken(PHONE_TAKEN)
        return phone

    async def _check_bounds(
        self, session: AsyncSession, kind: ConfirmationKind, asker: Asker, address: str, now: datetime
    ) -> None:
        """Raises `TooManyRequests`; counts for the network."""
        own = await Confirmation.times_of_account(session, asker.user_id, kind, now - DAY)
        indexes = self.keyring.blind_indexes(ADDRESS, address.lower())
        all_of_address = await Confirmation.times_of_address(session, indexes, now - DAY)
        wait = max(wait_for_room(own, CODES_PER_ACCOUNT, now), wait_for_room(all_of_address, CODES_PER_ADDRESS, now))
        if wait:
            raise TooManyRequests(TOO_OFTEN, retry_after=wait)
        await self.limits.spend_in(session, CONFIRM_NETWORK, asker.network)

    async def _send(
        self, session: AsyncSession, kind: ConfirmationKind, asker: Asker, address: str, now: datetime
    ) -> UUID:
        """The code's row and its delivery; the digits stand in the sealed letter alone."""
        digits, salt, code_id = make_code(self.choose), secrets.token_bytes(SALT_BYTES), uuid4()
        bound, expires_at = _bound(kind, asker.user_id, address), now + timedelta(seconds=self.rules.ttl)
        session.add(
            Confirmation(
                id=code_id,
                user_id=asker.user_id,
                session_id=asker.session_id,
                kind=kind,
                address=seal(self.keyring, ADDRESS, address),
                address_index=self.keyring.blind_index(ADDRESS, address.lower()),
                hash=hash_code(digits, salt, self.keyring.subkey(KEY), bound),
                salt=salt,
                key_id=self.keyring.current,
                sent_at=now,
                expires_at=expires_at,
                tries_left=self.rules.tries,
            )
        )
        channel, purpose, letter = _letter(kind, digits, self.rules.ttl // 60)
        new = NewDelivery(
            id=uuid5(code_id, "delivery"),
            purpose=purpose,
            channels=(channel,),
            letter=letter,
            at=now,
            expires_at=expires_at,
            user_id=asker.user_id,
            addresses={channel: address},
        )
        await queue_delivery(session, self.keyring, new)
        return new.id

    def _require_channel(self, kind: ConfirmationKind) -> None:
        by_sms = kind is ConfirmationKind.PHONE
        if (Channel.SMS if by_sms else Channel.MAIL) not in self.channels:
            raise Unavailable(NO_SMS if by_sms else NO_MAIL)

    def _opened(self, code: Confirmation) -> str:
        return str(unseal(self.keyring, ADDRESS, code.address))

    def _key(self, code: Confirmation) -> bytes:
        return self.keyring.subkey(KEY, code.key_id)


def _letter(kind: ConfirmationKind, digits: str, minutes: int) -> tuple[Channel, Purpose, Letter]:
    if kind is ConfirmationKind.PHONE:
        text = phone_code_message(digits)
        return Channel.SMS, Purpose.PHONE_CODE, Letter("Подтверждение номера", text, short=text)
    return Channel.MAIL, Purpose.EMAIL_CODE, Letter("Подтверждение почты", email_code_message(digits, minutes))


def _addresses(kind: ConfirmationKind, user: User) -> tuple[str | None, str | None]:
    """What the account has and what it waits for."""
    if kind is ConfirmationKind.PHONE:
        return known_phone(user.phone), user.new_phone
    return user.email, user.new_email


def _bound(kind: ConfirmationKind, user_id: UUID, address: str) -> str:
    return f"{kind}:{user_id}:{address}"


def _stored(code: Confirmation, kind: ConfirmationKind, user_id: UUID, address: str) -> SentCode:
    return SentCode(
        hash=code.hash,
        salt=code.salt,
        bound_to=_bound(kind, user_id, address),
        sent_at=code.sent_at,
        expires_at=code.expires_at,
        tries_left=code.tries_left,
        used=code.used_at is not None,
    )


def _masked(kind: ConfirmationKind, address: str) -> str:
    return mask_phone(Phone(address)) if kind is ConfirmationKind.PHONE else mask_email(address)
