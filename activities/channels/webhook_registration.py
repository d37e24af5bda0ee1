"""Webhook address in Avito's list of subscriptions: the current one while wanted, no older ones."""

from contextlib import suppress
from datetime import datetime
from typing import Final

from activities.avito.account import KEEPER, AccountAway, Accounts, Opened
from activities.channels.webhook_secret import avito_url, renew_secret, secret_of
from gateways.outcome import NotDone, Rejected, Unknown
from models import Account

NO_ANSWER: Final = "Avito не ответил, когда мы проверяли адрес для уведомлений: сообщения приходят с задержкой."
NOT_TAKEN: Final = (
    "Avito не принял адрес для уведомлений: сообщения приходят с задержкой. "
    "Проверьте, что он открыт из интернета и отвечает за 2 секунды."
)


class WebhookRegistration:
    """Subscribing adds to Avito's list, so an old address is removed explicitly."""

    def __init__(self, accounts: Accounts, base: str) -> None:
        self.accounts, self.base = accounts, base.rstrip("/")

    def is_settled(self, account: Account) -> bool:
        return account.webhook_last_error is None and account.webhook_enabled == self._is_wanted(account)

    async def keep(self, opened: Opened) -> None:
        """Corrects Avito's list. Raises AccountAway if the account cannot be used."""
        account_id = opened.account.id
        url = await self._url(opened.account) if self._is_wanted(opened.account) else None
        enabled, error = opened.account.webhook_enabled, None
        try:
            enabled = await self._put_right(opened, url)
        except AccountAway:
            raise
        except (NotDone, Unknown):
            error = NO_ANSWER
        except Rejected:
            enabled, error = False, NOT_TAKEN
        async with self.accounts.sessions.begin() as session:
            account = await Account.find(session, account_id, lock=True)
            if account is not None:
                _note(account, enabled, error, self.accounts.now())

    async def take_down(self, account: Account) -> None:
        """Removes the webhook of a deleted account, once and without retries: late calls are refused here."""
        if not account.webhook_enabled:
            return
        with suppress(NotDone, Unknown, Rejected):
            await self._put_right(await self.accounts.opened(account.id, who=KEEPER, anyway=True), None)
        async with self.accounts.sessions.begin() as session:
            row = await Account.find(session, account.id, lock=True)
            if row is not None:
                row.webhook_enabled, row.webhook_secret_sealed, row.token_sealed = False, None, None

    def _is_wanted(self, account: Account) -> bool:
        return bool(self.base) and account.monitoring_enabled

    async def _put_right(self, opened: Opened, url: str | None) -> bool:
        """Whether the list has `url` now."""
        if not self.base:
            return False
        listed = await self.accounts.read(opened, lambda avito: avito.subscriptions())
        if url is not None and url not in listed:
            # Safe to repeat: the list is a set.
            await self.accounts.read(opened, lambda avito: avito.subscribe(url))
        for old in listed:
            if old != url and old.startswith(avito_url(self.base, opened.account.id, "")):
                await self._remove(opened, old)
        return url is not None

    async def _remove(self, opened: Opened, url: str) -> None:
        await self.accounts.read(opened, lambda avito: avito.unsubscribe(url))

    async def _url(self, account: Account) -> str:
        """The address with its secret, committed first: Avito calls it at once to try it."""
        async with self.accounts.sessions.begin() as session:
            row = await Account.find(session, account.id, lock=True) or account
            secret = secret_of(self.accounts.keyring, row) or renew_secret(self.accounts.keyring, row)
        return avito_url(self.base, account.id, secret)


def _note(account: Account, enabled: bool, error: str | None, now: datetime) -> None:
    account.webhook_enabled, account.webhook_last_error, account.webhook_checked_at = enabled, error, now
