"""aiogram's HTTP session with outcomes; their texts never hold the token, which stands in each URL."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, cast
from urllib.parse import unquote, urlsplit

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientConnectorError, ClientError, ClientTimeout, ConnectionTimeoutError
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError, ProxyType
from pydantic import ValidationError

from gateways.outcome import NotDone, TooBig, Unknown
from gateways.telegram.refusal import refusal

UPLOAD_SECONDS: Final = 60
CONNECT_SECONDS: Final = 3
CONNECT_BY_PROXY_SECONDS: Final = 8
"""Connections to the proxy and from there to Telegram, with their handshakes."""

MOST_CONNECTIONS: Final = 500
"""For all activities and a long poll per bot; waiting for a free connection counts into a call's time."""

PROXY_PORTS: Final = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
"""Schemes of a proxy with their usual ports. By each of them the proxy looks up Telegram's name."""


class OutcomeSession(AiohttpSession):
    """One session for all bots. A call takes `seconds` at most.

    `proxy`: an address with a scheme of `PROXY_PORTS` that calls and downloads go through; None: straight.
    """

    def __init__(self, base: str, seconds: float, proxy: str | None = None) -> None:
        super().__init__(api=TelegramAPIServer.from_base(base), timeout=seconds, limit=MOST_CONNECTIONS)
        self._connect_seconds = CONNECT_SECONDS
        if proxy is not None:
            self._connector_type = ProxyConnector
            self._connector_init |= _proxy(proxy)
            self._connect_seconds = CONNECT_BY_PROXY_SECONDS
        self._shapes: dict[str, type[Response[Any]]] = {}

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  # as above
    ) -> TelegramType:
        """As in the base class, but without redirects, with a short connect time and outcomes."""
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        form = self.build_form_data(bot=bot, method=method)
        with _translated():
            async with session.post(
                url, data=form, timeout=self._limit(timeout or self.timeout), allow_redirects=False
            ) as response:
                content = await response.read()
        answer = _mapping(content)
        if response.status != 200 or answer.get("ok") is not True:
            raise refusal(method.__api_method__, _status(response.status, answer), answer)
        return self._result(bot, method, answer)

    async def download(self, bot: Bot, path: str, limit_bytes: int) -> bytes:
        """The bytes of a path from getFile."""
        session = await self.create_session()
        data = bytearray()
        with _translated():
            async with session.get(
                self.api.file_url(bot.token, path), timeout=self._limit(UPLOAD_SECONDS), allow_redirects=False
            ) as response:
                if response.status != 200:
                    raise refusal("download", response.status, {})
                async for chunk in response.content.iter_chunked(65536):
                    data += chunk
                    if len(data) > limit_bytes:
                        raise TooBig(limit_bytes)
        return bytes(data)

    def _result(self, bot: Bot, method: TelegramMethod[TelegramType], answer: dict[str, object]) -> TelegramType:
        """Like the base class's `check_response` for a success, parsed once."""
        try:
            found: TelegramType | None = self._shape(method).model_validate(answer, context={"bot": bot}).result
        except ValidationError:
            # The error's text holds the whole answer.
            raise Unknown(f"{method.__api_method__}: an answer of an unknown shape") from None
        if found is None:
            raise Unknown(f"{method.__api_method__}: an answer without a result")
        return found

    def _limit(self, seconds: float) -> ClientTimeout:
        return ClientTimeout(total=seconds, sock_connect=self._connect_seconds)

    def _shape(self, method: TelegramMethod[TelegramType]) -> type[Response[Any]]:
        """Cached: building it takes longer than the rest of a call."""
        name = method.__api_method__
        if name not in self._shapes:
            self._shapes[name] = cast(type[Response[Any]], Response.__class_getitem__(method.__returning__))
        return self._shapes[name]


_NOT_SENT = (ClientConnectorError, ConnectionTimeoutError, ProxyConnectionError, ProxyError, ProxyTimeoutError)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except _NOT_SENT as error:
        raise NotDone(type(error).__name__) from None
    except (ClientError, TimeoutError, OSError) as error:
        raise Unknown(type(error).__name__) from None


def _status(status: int, answer: dict[str, object]) -> int:
    """Telegram's status; a proxy may wrap its error in a 200."""
    code = answer.get("error_code")
    return code if status == 200 and isinstance(code, int) else status


def _proxy(url: str) -> dict[str, Any]:
    """Arguments of the connector; name and password may be percent-encoded."""
    parts = urlsplit(url)
    return {
        "proxy_type": ProxyType.SOCKS5 if parts.scheme.startswith("socks5") else ProxyType.HTTP,
        "host": parts.hostname or "",
        "port": parts.port or PROXY_PORTS[parts.scheme],
        "username": unquote(parts.username) if parts.username is not None else None,
        "password": unquote(parts.password) if parts.password is not None else None,
        "rdns": True,
        "proxy_ssl": ssl.create_default_context() if parts.scheme == "https" else None,
    }


def _mapping(content: bytes) -> dict[str, object]:
    """The JSON object; empty for a proxy's page or a cut answer."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}
