"""The apps of a manager and of a client as callers over HTTP, which repeat what was not answered."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Protocol, Self
from uuid import uuid4

import httpx

from models.support.ticket import SIGNING
from tests.journeys.photos import photo_with_gps
from tests.journeys.product import PAUSE, Product, Staff, eventually

PATIENCE: Final = 150.0
"""Seconds in which somebody repeats one request before he gives up."""

PASSWORD: Final = "Berёза-и-клён-12"
BASIC: Final = "00000000-0000-4000-8000-000000000102"
FREE: Final = "00000000-0000-4000-8000-000000000101"
LAPTOP: Final = {
    "device_type": "Ноутбук",
    "title": "ThinkPad X1",
    "description": "Чёрный, с наклейкой",
    "specs": {"ram": 16, "экран": '14"'},
    "extra_fee": 1500.5,
}
PHONE: Final = {"device_type": "Телефон", "title": "Pixel 9"}
CODE: Final = re.compile(r"код подтверждения (\d{6})")

_phones = count(1)

Send = Callable[[asyncio.Event], Awaitable[httpx.Response]]


class RequestObserver(Protocol):
    """Somebody who is told of every request; `send` sets the event when the request has left for the first time."""

    async def beside(self, step: str, key: str, send: Send) -> httpx.Response: ...


class Caller:
    """An app that repeats a request under the same Idempotency-Key when the line broke or the answer was 503."""

    def __init__(self, product: Product, companion: RequestObserver | None = None) -> None:
        self.product, self.companion = product, companion
        self.repeats = 0
        self.http = httpx.AsyncClient(
            base_url=product.url, trust_env=False, timeout=30, limits=httpx.Limits(max_connections=40)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def ask(
        self, method: str, path: str, body: object = None, *, step: str = "", key: str = "", **more: Any
    ) -> httpx.Response:
        """The answer; a write gets a key of its own unless one is given."""
        key = key or str(uuid4())
        if method not in ("GET", "HEAD"):
            more["headers"] = {"Idempotency-Key": key, **more.get("headers", {})}
        if body is not None:
            more["json"] = body

        async def send(sent: asyncio.Event) -> httpx.Response:
            return await self._until_answered(method, path, sent, more)

        if self.companion is None or not step:
            return await send(asyncio.Event())
        return await self.companion.beside(step, key, send)

    async def _until_answered(
        self, method: str, path: str, sent: asyncio.Event, options: Mapping[str, Any]
    ) -> httpx.Response:
        async def trace(event: str, _: object) -> None:
            if event == "http11.send_request_body.complete":
                sent.set()

        seen = "nothing"
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    try:
                        answer = await self.http.request(method, path, extensions={"trace": trace}, **options)
                    except httpx.TransportError as error:
                        seen = type(error).__name__
                    else:
                        if answer.status_code != 503:
                            return answer
                        seen = answer.text
                    self.repeats += 1
                    await asyncio.sleep(PAUSE)
                    await self.product.ready()
        except TimeoutError as error:
            raise TimeoutError(f"{method} {path}: no answer in {PATIENCE:g} s, the last one was {seen}") from error


def good(answer: httpx.Response, status: int = 200) -> Any:
    """The body of an answer that must have this status."""
    assert answer.status_code == status, (
        f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    )
    return answer.json() if answer.content else None


def refused(answer: httpx.Response, status: int, code: str) -> Any:
    """The problem document of a «no»."""
    problem = good(answer, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["code"] == code
    assert problem["status"] == status
    return problem


class ManagerApp(Caller):
    """A manager, logged in; `prefix` is one of the two names of the API."""

    def __init__(
        self, product: Product, prefix: str = "/api/manager", companion: RequestObserver | None = None
    ) -> None:
        super().__init__(product, companion)
        self.prefix = prefix

    async def log_in(self, staff: Staff) -> Self:
        body = {"email": staff.email, "password": staff.password}
        token = good(await self.ask("POST", f"{self.prefix}/auth/login", body))
        self.http.headers["Authorization"] = f"Bearer {token['access_token']}"
        return self

    async def get(self, path: str, **query: str) -> Any:
        return good(await self.ask("GET", self.prefix + path, params=query))

    async def find(self, phone: str, tab: str = "new") -> str:
        """The id of the client with this phone."""
        [client] = await self.get("/clients", tab=tab, q=phone)
        return str(client["id"])

    def card_requests(self, client_id: str) -> "CardRequests":
        return CardRequests(self, f"{self.prefix}/clients/{client_id}")


@dataclass(frozen=True)
class CardRequests:
    """A client's card on a manager's screen; every step is named, so that a kill can be planned beside it."""

    manager_app: ManagerApp
    path: str

    async def ask(
        self, method: str, path: str, body: object = None, *, step: str = "", key: str = ""
    ) -> httpx.Response:
        return await self.manager_app.ask(method, self.path + path, body, step=step or path.rpartition("/")[2], key=key)

    async def card(self) -> Any:
        return good(await self.ask("GET", ""))

    async def profile(self, **profile: str) -> Any:
        return good(await self.ask("PATCH", "/profile", profile))

    async def passport(self, fields: Mapping[str, str | None]) -> Any:
        return good(await self.ask("PUT", "/passport", fields))

    async def add(self, device: Mapping[str, object], step: str = "device", key: str = "") -> Any:
        return good(await self.ask("POST", "/devices", device, step=step, key=key))

    async def photograph(self, place: str, step: str, jpeg: bytes | None = None) -> Any:
        """Upload by ticket, then attach; `place` is `/passport/photo` or `/devices/{id}/photos`."""
        key = await self.upload(place, step, jpeg or photo_with_gps())
        return good(await self.ask("POST", place, {"file_key": key}, step=f"{step}-photo"))

    async def upload(self, place: str, step: str, jpeg: bytes) -> str:
        body = {"content_type": "image/jpeg"}
        ticket = good(await self.ask("POST", f"{place}/upload-url", body, step=f"{step}-ticket"))
        async with Caller(self.manager_app.product, self.manager_app.companion) as stranger:
            files = {"file": ("photo.jpg", jpeg, "image/jpeg")}
            stored = await stranger.ask(
                ticket["method"], ticket["url"], step=f"{step}-upload", data=ticket["fields"], files=files
            )
        assert stored.is_success, stored.text
        return str(ticket["file_key"])

    async def tariff(self, devices: int, tariff_id: str | None = BASIC) -> Any:
        return good(await self.ask("POST", "/tariff/apply", {"device_count": devices, "tariff_id": tariff_id}))

    async def generate(self, key: str = "") -> Any:
        return good(await self.ask("POST", "/contract/generate", key=key))

    async def confirm(self, code: str) -> Any:
        return good(await self.ask("POST", "/contract/confirm", {"otp_code": code}))

    async def pay(self, amount: float | None = None, step: str = "pay") -> Any:
        return good(await self.ask("POST", "/payment/confirm", {"amount": amount}, step=step))

    async def bill(self, **bill: object) -> Any:
        return good(await self.ask("POST", "/billing/notify", bill))


class ClientApp(Caller):
    """A client with the app in his hand."""

    def __init__(self, product: Product, companion: RequestObserver | None = None, phone: str = "") -> None:
        super().__init__(product, companion)
        self.phone = phone or f"903{next(_phones):07}"

    async def register(self, *, confirms: bool = True, **known: str) -> Self:
        """With a phone that he confirms at once, unless it is said otherwise. A repeat gets a session too."""
        asked = {"phone": self.phone, "password": PASSWORD, **known}
        answer = good(await self.ask("POST", "/api/v1/auth/register", asked, step="register"), 201)
        self.http.headers["Authorization"] = f"Bearer {answer['access_token']}"
        if confirms:
            await self.confirm_phone()
        return self

    async def confirm_phone(self) -> None:
        """By the code that arrives on his telephone."""
        good(await self.ask("POST", "/api/v1/auth/phone/code"), 202)
        sms = (await eventually(self.sms, "the SMS with the code"))[-1]
        good(await self.ask("POST", "/api/v1/auth/phone/confirm", {"code": sms[:6]}), 204)

    async def sms(self) -> list[str]:
        """What arrived on his telephone, oldest first."""
        async with httpx.AsyncClient(base_url=self.product.stack.sandbox.url, trust_env=False) as sandbox:
            answer = await sandbox.get(f"/sandbox/phones/{self.phone}")
        return [message["text"] for message in answer.json()["messages"]] if answer.is_success else []

    async def get(self, path: str, **query: str) -> Any:
        return good(await self.ask("GET", f"/api/v1{path}", params=query))

    async def messages(self) -> list[str]:
        """Of the ticket «Подписание договора», oldest first."""
        tickets = [one for one in await self.get("/support/") if one["subject"] == SIGNING]
        if not tickets:
            return []
        [ticket] = tickets
        return [one["body"] for one in await self.get(f"/support/{ticket['id']}/messages")]

    async def codes(self) -> list[str]:
        """Every code that he was sent, oldest first."""
        return [found[1] for body in await self.messages() if (found := CODE.search(body))]

    async def sign(self, contract_id: str, code: str) -> Any:
        return good(await self.ask("POST", f"/api/v1/contracts/{contract_id}/sign", {"otp_code": code}, step="sign"))


def passport(number: str, last_name: str = "Ёлкина") -> dict[str, str | None]:
    return {
        "last_name": last_name,
        "first_name": "Мария",
        "middle_name": "Петровна",
        "series": "4510",
        "number": number,
        "issued_by": "ОВД района Арбат города Москвы",
        "issue_code": "770-001",
        "issue_date": "2015-05-20",
        "registration_address": "г. Москва, ул. Арбат, д. 1, кв. 2",
    }
