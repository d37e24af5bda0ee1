"""Keeps an Avito account: its key, its webhook, and wakes for chats that have changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from temporalio import activity

from activities.avito.account import KEEPER, Accounts, Opened
from activities.avito.key import try_out
from activities.channels.sweep import Sweep
from activities.channels.webhook_registration import WebhookRegistration
from activities.conversations.core.later import Later, later_of_avito
from activities.conversations.core.wake import Wake
from domain.kernel.trouble import Trouble
from gateways.outcome import Rejected
from models import Account
from models.channels.account import AccountStatus

CHECK_EVERY: Final = timedelta(minutes=10)
RETRY_AFTER: Final = timedelta(minutes=1)
"""How often a webhook with an error is checked."""

SWEEP_PAUSE: Final = timedelta(seconds=15)
REFUSED_PAUSE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class AccountStanding:
    """`healthy`: Avito accepts the key. `trouble` is `key`, `avito` or `turn`, `retry_at` the time of the next useful
    check."""

    exists: bool
    healthy: bool
    monitoring: bool
    trouble: Trouble | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True)
class Swept:
    """`found`: number of woken conversations. `trouble` is `key`, `avito`, `turn` or `gone`; `retry_at`: when to sweep
    again."""

    found: int
    trouble: Trouble | None = None
    retry_at: datetime | None = None


class AccountActivities:
    """Without `webhook_base` there are no webhooks, only sweeps."""

    def __init__(self, accounts: Accounts, wake: Wake, webhook_base: str = "") -> None:
        self.accounts = accounts
        self._webhook = WebhookRegistration(accounts, webhook_base)
        self._sweep = Sweep(accounts, wake)

    @activity.defn(name="keep_account")
    async def keep(self, account_id: UUID) -> AccountStanding:
        """Checks token, status and webhook of the account. One SELECT if no check is due."""
        async with self.accounts.sessions() as session:
            account = await Account.find(session, account_id)
        if account is None:
            return AccountStanding(exists=False, healthy=False, monitoring=False)
        if account.deleted_at is not None:
            await self._webhook.take_down(account)
            return AccountStanding(exists=False, healthy=False, monitoring=False)
        monitoring = account.monitoring_enabled
        try:
            with later_of_avito(lambda: self.accounts.now() + RETRY_AFTER, Rejected):
                opened = await self.accounts.opened(account_id, who=KEEPER, anyway=True)
                if self._is_due(account):
                    await self._check(opened)
        except Later as later:
            return AccountStanding(True, False, monitoring, later.trouble, later.at)
        return AccountStanding(True, True, monitoring)

    @activity.defn(name="sweep_account")
    async def sweep(self, account_id: UUID) -> Swept:
        """Wakes conversations with news at Avito, and those with rows that wait too long.

        RPCError if Temporal does not answer: the next sweep finds the same.

        """
        found = await self._sweep.wake_waiting(account_id)
        now = self.accounts.now
        async with self.accounts.sessions() as session:
            account = await Account.find(session, account_id)
        if account is not None and not account.monitoring_enabled:
            return Swept(found)
        try:
            with later_of_avito(lambda: now() + SWEEP_PAUSE):
                found += await self._sweep.wake_changed(await self.accounts.opened(account_id, who=KEEPER))
        except Later as later:
            return Swept(found, later.trouble, later.at)
        except Rejected:
            return Swept(found, Trouble.AVITO, now() + REFUSED_PAUSE)
        return Swept(found)

    def _is_due(self, account: Account) -> bool:
        if account.status is not AccountStatus.ACTIVE or account.webhook_checked_at is None:
            return True
        every = CHECK_EVERY if self._webhook.is_settled(account) else RETRY_AFTER
        return self.accounts.now() - account.webhook_checked_at >= every

    async def _check(self, opened: Opened) -> None:
        await self.accounts.read(opened, try_out)
        await self.accounts.accept(opened)
        await self._webhook.keep(opened)
