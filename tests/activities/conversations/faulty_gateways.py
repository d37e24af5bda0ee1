"""Gateways with faults: with methods of the test's own, or killing the process before or after an effect."""

from typing import Any

import httpx

from gateways.avito.client import Avito, AvitoAccount
from gateways.avito.media import Fetched, Media
from gateways.avito.shapes import Sent
from gateways.outcome import Rejected
from gateways.telegram.client import TelegramApi
from gateways.telegram.shapes import TopicGone


class Killed(BaseException):
    """Like kill -9: nothing of ours catches it."""


class RefusingMedia(Media):
    """Avito's hosts of files, which answer each of the first `times` calls with `outcome`; `urls` are those called."""

    def __init__(self, http: httpx.AsyncClient, base: str, outcome: Exception, times: int = 10**6) -> None:
        super().__init__(http, base)
        self._outcome, self._times = outcome, times
        self.urls: list[str] = []

    async def fetch(self, url: str, limit_bytes: int) -> Fetched:
        self.urls.append(url)
        if len(self.urls) <= self._times:
            raise self._outcome
        return await super().fetch(url, limit_bytes)


class KillingGateway:
    """A gateway whose method kills the process: `after` its effect, or instead of it; once."""

    def __init__(self, inner: Any, method: str, *, after: bool, state: dict[str, int], nth: int = 1) -> None:
        self._inner, self._method, self._after, self._state, self._nth = inner, method, after, state, nth

    def __getattr__(self, name: str) -> Any:
        inner = getattr(self._inner, name)
        if name != self._method:
            return inner

        async def deadly(*args: Any, **kwargs: Any) -> Any:
            self._state["calls"] = self._state.get("calls", 0) + 1
            if self._state["calls"] != self._nth:
                return await inner(*args, **kwargs)
            if self._after:
                await inner(*args, **kwargs)
            raise Killed

        return deadly


class KillingTelegram:
    def __init__(self, inner: TelegramApi, method: str, *, after: bool, nth: int = 1) -> None:
        self._inner, self._how = inner, (method, after, nth)
        self._state: dict[str, int] = {}

    def bot(self, token: str) -> Any:
        method, after, nth = self._how
        return KillingGateway(self._inner.bot(token), method, after=after, state=self._state, nth=nth)


class KillingAvito(Avito):
    def __init__(self, inner: Avito, method: str, *, after: bool, nth: int = 1) -> None:
        super().__init__(inner._http, inner._base)
        self._how = (method, after, nth)
        self._state: dict[str, int] = {}

    def account(self, user_id: int, token: str, seen: Any = None) -> AvitoAccount:
        method, after, nth = self._how
        account: Any = KillingGateway(
            super().account(user_id, token, seen), method, after=after, nth=nth, state=self._state
        )
        return account  # type: ignore[no-any-return]


class RefusingAvito(Avito):
    """Says no to the n-th text, as to one that it finds improper."""

    def __init__(self, inner: Avito, nth: int) -> None:
        super().__init__(inner._http, inner._base)
        self._nth, self._calls = nth, 0

    def account(self, user_id: int, token: str, seen: Any = None) -> AvitoAccount:
        account = super().account(user_id, token, seen)
        send = account.send_text

        async def refusing(chat_id: str, text: str) -> Sent:
            self._calls += 1
            if self._calls == self._nth:
                raise Rejected(400, "bad text")
            return await send(chat_id, text)

        account.send_text = refusing  # type: ignore[method-assign]
        return account


class TopicsVanish:
    """Whatever topic is made, it is gone when something is sent to it."""

    def __init__(self, inner: TelegramApi) -> None:
        self._inner = inner

    def bot(self, token: str) -> Any:
        bot = self._inner.bot(token)

        async def gone(*_args: Any, **_kwargs: Any) -> int:
            raise TopicGone(400, "message thread not found")

        bot.send_text = gone  # type: ignore[method-assign]
        return bot


class ChangedTelegram:
    """Telegram with methods of its own; `inner` is the true one for them to call."""

    def __init__(self, inner: TelegramApi, **methods: Any) -> None:
        self._inner, self._methods = inner, methods

    def bot(self, token: str) -> Any:
        bot = self._inner.bot(token)
        for name, method in self._methods.items():
            inner = getattr(bot, name)
            setattr(bot, name, lambda *args, _m=method, _i=inner, **kwargs: _m(_i, *args, **kwargs))
        return bot
