"""Webhook subscriptions: a set of addresses per account, each probed before it is taken."""

from urllib.parse import urlsplit

from pydantic import BaseModel
from starlette.responses import Response

from sandbox.avito.gate import Ask, body_of, ok
from sandbox.avito.refused import Refused, invalid
from sandbox.avito.state import Avito
from sandbox.faults import Side

PROBE_SECONDS = 2.0
PROBE = b"{}"
PROBE_TYPE = "application/x-www-form-urlencoded"
"""What curl says of `-d '{}'`, the check that Avito's guide gives."""


class Address(BaseModel):
    url: str


class Subscribing:
    def __init__(self, avito: Avito) -> None:
        self._avito = avito

    async def subscribe(self, ask: Ask) -> Response:
        """Adds to those that are there. Refused: no answer 200 within two seconds."""
        url = (await body_of(ask, Address)).url
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise invalid(url="an http or https address is expected")
        ask.summary.update(host=parts.netloc)
        status = await self._avito.hooks.probe(url, {"Content-Type": PROBE_TYPE}, PROBE, PROBE_SECONDS)
        if status != 200:
            raise Refused(400, "Webhook url does not answer 200 within 2 seconds")
        if url not in ask.account.subscriptions:
            ask.account.subscriptions.append(url)
        return ok()

    async def unsubscribe(self, ask: Ask) -> Response:
        url = (await body_of(ask, Address)).url
        if url in ask.account.subscriptions:
            ask.account.subscriptions.remove(url)
        if not any(url in account.subscriptions for account in self._avito.kept.accounts.values()):
            self._avito.hooks.forget(url, Side.AVITO)
        return ok()
