"""Addresses that Telegram and Avito call us at: the secret in the path is all that proves who calls."""

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
    """Without a secret it is what all addresses of the account begin with."""
    return f"{base.rstrip('/')}/api/webhooks/avito/{account_id}/{secret}"


def new_secret() -> str:
    """URL-safe, and of the letters that Telegram takes for a secret token."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_of(keyring: Keyring, row: Bot | Account) -> str | None:
    if row.webhook_secret_sealed is None:
        return None
    return str(unseal(keyring, _purpose(row), row.webhook_secret_sealed))


def renew_secret(keyring: Keyring, row: Bot | Account) -> str:
    """The old one opens nothing any more once the row is committed."""
    secret = new_secret()
    row.webhook_secret_sealed = seal(keyring, _purpose(row), secret)
    return secret


def secret_matches(keyring: Keyring, row: Bot | Account | None, given: str) -> bool:
    """In constant time, whether there is a row or not."""
    secret = secret_of(keyring, row) if row is not None else None
    return _same(secret or _NOBODY, given) and secret is not None


class WrongSecret(Exception):
    """No such account, or not its secret."""


class WebhookSecrets:
    """Secrets that opened an account's door, beside their sealed form, by which a statement proves that they still do.

    At most one for each account that was knocked at, and none that was not right.
    """

    def __init__(self, sessions: Sessions, keyring: Keyring) -> None:
        self.at_once, self.keyring = at_once(sessions), keyring
        self._cached: dict[UUID, tuple[bytes, str]] = {}

    def cached(self, account_id: UUID, given: str) -> bytes | None:
        """The sealed form where this has opened before: whoever acts on it has to find it in the row."""
        sealed, secret = self._cached.get(account_id, (None, _NOBODY))
        return sealed if _same(secret, given) else None

    def forget(self, account_id: UUID) -> None:
        self._cached.pop(account_id, None)

    async def check(self, account_id: UUID, given: str) -> None:
        """WrongSecret where this is not the secret, as the row is now."""
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
