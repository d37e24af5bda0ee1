"""Downloads from Avito's own hosts only: webhooks with foreign URLs can be forged."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Final

import httpx

from gateways.http_outcome import CALL_SECONDS, refusal, translated
from gateways.outcome import Rejected, TooBig, Unknown

MAX_REDIRECTS: Final = 3
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.avito\.(?:ru|st)")
# Parsers read these differently, which could bypass the check.
_SUSPECT = re.compile(r"[^\x21-\x7e]|[\\\"<>^`{|}]")
_MAX_URL: Final = 4096
_AS_IT_IS: Final = {"Accept-Encoding": "identity"}


class ForbiddenUrl(Exception):
    """The URL is not Avito's; it is neither called nor part of the text."""


@dataclass(frozen=True)
class Fetched:
    """`content_type`: as the host claims, lower case, without parameters; may be empty."""

    data: bytes = field(repr=False)
    content_type: str


class Media:
    """Files of the origin of `avito_base`, and by https of hosts under avito.ru and avito.st.

    Sends no token. The caller closes `http`.
    """

    def __init__(self, http: httpx.AsyncClient, avito_base: str) -> None:
        self._http = http
        self._own = _origin(httpx.URL(avito_base))

    async def fetch(self, url: str, limit_bytes: int) -> Fetched:
        """The whole file. Raises ForbiddenUrl, TooBig or an outcome (Rejected for an expired link)."""
        with translated():
            async with asyncio.timeout(CALL_SECONDS):
                for _ in range(MAX_REDIRECTS + 1):
                    answer = await self._get(self._checked(url), limit_bytes)
                    if isinstance(answer, Fetched):
                        return answer
                    url = answer
        raise Rejected(httpx.codes.FOUND, "too many redirects")

    def _checked(self, url: str) -> httpx.URL:
        """The parsed URL if it is Avito's; the checked value is the one connected to."""
        if len(url) > _MAX_URL or _SUSPECT.search(url):
            raise ForbiddenUrl("a URL with characters that do not belong there")
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL:
            raise ForbiddenUrl("not a URL") from None
        if parsed.userinfo:
            raise ForbiddenUrl("a URL with a user in it")
        scheme, host, port = _origin(parsed)
        if (scheme, host, port) != self._own and not (scheme == "https" and port is None and _HOST.fullmatch(host)):
            raise ForbiddenUrl("a URL of a host that is not Avito's")
        return parsed

    async def _get(self, url: httpx.URL, limit_bytes: int) -> Fetched | str:
        """The file, or the URL of a redirect."""
        async with self._http.stream("GET", url, headers=_AS_IT_IS, follow_redirects=False) as response:
            if response.has_redirect_location:
                return _next(url, response.headers["location"])
            if not response.is_success:
                raise refusal(response.status_code, response.reason_phrase, response.headers)
            if "html" in _plain_type(response):
                raise Unknown("a page instead of a file")
            return Fetched(await _body(response, limit_bytes), _plain_type(response))


def _next(url: httpx.URL, location: str) -> str:
    try:
        return str(url.join(location))
    except httpx.InvalidURL:
        raise ForbiddenUrl("a redirect to what is not a URL") from None


async def _body(response: httpx.Response, limit_bytes: int) -> bytes:
    """Raw bytes: an unpacked Content-Encoding could be of any size."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Rejected(response.status_code, "a packed file")
    if _declared(response) > limit_bytes:
        raise TooBig(limit_bytes)
    data = bytearray()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > limit_bytes:
            raise TooBig(limit_bytes)
    if not data:
        raise Unknown("an empty file")
    return bytes(data)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host, port; the default port is None."""
    return url.scheme, url.raw_host.decode("ascii"), url.port


def _declared(response: httpx.Response) -> int:
    said = response.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else 0


def _plain_type(response: httpx.Response) -> str:
    content_type: str = response.headers.get("content-type", "")
    return content_type.partition(";")[0].strip().lower()
