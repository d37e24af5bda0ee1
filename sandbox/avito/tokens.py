"""Access tokens: one per ask, for 24 hours, and how their bearers are refused."""

import secrets
from hmac import compare_digest

from sandbox.avito.records import Account, Everything, Json, Token
from sandbox.avito.refused import Refused
from sandbox.clock import Now

LIFETIME = 86_400
"""Seconds."""
REFUSALS = (403, 401)
"""The guide says 403 for a token that is over, others have seen 401: they take turns."""


class Tokens:
    def __init__(self, kept: Everything, now: Now) -> None:
        self._kept = kept
        self._now = now

    def issue(self, client_id: str, client_secret: str) -> Json:
        """Refused: no account has these keys."""
        for account in self._kept.accounts.values():
            if account.client_id == client_id and compare_digest(
                account.client_secret.encode(), client_secret.encode()
            ):
                break
        else:
            raise Refused(401)
        value = secrets.token_urlsafe(24)
        self._kept.tokens[value] = Token(account.user_id, self._now() + LIFETIME)
        return {"access_token": value, "expires_in": LIFETIME, "token_type": "Bearer"}

    def bearer(self, value: str) -> Account:
        """Refused: unknown (401), over (403), or no longer wanted (401 or 403)."""
        token = self._kept.tokens.get(value)
        if token is None:
            raise Refused(401)
        if token.refusal is not None:
            raise Refused(token.refusal)
        if token.expires <= self._now():
            raise Refused(403)
        account = self._kept.accounts.get(token.user_id)
        if account is None:
            raise Refused(401)
        return account

    def spoil(self, value: str) -> None:
        """This token works no more."""
        if token := self._kept.tokens.get(value):
            token.refusal = REFUSALS[self._kept.expired % len(REFUSALS)]
            self._kept.expired += 1
