"""The control API of the sandbox: buyers in Avito, staff in Telegram, and faults of both services."""

from collections.abc import Mapping
from typing import Any, Final, Self

import httpx

CONFLICT: Final = 409


class Impossible(Exception):
    """A person could not do that just now: the topic is gone."""


class SandboxClient:
    """The sandbox's own API; both services that the product speaks to are at the same address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.AsyncClient(
            base_url=url, trust_env=False, timeout=30, limits=httpx.Limits(max_connections=40)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def get(self, path: str, **query: str) -> Any:
        return _good(await self.http.get(f"/sandbox{path}", params=query))

    async def do(self, place: str, /, **body: Any) -> Any:
        answer = await self.http.post(f"/sandbox{place}", json=body)
        if answer.status_code == CONFLICT:
            raise Impossible(answer.text)
        return _good(answer)

    async def group(self, chat_id: int) -> Any:
        """Also under an id that it had once."""
        return await self.get(f"/groups/{chat_id}")

    async def account(self, user_id: int) -> Any:
        return await self.get(f"/accounts/{user_id}")

    async def break_(self, side: str, fault: str, **more: Any) -> None:
        await self.do("/faults", side=side, fault=fault, **more)

    async def struck(self, path: str) -> int:
        """How often the fault that was set for this path has struck."""
        return sum(one["struck"] for one in await self.get("/faults") if one["path"] == path)

    async def mend(self, side: str = "", fault: str = "") -> None:
        """One fault in every place, or all that is broken."""
        query = {name: value for name, value in {"side": side, "fault": fault}.items() if value}
        _good(await self.http.delete("/sandbox/faults", params=query))

    async def begin(self) -> None:
        """Nothing is broken, and nothing is remembered of what was asked."""
        await self.mend()
        _good(await self.http.delete("/sandbox/journal"))

    async def calls(self, side: str) -> list[Mapping[str, Any]]:
        return list(await self.get("/journal", side=side))

    async def violations(self) -> list[str]:
        """Calls that the published services would have refused."""
        return list(await self.get("/violations"))


def _good(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json()
