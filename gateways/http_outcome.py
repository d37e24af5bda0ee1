"""httpx errors and HTTP statuses as outcomes; texts hold no URLs and no bodies of ours."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

from gateways.outcome import NotDone, NotFound, PaymentRequired, Rejected, TooMany, Unauthorised, Unknown

CALL_SECONDS: Final = 60
"""Limit of a whole call: the time-outs of its parts do not end an answer that trickles."""

TIMEOUT: Final = httpx.Timeout(15.0, connect=3.0, pool=5.0)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_CLASSES: Final[Mapping[int, type[Rejected]]] = {
    401: Unauthorised,
    402: PaymentRequired,
    403: Unauthorised,
    404: NotFound,
    410: NotFound,
}
# A larger number is Unix time, not seconds to wait.
_LONGEST_WAIT: Final = 1_000_000.0
_NUMBER: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{0,15})?")


def open_client(most_connections: int = 100) -> httpx.AsyncClient:
    """Client for Avito, one per process; the caller closes it.

    Shared by all accounts, so it keeps no cookies: they would mix sessions with tokens of other accounts.
    """
    limits = httpx.Limits(max_connections=most_connections, max_keepalive_connections=most_connections)
    cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))
    return httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False, cookies=cookies, limits=limits)


@contextmanager
def translated() -> Iterator[None]:
    """Transport errors as outcomes, also the end of an inner `asyncio.timeout`."""
    try:
        yield
    except _NOT_SENT as error:
        raise NotDone(type(error).__name__) from None
    except (httpx.RequestError, TimeoutError) as error:
        raise Unknown(type(error).__name__) from None


def refusal(status: int, reason: str, headers: Mapping[str, str]) -> Exception:
    """The outcome of a failed answer; a redirect or 408 leaves it unknown."""
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return TooMany(reason, retry_after(headers))
    if status < httpx.codes.BAD_REQUEST or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return Unknown(f"{status} {reason}".rstrip())
    if status == httpx.codes.REQUEST_TIMEOUT:
        return Unknown(f"{status} {reason}".rstrip())
    return _CLASSES.get(status, Rejected)(status, reason)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds by Retry-After (a number, also with a fraction, or a date, RFC 9110), else X-RateLimit-Reset."""
    for name in ("retry-after", "x-ratelimit-reset"):
        if (seconds := _seconds(headers.get(name, "").strip(), headers.get("date", ""))) is not None:
            return seconds
    return None


def _seconds(said: str, date: str) -> float | None:
    """`date` is the answer's clock, so that the local one does not matter."""
    number = float(said) if _NUMBER.fullmatch(said) else None
    if number is not None and number < _LONGEST_WAIT:
        return number
    until, now = _moment(said) if number is None else number, _moment(date)
    return None if until is None or now is None else max(0.0, until - now)


def _moment(date: str) -> float | None:
    """Unix time of an HTTP date."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None
