"""A stand-in for Avito with a clock that stands still, sellers who call it, and an address that hooks come to."""

import io
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import FastAPI, Request, Response
from PIL import Image
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.avito.state import Avito
from sandbox.clock import Clock
from sandbox.faults import Fault, Faults, Setting, Side

HOUR = 3600
DAY = 24 * HOUR


@dataclass
class Heard:
    content_type: str
    body: bytes


@dataclass
class Ear:
    """An address that hooks come to."""

    heard: list[Heard] = field(default_factory=list)
    status: int = 200
    silent: bool = False

    def hooks(self) -> list[dict[str, Any]]:
        """What came after the probe: the payloads."""
        return [json.loads(one.body)["payload"]["value"] for one in self.heard if one.body != b"{}"]

    async def listen(self, request: Request) -> Response:
        self.heard.append(Heard(request.headers["content-type"], await request.body()))
        if self.silent:
            while (await request.receive())["type"] != "http.disconnect":
                pass
        return Response(status_code=self.status)


class StoodClock(Clock):
    """Stands still until it is moved."""

    def __call__(self) -> float:
        return 1_800_000_000.25 + self.ahead


@dataclass
class World:
    avito: Avito
    faults: Faults
    clock: StoodClock
    http: httpx.AsyncClient
    ear: Ear
    origin: str
    changes: list[None]

    def fail(self, fault: Fault, **how: Any) -> None:
        self.faults.set(Setting(Side.AVITO, fault, **how))

    async def play(self, path: str, **body: Any) -> Any:
        answer = await self.http.post(f"/sandbox/accounts{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def seller(self, **account: Any) -> "Seller":
        made = await self.play("", **account)
        answer = await self.http.post(
            "/token",
            data={
                "grant_type": "client_credentials",
                "client_id": made["client_id"],
                "client_secret": made["client_secret"],
            },
        )
        return Seller(self, made["user_id"], made, answer.json()["access_token"])

    def violations(self) -> list[str]:
        return self.avito.journal.violations()


@dataclass
class Seller:
    """The owner of an account, with a token."""

    world: World
    id: int
    keys: dict[str, Any]
    token: str

    async def call(self, method: str, path: str, **how: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        # Not any «ME»: now and then one stands in a chat's random id.
        url = path.replace("/accounts/ME/", f"/accounts/{self.id}/")
        return await self.world.http.request(method, url, headers=headers, **how)

    async def get(self, path: str) -> Any:
        answer = await self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def chat(self, **chat: Any) -> str:
        made = await self.world.play(f"/{self.id}/chats", **chat)
        return str(made["chat_id"])

    async def hears(self, chat: str, text: str = "Ещё продаёте?", **more: Any) -> str:
        """The buyer writes."""
        made = await self.world.play(f"/{self.id}/chats/{quote(chat)}/messages", text=text, **more)
        return str(made["id"])

    async def says(self, chat: str, text: str = "Да") -> httpx.Response:
        body = {"message": {"text": text}, "type": "text"}
        return await self.call("POST", f"/messenger/v1/accounts/ME/chats/{quote(chat)}/messages", json=body)

    async def listed(self, chat: str, query: str = "") -> list[dict[str, Any]]:
        found = await self.get(f"/messenger/v3/accounts/ME/chats/{quote(chat)}/messages/{query}")
        listed: list[dict[str, Any]] = found["messages"] if isinstance(found, dict) else found
        return listed

    async def chats(self, query: str = "") -> list[str]:
        return [chat["id"] for chat in (await self.get(f"/messenger/v2/accounts/ME/chats{query}"))["chats"]]

    async def subscribe(self, path: str = "/ear") -> httpx.Response:
        return await self.call("POST", "/messenger/v3/webhook", json={"url": self.world.origin + path})

    def seen(self, chat: str) -> dict[str, Any]:
        """As the page shows it."""
        account = next(one for one in self.world.avito.view()["accounts"] if one["user_id"] == self.id)
        return next(one for one in account["chats"] if one["id"] == chat)


class Stage:
    """What the one server of these tests shows: another app in each of them."""

    def __init__(self) -> None:
        self.app: ASGIApp = FastAPI()
        self.origin = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(out, kind)
    return out.getvalue()
