"""aiogram's HTTP session with outcomes for errors; the token, which stands in each URL, is in none of their texts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientConnectorError, ClientError, ClientTimeout, ConnectionTimeoutError

from gateways.outcome import NotDone, TooBig, Unknown
from gateways.telegram_refusal import refusal

UPLOAD_SECONDS: Final = 60
CONNECT_SECONDS: Final = 3


class OutcomeSession(AiohttpSession):
    """One for all bots: closing a bot's session would close everybody's. A call takes `seconds` at most."""

    def __init__(self, base: str, seconds: float) -> None:
        super().__init__(api=TelegramAPIServer.from_base(base), timeout=seconds)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  # as above
    ) -> TelegramType:
        """As in the class above, but no redirects, a short time to connect, and outcomes."""
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        form = self.build_form_data(bot=bot, method=method)
        with _translated():
            async with session.post(
                url, data=form, timeout=_limit(timeout or self.timeout), allow_redirects=False
            ) as response:
                content = await response.read()
        answer = _mapping(content)
        if response.status != 200 or answer.get("ok") is not True:
            raise refusal(method.__api_method__, _status(response.status, answer), answer)
        return self._result(bot, method, content)

    async def download(self, bot: Bot, path: str, limit_bytes: int) -> bytes:
        """The bytes of a path that getFile gave."""
        session = await self.create_session()
        data = bytearray()
        with _translated():
            async with session.get(
                self.api.file_url(bot.token, path), timeout=_limit(UPLOAD_SECONDS), allow_redirects=False
            ) as response:
                if response.status != 200:
                    raise refusal("download", response.status, {})
                async for chunk in response.content.iter_chunked(65536):
                    data += chunk
                    if len(data) > limit_bytes:
                        raise TooBig(limit_bytes)
        return bytes(data)

    def _result(self, bot: Bot, method: TelegramMethod[TelegramType], content: bytes) -> TelegramType:
        try:
            answer = self.check_response(bot, method, 200, content.decode())
        except ClientDecodeError:
            # Its text holds the whole answer.
            raise Unknown(f"{method.__api_method__}: an answer of an unknown shape") from None
        if answer.result is None:
            raise Unknown(f"{method.__api_method__}: an answer without a result")
        return answer.result


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ClientConnectorError, ConnectionTimeoutError) as error:
        raise NotDone(type(error).__name__) from None
    except (ClientError, TimeoutError, OSError) as error:
        raise Unknown(type(error).__name__) from None


def _status(status: int, answer: dict[str, object]) -> int:
    """A proxy may answer 200 around an error that Telegram tells inside."""
    code = answer.get("error_code")
    return code if status == 200 and isinstance(code, int) else status


def _limit(seconds: float) -> ClientTimeout:
    return ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)


def _mapping(content: bytes) -> dict[str, object]:
    """The JSON object; empty for a page of a proxy or half an answer."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}
