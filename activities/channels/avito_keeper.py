"""An Avito account that is looked after: its key, its webhook, and the chats in which something is new."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from temporalio import activity

from activities.avito.account import AccountAway, Accounts, Opened
from activities.avito.key import try_out
from activities.channels.avito_webhook import AvitoWebhook
from activities.channels.sweep import Sweep
from activities.conversations.core.wake import Wake
from gateways.outcome import NotDone, Rejected, Unknown
from models import Account
from models.channels.account import AccountStatus

CHECK_EVERY: Final = timedelta(minutes=10)
RETRY_AFTER: Final = timedelta(minutes=1)
"""A webhook that is not as it should be is looked after this often."""

SWEEP_PAUSE: Final = timedelta(seconds=15)
REFUSED_PAUSE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class AccountStanding:
    """`healthy`: Avito lets us work with it. `trouble` is `key` or `avito`, `retry_at` when another look may help."""

    exists: bool
    healthy: bool
    monitoring: bool
    trouble: str | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True)
class Swept:
    """`found` conversations were woken; `trouble` is `key`, `avito` or `gone`, and `retry_at` when to try again."""

    found: int
    trouble: str | None = None
    retry_at: datetime | None = None


class AccountActivities:
    """`webhook_base` empty: Avito is only swept."""

    def __init__(self, accounts: Accounts, wake: Wake, webhook_base: str = "") -> None:
        self.accounts = accounts
        self._webhook = AvitoWebhook(accounts, webhook_base)
        self._sweep = Sweep(accounts, wake)

    @activity.defn(name="keep_account")
    async def keep(self, account_id: UUID) -> AccountStanding:
        """The token valid, the status true, the webhook in its place. Costs one SELECT where nothing is due."""
        async with self.accounts.sessions() as session:
            account = await Account.find(session, account_id)
        if account is None:
            return AccountStanding(exists=False, healthy=False, monitoring=False)
        if account.deleted_at is not None:
            await self._webhook.take_down(account)
            return AccountStanding(exists=False, healthy=False, monitoring=False)
        monitoring = account.monitoring_enabled
        try:
            opened = await self.accounts.opened(account_id, anyway=True)
            if self._is_due(account):
                await self._check(opened)
        except AccountAway as away:
            return AccountStanding(True, False, monitoring, away.trouble, away.retry_at)
        except (NotDone, Unknown, Rejected):
            return AccountStanding(True, False, monitoring, "avito", self.accounts.now() + RETRY_AFTER)
        return AccountStanding(True, True, monitoring)

    @activity.defn(name="sweep_account")
    async def sweep(self, account_id: UUID) -> Swept:
        """Wake the conversations that have news at Avito, and those whose rows nobody has taken up.

        RPCError when Temporal cannot be told: the next sweep finds the same.
        """
        found = await self._sweep.wake_waiting(account_id)
        now = self.accounts.now
        async with self.accounts.sessions() as session:
            account = await Account.find(session, account_id)
        if account is not None and not account.monitoring_enabled:
            return Swept(found)
        try:
            found += await self._sweep.wake_changed(await self.accounts.opened(account_id))
        except AccountAway as away:
            return Swept(found, away.trouble, away.retry_at)
        except (NotDone, Unknown):
            return Swept(found, "avito", now() + SWEEP_PAUSE)
        except Rejected:
            return Swept(found, "avito", now() + REFUSED_PAUSE)
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
