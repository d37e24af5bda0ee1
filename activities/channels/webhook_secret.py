"""Webhook addresses and their secrets; the secret in the path authenticates the caller."""

import secrets
from hmac import compare_digest
from uuid import UUID

from domain.kernel.crypto import Keyring
from models import Account, Bot
from models.channels.account import WEBHOOK_SECRET
from models.channels.bot import SECRET
from models.kernel.columns import seal, unseal
from models.kernel.database import Sessions, at_once

SECRET_BYTES = 32
_NOBODY = "-"


def telegram_url(base: str, bot_id: UUID, secret: str) -> str:
    return f"{base.rstrip('/')}/api/webhooks/telegram/{bot_id}/{secret}"


def avito_url(base: str, account_id: UUID, secret: str) -> str:
    """The address; with an empty secret the prefix of all addresses of the account."""
    return f"{base.rstrip('/')}/api/webhooks/avito/{account_id}/{secret}"


def new_secret() -> str:
    """Of characters that URLs and Telegram's secret tokens allow."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_of(keyring: Keyring, row: Bot | Account) -> str | None:
    if row.webhook_secret_sealed is None:
        return None
    return str(unseal(keyring, _purpose(row), row.webhook_secret_sealed))


def renew_secret(keyring: Keyring, row: Bot | Account) -> str:
    """A new secret in the row; the old one is invalid once it is committed."""
    secret = new_secret()
    row.webhook_secret_sealed = seal(keyring, _purpose(row), secret)
    return secret


def secret_matches(keyring: Keyring, row: Bot | Account | None, given: str) -> bool:
    """Compares in constant time, with or without a row."""
    secret = secret_of(keyring, row) if row is not None else None
    return _same(secret or _NOBODY, given) and secret is not None


class WrongSecret(Exception):
    """The account does not exist or has another secret."""


class WebhookSecrets:
    """Cache of verified webhook secrets; the sealed form lets one SQL statement check them again.

    At most one per account; wrong secrets are not cached.

    """

    def __init__(self, sessions: Sessions, keyring: Keyring) -> None:
        self.at_once, self.keyring = at_once(sessions), keyring
        self._cached: dict[UUID, tuple[bytes, str]] = {}

    def cached(self, account_id: UUID, given: str) -> bytes | None:
        """The sealed form of a cached secret; the caller has to compare it with the row."""
        sealed, secret = self._cached.get(account_id, (None, _NOBODY))
        return sealed if _same(secret, given) else None

    def forget(self, account_id: UUID) -> None:
        self._cached.pop(account_id, None)

    async def check(self, account_id: UUID, given: str) -> None:
        """Verifies against the row and caches. Raises WrongSecret."""
        async with self.at_once.connect() as connection:
            sealed = await Account.live_secret(connection, account_id)
        secret = str(unseal(self.keyring, WEBHOOK_SECRET, sealed)) if sealed is not None else None
        same = _same(secret or _NOBODY, given)
        if sealed is None or secret is None or not same:
            raise WrongSecret
        self._cached[account_id] = (sealed, secret)


def _same(secret: str, given: str) -> bool:
    """In constant time."""
    return compare_digest(secret.encode(), given.encode("utf-8", "replace"))


def _purpose(row: Bot | Account) -> str:
    return SECRET if isinstance(row, Bot) else WEBHOOK_SECRET
