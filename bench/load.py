"""Callers of product and floor, which run the wizard steps and time each in milliseconds."""

import asyncio
import itertools
import json
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeAlias
from uuid import uuid4

import aiohttp

from bench.product import EMAIL, PASSWORD, Addresses

Times: TypeAlias = dict[str, list[float]]
Walk: TypeAlias = Callable[[Times], Awaitable[None]]

STEPS = ("profile", "passport", "device", "tariff", "generate", "sign", "payment")
KINDS = {step: "document" if step == "generate" else "local" for step in STEPS}
_numbers = itertools.count(1)
_run = int(time.time()) % 1000


async def lanes(walk: Walk, count: int, walks: int) -> tuple[Times, float]:
    """Run `walks` walks in `count` concurrent lanes; returns the times by step, and the total seconds."""
    times: Times = defaultdict(list)
    left = iter(range(walks))

    async def lane() -> None:
        for _ in left:
            await walk(times)

    began = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(count)))
    return times, time.perf_counter() - began


class Product:
    """The requests of a manager and of clients to the product."""

    def __init__(self, http: aiohttp.ClientSession, addresses: Addresses, token: str, tariff: str) -> None:
        self.http, self.root, self.token, self.tariff = http, addresses.product, token, tariff

    @classmethod
    async def log_in(cls, http: aiohttp.ClientSession, addresses: Addresses) -> "Product":
        body = {"email": EMAIL, "password": PASSWORD}
        async with http.post(f"{addresses.product}/api/manager/auth/login", json=body) as answer:
            token = (await answer.json())["access_token"]
        async with http.get(f"{addresses.product}/api/manager/tariffs", headers=_bearer(token)) as answer:
            tariff = next(one["id"] for one in await answer.json() if one["extra_per_device"])
        return cls(http, addresses, token, tariff)

    async def register(self) -> tuple[str, str]:
        """Register a client; returns id and token. Not timed, because argon2id is slow on purpose."""
        number = next(_numbers)
        phone = f"9{_run:03}{number:06}"
        person = {"phone": phone, "password": "ChangeMe123", "name": f"Клиент {number}"}
        mine = await self.call("POST", "/api/v1/auth/register", "", person)
        found = await self.call("GET", f"/api/manager/clients?tab=new&q={phone}", self.token)
        return found[0]["id"], mine["access_token"]

    async def walk(self, client: tuple[str, str], times: Times) -> None:
        client_id, own = client
        base = f"/api/manager/clients/{client_id}"
        number = next(_numbers)

        async def timed(step: str, method: str, path: str, body: Any, token: str = self.token) -> Any:
            began = time.perf_counter()
            answer = await self.call(method, path, token, body)
            times[step].append((time.perf_counter() - began) * 1000)
            return answer

        await timed("profile", "PATCH", f"{base}/profile", _profile(number))
        await timed("passport", "PUT", f"{base}/passport", _passport(number))
        await timed("device", "POST", f"{base}/devices", {"device_type": "Ноутбук", "title": "Рабочий"})
        await timed("tariff", "POST", f"{base}/tariff/apply", {"device_count": 1, "tariff_id": self.tariff})
        made = await timed("generate", "POST", f"{base}/contract/generate", None)
        code = await self.code(own)
        await timed("sign", "POST", f"/api/v1/contracts/{made['contract_id']}/sign", {"otp_code": code}, own)
        await timed("payment", "POST", f"{base}/payment/confirm", {})

    async def code(self, own: str) -> str:
        tickets = await self.call("GET", "/api/v1/support/", own)
        messages = await self.call("GET", f"/api/v1/support/{tickets[0]['id']}/messages", own)
        return str(messages[-1]["body"]).split("код подтверждения ")[1][:6]

    async def call(self, method: str, path: str, token: str, body: Any = None) -> Any:
        headers = {"Idempotency-Key": str(uuid4()), **(_bearer(token) if token else {})}
        async with self.http.request(method, self.root + path, json=body, headers=headers) as answer:
            text = await answer.text()
            if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                # Registrations of one address are limited per minute; they are not measured.
                await asyncio.sleep(float(answer.headers["Retry-After"]))
                return await self.call(method, path, token, body)
            if answer.status >= 400:
                raise RuntimeError(f"{method} {path}: {answer.status} {text}")
            return json.loads(text) if text else None


class Floor:
    """The same steps as bare updates over HTTP."""

    def __init__(self, http: aiohttp.ClientSession, addresses: Addresses) -> None:
        self.http, self.root = http, addresses.floor

    async def begin(self) -> str:
        workflow_id = str(uuid4())
        await self.step(workflow_id, "local")
        return workflow_id

    async def walk(self, workflow_id: str, times: Times) -> None:
        for step in STEPS:
            began = time.perf_counter()
            await self.step(workflow_id, KINDS[step])
            times[step].append((time.perf_counter() - began) * 1000)

    async def step(self, workflow_id: str, kind: str) -> None:
        async with self.http.post(f"{self.root}/{workflow_id}/{kind}") as answer:
            if answer.status >= 400:
                raise RuntimeError(await answer.text())


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _profile(number: int) -> dict[str, str]:
    phone = f"8{_run:03}{number:06}"
    return {
        "phone": f"9{phone[1:]}",
        "email": f"c{number}@example.com",
        "name": f"Клиент {number}",
        "address": "Москва",
    }


def _passport(number: int) -> dict[str, str]:
    return {
        "last_name": "Иванов",
        "first_name": "Пётр",
        "middle_name": "Ильич",
        "series": f"{4500 + _run % 100}",
        "number": f"{number:06}",
        "issued_by": "ОВД Арбат",
        "issue_code": "770-001",
        "issue_date": "2015-05-20",
        "registration_address": "г. Москва, ул. Арбат, д. 1",
    }
