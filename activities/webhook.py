"""Addresses that Telegram and Avito call us at: the secret in the path is all that proves who calls."""

import secrets
from hmac import compare_digest
from uuid import UUID

from domain.crypto import Keyring
from models import Account, Bot
from models.account import WEBHOOK_SECRET
from models.bot import SECRET
from models.columns import seal, unseal

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
    same = compare_digest((secret or _NOBODY).encode(), given.encode("utf-8", "replace"))
    return same and secret is not None


def _purpose(row: Bot | Account) -> str:
    return SECRET if isinstance(row, Bot) else WEBHOOK_SECRET
