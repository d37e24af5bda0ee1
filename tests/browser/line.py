"""The line between one page and everything else: slow, cut, and whole again."""

from dataclasses import dataclass
from typing import Final

from playwright.async_api import CDPSession

from tests.browser.manager import Manager

CUT: Final = "ERR_INTERNET_DISCONNECTED"
"""The trouble that a cut line makes on a page, to be forgiven."""

SLOWLY: Final = 60_000
"""Bytes a second: a photo takes some seconds."""


@dataclass(frozen=True)
class Line:
    """Of one page; what is on its way breaks off when it is cut."""

    session: CDPSession

    @classmethod
    async def of(cls, manager: Manager) -> "Line":
        session = await manager.window.context.new_cdp_session(manager.page)
        await session.send("Network.enable")
        return cls(session)

    async def becomes(self, *, slow: bool = False, cut: bool = False) -> None:
        speed = {"offline": cut, "latency": 0, "downloadThroughput": -1, "uploadThroughput": SLOWLY if slow else -1}
        await self.session.send("Network.emulateNetworkConditions", speed)
