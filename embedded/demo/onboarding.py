"""One onboarding over HTTP with the requests of the manager's and the client's apps, each step timed."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from uuid import uuid4

import httpx

from embedded.demo.people import Person

Json: TypeAlias = dict[str, Any]
PASSPORT_PHOTO, DEVICE_PHOTO = "passport photo", "device photo"
STEPS = (
    *("register", "confirm the phone", "find in «Новые»", "profile", "passport", PASSPORT_PHOTO),
    *("device", DEVICE_PHOTO, "device", DEVICE_PHOTO),
    *("tariff", "generate contract", "read the code", "sign", "confirm payment", "notify of the bill"),
)
"""In the order in which they are timed."""

SMS_PATIENCE = 20.0
"""Seconds until the code must be on the sandbox's telephone."""

CERTIFICATE_PATIENCE = 10.0
"""Seconds; the certificate is made after the answer to the signature."""


class Refused(Exception):
    """The API gave an unexpected answer; the text names request, status and problem."""


@dataclass(frozen=True)
class Finished:
    """Ids and links of a finished onboarding."""

    client_id: str
    name: str
    status: str
    contract_number: str
    contract_url: str
    certificate_url: str


class Onboarding:
    """`http` has the base URL of the API, `manager` is a token; `timed` is called with the seconds of each step.

    `sandbox` is the address of the sandbox, whose telephone gets the client's SMS.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        manager: str,
        person: Person,
        timed: Callable[[str, float], None],
        sandbox: str,
    ) -> None:
        self.http, self.person, self.timed, self.sandbox = http, person, timed, sandbox
        self.manager = {"Authorization": f"Bearer {manager}"}
        self.client: dict[str, str] = {}
        self.card = ""

    async def run(self, photos: list[bytes]) -> Finished:
        """`photos` are of the passport and of each device. Raises Refused."""
        await self.register()
        await self.fill_in()
        await self.add_photo(PASSPORT_PHOTO, f"{self.card}/passport/photo", photos[0])
        for (kind, title), photo in zip(self.person.devices, photos[1:], strict=True):
            await self.add_device(kind, title, photo)
        contract = await self.contract()
        await self.sign(contract)
        await self.pay()
        return await self.finished()

    async def register(self) -> None:
        person = self.person
        async with self.step("register"):
            pair = await self.send(
                "POST", "/api/v1/auth/register", json={"phone": person.phone, "password": person.password}, headers={}
            )
        self.client = {"Authorization": f"Bearer {pair['access_token']}"}
        async with self.step("confirm the phone"):
            await self.send("POST", "/api/v1/auth/phone/code", headers=self.client)
            code = (await self.sms())[:6]
            await self.send("POST", "/api/v1/auth/phone/confirm", json={"code": code}, headers=self.client)
        async with self.step("find in «Новые»"):
            found = await self.send("GET", "/api/manager/clients", params={"tab": "new", "q": person.phone})
        if len(found) != 1:
            raise Refused(f"«Новые» shows {len(found)} clients with a phone that just registered")
        self.card = f"/api/manager/clients/{found[0]['id']}"

    async def sms(self) -> str:
        """The newest SMS on the client's telephone; raises Refused after SMS_PATIENCE."""
        deadline = time.monotonic() + SMS_PATIENCE
        while time.monotonic() < deadline:
            answer = await self.http.get(f"{self.sandbox}/sandbox/phones/{self.person.phone}")
            if answer.is_success and (messages := answer.json()["messages"]):
                return str(messages[-1]["text"])
            await asyncio.sleep(0.1)
        raise Refused("no SMS with the code has come to the sandbox's telephone")

    async def fill_in(self) -> None:
        person = self.person
        profile = {
            "phone": person.phone,
            "email": person.email,
            "name": person.name,
            "address": person.passport["registration_address"],
        }
        async with self.step("profile"):
            await self.send("PATCH", f"{self.card}/profile", json=profile)
        async with self.step("passport"):
            await self.send("PUT", f"{self.card}/passport", json=person.passport)

    async def add_device(self, kind: str, title: str, photo: bytes) -> None:
        async with self.step("device"):
            device = await self.send("POST", f"{self.card}/devices", json={"device_type": kind, "title": title})
        await self.add_photo(DEVICE_PHOTO, f"{self.card}/devices/{device['id']}/photos", photo)

    async def add_photo(self, name: str, place: str, photo: bytes) -> None:
        async with self.step(name):
            ticket = await self.send("POST", f"{place}/upload-url", json={"content_type": "image/jpeg"})
            stored = await self.http.post(
                ticket["url"], data=ticket["fields"], files={"file": ("photo.jpg", photo, "image/jpeg")}
            )
            accepted(stored, name)
            await self.send("POST", place, json={"file_key": ticket["file_key"]})

    async def contract(self) -> Json:
        count = len(self.person.devices)
        async with self.step("tariff"):
            tariffs = await self.send("GET", "/api/manager/tariffs")
            paid = max(tariffs, key=lambda tariff: tariff["extra_per_device"])
            choice = {"device_count": count, "tariff_id": paid["id"]}
            await self.send("POST", f"{self.card}/tariff/apply", json=choice)
        async with self.step("generate contract"):
            contract: Json = await self.send("POST", f"{self.card}/contract/generate")
        return contract

    async def sign(self, contract: Json) -> None:
        async with self.step("read the code"):
            code = await self.code(contract["contract_number"])
        async with self.step("sign"):
            place = f"/api/v1/contracts/{contract['contract_id']}"
            await self.send("POST", f"{place}/agree", headers=self.client)
            await self.send("POST", f"{place}/sign", json={"otp_code": code}, headers=self.client)

    async def code(self, number: str) -> str:
        """The code of the contract, from the client's support ticket."""
        for ticket in await self.send("GET", "/api/v1/support/", headers=self.client):
            for message in await self.send("GET", f"/api/v1/support/{ticket['id']}/messages", headers=self.client):
                text = message["body"] or ""
                if found := re.search(rf"Договор {re.escape(number)}, код подтверждения\D*(\d{{6}})", text):
                    return found[1]
        raise Refused(f"no message with the code for contract {number}")

    async def pay(self) -> None:
        async with self.step("confirm payment"):
            card = await self.send("POST", f"{self.card}/payment/confirm", json={})
        bill = {
            "amount": card["tariff"]["base_fee"] or 1,
            "description": "Абонентская плата за первый месяц",
            "contract_number": card["contract"]["contract_number"],
            "due_date": (datetime.now(UTC) + timedelta(days=14)).date().isoformat(),
        }
        async with self.step("notify of the bill"):
            await self.send("POST", f"{self.card}/billing/notify", json=bill)

    async def finished(self) -> Finished:
        certificate_url = await self.certificate()
        card = await self.send("GET", self.card)
        contract = card["contract"]
        return Finished(
            client_id=card["id"],
            name=self.person.name,
            status=card["status"],
            contract_number=contract["contract_number"],
            contract_url=contract["contract_url"],
            certificate_url=certificate_url,
        )

    async def certificate(self) -> str:
        """The client's link to the certificate; raises Refused after CERTIFICATE_PATIENCE."""
        deadline = time.monotonic() + CERTIFICATE_PATIENCE
        while time.monotonic() < deadline:
            for contract in await self.send("GET", "/api/v1/contracts", headers=self.client):
                if contract["certificate_url"]:
                    return str(contract["certificate_url"])
            await asyncio.sleep(0.2)
        raise Refused("the certificate of the signature is not there yet")

    @asynccontextmanager
    async def step(self, name: str) -> AsyncIterator[None]:
        began = time.perf_counter()
        yield
        self.timed(name, time.perf_counter() - began)

    async def send(self, method: str, path: str, *, headers: dict[str, str] | None = None, **rest: Any) -> Any:
        sent = {**(self.manager if headers is None else headers), "Idempotency-Key": str(uuid4())}
        answer = await self.http.request(method, path, headers=sent, **rest)
        accepted(answer, f"{method} {re.sub(r'[0-9a-f-]{36}', '{id}', path)}")
        return answer.json() if answer.content else None


def accepted(answer: httpx.Response, what: str) -> None:
    if not answer.is_success:
        raise Refused(f"{what}: {answer.status_code} {answer.text[:500]}")
