"""Access to Avito accounts: a valid token, Avito's pace, and the reason why an account is refused."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

from activities.avito.key import Verdict, examine, of_refusal
from activities.avito.turns import OutOfTurn, Rate, Turns
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.trouble import Trouble
from domain.kernel.turns import Pace, Urgency
from gateways.avito.client import Avito, AvitoAccount
from gateways.avito.shapes import AccessToken
from gateways.outcome import NotDone, PaymentRequired, Rejected, TooMany, Unauthorised, Unknown
from models import Account
from models.channels.account import ACCESS_TOKEN, CLIENT_SECRET, AccountStatus
from models.kernel.columns import seal, unseal
from models.kernel.database import Sessions, at_once, make_sessions

T = TypeVar("T")
Ask = Callable[[AvitoAccount], Awaitable[T]]

EARLY: Final = timedelta(minutes=5)
"""How long before its end a token is renewed."""

KEY_PAUSE: Final = timedelta(minutes=5)
"""Time until a refused key is tried again; a changed one is tried at once by `keep`."""

KEEPER: Final = "account"
"""Who waits in the queue for checks and sweeps of the account."""

AWAY_PAUSE: Final = timedelta(seconds=5)
TOKEN_SECONDS: Final = 12
"""Limit for a new token in all; other calls of the account wait meanwhile."""

READ_PAUSES: Final = (0.3, 0.9)
"""Seconds between tries of a call that only reads."""


class AccountAway(NotDone):
    """The account cannot be used before `retry_at`; `trouble` is `key`, `avito`, `turn` or `gone`."""

    def __init__(self, trouble: Trouble, retry_at: datetime) -> None:
        super().__init__(f"account away: {trouble}")
        self.trouble = trouble
        self.retry_at = retry_at


@dataclass
class Opened:
    """An account for a few calls: its row as read, and a client that `call` renews with the token.

    `who` keeps a place in the account's queue.
    """

    account: Account
    avito: AvitoAccount
    pace: Pace
    token: str = field(repr=False)
    rate: Rate
    who: str | None


class Accounts:
    """`sleep` waits for a near turn and between tries."""

    def __init__(
        self,
        sessions: Sessions,
        keyring: Keyring,
        avito: Avito,
        now: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.sessions, self.keyring, self.avito, self.now, self._sleep = sessions, keyring, avito, now, sleep
        self._reading = make_sessions(at_once(sessions))
        self._turns = Turns(sessions, now, sleep)
        self._renewing: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def opened(self, account_id: UUID, *, who: str | None = None, anyway: bool = False) -> Opened:
        """The account with a valid token. Raises AccountAway if there is none.

        `who` keeps his place in the account's queue from one attempt to the next; nobody keeps one without a name.
        `anyway`: also an account that is refused or deleted, for checks whether that is still so.
        """
        async with self._reading() as session:
            account = await Account.find(session, account_id)
        self._admit(account, anyway)
        token = self._token(account) if account is not None else None
        if account is None or token is None:
            account, token = await self._renew(account_id, None, anyway)
        return self._bound(account, token, who)

    async def call(self, opened: Opened, ask: Ask[T], urgency: Urgency = Urgency.REPLY) -> T:
        """Avito's answer, in the call's turn. A refused token is renewed once, a 429 is waited out if it is short.

        Raises AccountAway if nothing was done: out of turn, or a refused account. Other outcomes are the call's own.
        """
        try:
            return await self._ask(opened, ask, urgency)
        except Unauthorised:
            account, token = await self._renew(opened.account.id, opened.token, anyway=True)
            renewed = self._bound(account, token, opened.who)
            opened.account, opened.avito, opened.token, opened.rate = account, renewed.avito, token, renewed.rate
        try:
            return await self._ask(opened, ask, urgency)
        except Unauthorised as refused:
            await self._explain(opened, refused)
            raise

    async def read(self, opened: Opened, ask: Ask[T], urgency: Urgency = Urgency.READING) -> T:
        """`call` for reads: three tries within a second and a half."""
        for pause in READ_PAUSES:
            try:
                return await self.call(opened, ask, urgency)
            except AccountAway:
                raise
            except (NotDone, Unknown):
                await self._sleep(pause)
        return await self.call(opened, ask, urgency)

    async def accept(self, opened: Opened) -> None:
        """Marks the account active: its key may do what is needed."""
        await self._judge(opened.account.id, None)

    async def _ask(self, opened: Opened, ask: Ask[T], urgency: Urgency) -> T:
        account_id = opened.account.id
        asking = self._turns.asking(account_id, opened.who, urgency)
        try:
            while True:
                opened.pace = await self._turns.take(asking, opened.pace)
                began = self.now()
                try:
                    answer = await ask(opened.avito)
                except TooMany as refused:
                    opened.pace = await self._turns.refuse(asking, opened.pace, began, refused.named, opened.rate)
                else:
                    break
        except OutOfTurn as early:
            raise AccountAway(Trouble.TURN, early.turn) from None
        except PaymentRequired as refused:
            await self._judge(account_id, of_refusal(refused))
            raise AccountAway(Trouble.KEY, self.now() + KEY_PAUSE) from refused
        opened.pace = await self._turns.succeed(account_id, opened.pace, opened.rate)
        return answer

    async def _explain(self, opened: Opened, refused: Unauthorised) -> None:
        """Finds out whether Avito refuses the account or only this call."""
        try:
            verdict = await examine(opened.avito)
        except (NotDone, Unknown) as error:
            raise AccountAway(Trouble.AVITO, self.now() + AWAY_PAUSE) from error
        if verdict is None:
            return
        await self._judge(opened.account.id, verdict)
        raise AccountAway(Trouble.KEY, self.now() + KEY_PAUSE) from refused

    def _admit(self, account: Account | None, anyway: bool) -> None:
        if account is None or (account.deleted_at is not None and not anyway):
            raise AccountAway(Trouble.GONE, self.now() + KEY_PAUSE)
        if account.status is not AccountStatus.ACTIVE and not anyway:
            raise AccountAway(Trouble.KEY, self.now() + KEY_PAUSE)

    def _token(self, account: Account) -> str | None:
        """The stored token if it is valid and its user is known."""
        if account.token_sealed is None or account.token_expires_at is None or account.avito_user_id is None:
            return None
        if account.token_expires_at - EARLY <= self.now():
            return None
        return str(unseal(self.keyring, ACCESS_TOKEN, account.token_sealed))

    def _bound(self, account: Account, token: str, who: str | None) -> Opened:
        rate = Rate()
        avito = self.avito.account(account.avito_user_id or 0, token, rate)
        return Opened(account, avito, account.pace, token, rate, who)

    async def _renew(self, account_id: UUID, refused: str | None, anyway: bool) -> tuple[Account, str]:
        """A token other than `refused`: a new one, or one that another worker has stored meanwhile.

        One renewal at a time in a process, without a database connection while Avito answers. Of two processes, the
        token stored last stays.
        """
        async with self._renewing.setdefault(account_id, asyncio.Lock()):
            while True:
                async with self.sessions() as session:
                    account = await Account.find(session, account_id)
                self._admit(account, anyway)
                assert account is not None
                token = self._token(account)
                if token is not None and token != refused:
                    return account, token
                stored = await self._store(account, await self._obtain(account))
                if stored is not None:
                    return stored, str(self._token(stored))

    async def _obtain(self, account: Account) -> tuple[AccessToken, int] | Verdict:
        """A new token with its user, or what is wrong with the key. Raises AccountAway if Avito does not tell."""
        secret = str(unseal(self.keyring, CLIENT_SECRET, account.secret_sealed))
        now = self.now()
        try:
            async with asyncio.timeout(TOKEN_SECONDS):
                token = await self.avito.token(account.api_client_id, secret)
                return token, await self.avito.me(token.value)
        except TooMany as error:
            raise AccountAway(Trouble.TURN, now + timedelta(seconds=error.retry_after)) from error
        except (NotDone, Unknown, TimeoutError) as error:
            raise AccountAway(Trouble.AVITO, now + AWAY_PAUSE) from error
        except Rejected as error:
            return of_refusal(error)

    async def _store(self, asked: Account, found: tuple[AccessToken, int] | Verdict) -> Account | None:
        """The updated row; None if the key was changed meanwhile. Raises AccountAway for a refused key, once stored."""
        now = self.now()
        async with self.sessions.begin() as session:
            account = await Account.find(session, asked.id, lock=True)
            if account is None or (account.api_client_id, account.secret_sealed) != (
                asked.api_client_id,
                asked.secret_sealed,
            ):
                return None
            if not isinstance(found, Verdict):
                token, account.avito_user_id = found
                account.token_sealed = seal(self.keyring, ACCESS_TOKEN, token.value)
                account.token_expires_at = now + max(timedelta(seconds=token.expires_in), 2 * EARLY)
                return account
            _write(account, found, now)
            account.token_sealed = account.token_expires_at = None
        raise AccountAway(Trouble.KEY, now + KEY_PAUSE)

    async def _judge(self, account_id: UUID, verdict: Verdict | None) -> None:
        async with self.sessions.begin() as session:
            account = await Account.find(session, account_id, lock=True)
            if account is not None:
                _write(account, verdict, self.now())


def _write(account: Account, verdict: Verdict | None, now: datetime) -> None:
    status, reason = (verdict.status, verdict.reason) if verdict else (AccountStatus.ACTIVE, None)
    if (account.status, account.status_reason) != (status, reason):
        account.status, account.status_reason, account.updated_at = status, reason, now
