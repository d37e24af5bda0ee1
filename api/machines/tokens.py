"""Access tokens: signed and short-lived, with a separate audience for each kind."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import jwt

from domain.kernel.clock import Clock
from domain.kernel.refusal import NotAuthenticated
from domain.people.session import ACCESS_LIFETIME, NOT_SIGNED_IN
from settings import Settings

ISSUER: Final = "privet"
ALGORITHM: Final = "HS256"
TYPE: Final = "at+jwt"
LEEWAY: Final = timedelta(seconds=5)
LONGEST: Final = 4096


@dataclass(frozen=True)
class Claims:
    """The account of a token, its expiry, and the session it was issued in."""

    subject: UUID
    expires: int
    """Seconds of the epoch."""

    session: UUID


class Tokens:
    """Issues and reads one kind of token; tokens of other kinds are refused."""

    def __init__(self, secret: str, audience: str, lifetime: timedelta, now: Clock) -> None:
        self._secret, self._audience, self._now = secret, audience, now
        self.lifetime = lifetime

    @property
    def expires_in(self) -> int:
        """Lifetime in seconds."""
        return int(self.lifetime.total_seconds())

    def issue(self, subject: UUID, session: UUID, until: datetime | None = None) -> str:
        """A token that does not outlive its session, which ends at `until`."""
        now = self._now()
        expires = min(now + self.lifetime, until or datetime.max.replace(tzinfo=UTC))
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": self._audience,
            "sub": str(subject),
            "sid": str(session),
            "iat": int(now.timestamp()),
            "exp": int(expires.timestamp()),
        }
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM, headers={"typ": TYPE})

    def read(self, token: str) -> Claims:
        """The claims of a valid token; raises the same `NotAuthenticated` for every fault.

        A token without a session, of an earlier release, is one too: nothing could end it.
        """
        if len(token) > LONGEST:
            raise NotAuthenticated(NOT_SIGNED_IN)
        try:
            whole = jwt.decode_complete(
                token,
                self._secret,
                algorithms=[ALGORITHM],
                audience=self._audience,
                issuer=ISSUER,
                # `_claims` checks the times with the injected clock.
                options={
                    "require": ["exp", "iat", "sub", "sid", "aud", "iss"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
            return self._claims(whole["header"], whole["payload"])
        except (jwt.InvalidTokenError, ValueError):
            raise NotAuthenticated(NOT_SIGNED_IN) from None

    def _claims(self, header: dict[str, Any], payload: dict[str, Any]) -> Claims:
        expires = payload["exp"]
        if header.get("typ") != TYPE or not isinstance(expires, int):
            raise ValueError("not a token of ours")
        if self._now().timestamp() >= expires + LEEWAY.total_seconds():
            raise ValueError("expired")
        return Claims(UUID(payload["sub"]), expires, UUID(str(payload["sid"])))


def client_tokens(settings: Settings, now: Clock) -> Tokens:
    return Tokens(settings.jwt_secret.get_secret_value(), "privet-clients", ACCESS_LIFETIME, now)


def manager_tokens(settings: Settings, now: Clock) -> Tokens:
    lifetime = timedelta(minutes=settings.manager_access_token_expire_minutes)
    return Tokens(settings.manager_jwt_secret.get_secret_value(), "privet-managers", lifetime, now)


def codec_tokens(settings: Settings, now: Clock) -> Tokens:
    """Tokens of the codec's cookie; the API refuses them, and the codec refuses tokens of the API."""
    return Tokens(settings.manager_jwt_secret.get_secret_value(), "privet-codec", timedelta(hours=8), now)
