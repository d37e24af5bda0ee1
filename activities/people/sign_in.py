"""Signing in by password or by Telegram: rate limits first, then equal work for known and unknown accounts."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from activities.kernel.limits import LOGIN_ACCOUNT, LOGIN_ADDRESS, LOGIN_ANYWHERE, Asked, Limits
from activities.people.passwords import Checked, Passwords
from activities.people.rights import check_employed, check_not_blocked
from domain.kernel.clock import Clock
from domain.kernel.text import visible
from domain.people.origin import Origin
from domain.people.refusals import BadCredentials
from domain.people.telegram import check_login
from models.kernel.database import Sessions, at_once, make_sessions
from models.people.manager import Manager
from models.people.sign_in import manager_of_telegram
from models.people.sign_in_link import TelegramLogin
from models.people.user import User

WRONG_EMAIL: Final = "Неверная почта или пароль."
WRONG_PHONE: Final = "Неверный телефон или пароль."
NO_MASTER: Final = "Вход через Telegram не настроен. Войдите по почте и паролю."
USED: Final = "Этот вход через Telegram уже использован. Нажмите кнопку входа ещё раз."
UNKNOWN: Final = "Этот аккаунт Telegram не связан с сотрудником. Начните с команды /start у главного бота."

FIRST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 4.0
"""Seconds before a password of an account is looked at that is guessed from everywhere."""

Sleep: TypeAlias = Callable[[float], Awaitable[object]]


def pause(failures: int) -> float:
    """Seconds after so many failures in the window of `LOGIN_ANYWHERE`: none at first, doubled by each ten more."""
    tens = failures // LOGIN_ANYWHERE.most
    return min(FIRST_PAUSE * 2.0 ** min(tens - 1, 10), LONGEST_PAUSE) if tens else 0.0


class SignIn:
    """Each method returns the account, or raises `BadCredentials` or `TooManyRequests`."""

    def __init__(
        self,
        sessions: Sessions,
        passwords: Passwords,
        limits: Limits,
        now: Clock,
        master_bot_token: str | None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.sessions, self.passwords, self.limits, self.now = sessions, passwords, limits, now
        self.autocommit = make_sessions(at_once(sessions))
        self._master_bot_token, self._sleep = master_bot_token, sleep

    async def manager(
        self,
        email: str,
        password: str,
        origin: Origin,
        check: Callable[[Manager | None], Manager],
        refusal: str = WRONG_EMAIL,
    ) -> Manager:
        """`check` may refuse after the password is verified; an unknown address gets the same `refusal`."""
        address = visible(email).lower()
        manager = await self._find(address)
        stored = manager.password_hash if manager else None
        checked = await self._prove(f"manager:{address}", origin, stored, password, refusal)
        manager = check(manager)
        if checked.rehashed is not None:
            async with self.sessions.begin() as session:
                (await session.get_one(Manager, manager.id)).password_hash = checked.rehashed
        return manager

    async def client(self, phone: str, password: str, origin: Origin) -> User:
        async with self.autocommit() as session:
            user = await User.by_login(session, phone)
        stored = user.password_hash if user else None
        checked = await self._prove(f"client:{phone}", origin, stored, password, WRONG_PHONE)
        if user is None:
            raise BadCredentials(WRONG_PHONE)
        check_not_blocked(user)
        if checked.rehashed is not None:
            async with self.sessions.begin() as session:
                (await session.get_one(User, user.id)).password_hash = checked.rehashed
        return user

    async def knows(self, phone: str, stored: str | None, password: str, origin: Origin) -> bool:
        """Whether a registration names the password of an account of the phone; counted as a log-in's.

        Without `LOGIN_ADDRESS`: registrations of a network have a limit of their own.
        """
        account = f"client:{phone}"
        limits = ((LOGIN_ACCOUNT, f"{account} {origin.network}"),)
        return (await self._guess(account, limits, stored, password)).ok

    async def by_telegram(self, fields: dict[str, str | int], origin: Origin) -> Manager:
        """The manager whose Telegram account signed `fields`; a payload is accepted once."""
        async with self.limits.guess(BadCredentials, (LOGIN_ADDRESS, f"telegram:{origin.network}")):
            return await self._of_telegram(fields)

    async def _prove(self, account: str, origin: Origin, stored: str | None, password: str, refusal: str) -> Checked:
        limits = ((LOGIN_ACCOUNT, f"{account} {origin.network}"), (LOGIN_ADDRESS, origin.network))
        checked = await self._guess(account, limits, stored, password)
        if not checked.ok:
            raise BadCredentials(refusal)
        return checked

    async def _guess(self, account: str, limits: Sequence[Asked], stored: str | None, password: str) -> Checked:
        """Failures are counted per `account` and network, also of unknown accounts, for which `stored` is None.

        Those of an account from all networks only slow it down: a limit would lock its owner out. The limits are
        checked again inside the turn, so that concurrent guesses cannot all pass them.
        """
        counted = (*limits, (LOGIN_ANYWHERE, account))
        await self.limits.check(*limits)
        await self._sleep(pause(await self.limits.counted(LOGIN_ANYWHERE, account)))
        async with self.passwords.turn():
            await self.limits.check(*limits)
            checked = await self.passwords.check(stored, password)
            if not checked.ok:
                await self.limits.count(*counted)
        return checked

    async def _find(self, address: str) -> Manager | None:
        """None for an unprintable address, because a statement cannot contain NUL."""
        if "\0" in address or not address.isprintable():
            return None
        async with self.autocommit() as session:
            return await Manager.by_email(session, address)

    async def _of_telegram(self, fields: dict[str, str | int]) -> Manager:
        if self._master_bot_token is None:
            raise BadCredentials(NO_MASTER)
        user = check_login(fields, self._master_bot_token, self.now())
        async with self.sessions.begin() as session:
            manager = await manager_of_telegram(session, user.id)
            if manager is None:
                raise BadCredentials(UNKNOWN)
            check_employed(manager)
            digest = hashlib.sha256(user.fingerprint.encode()).digest()
            if not await TelegramLogin.use(session, digest, self.now()):
                raise BadCredentials(USED)
        return manager
