"""A manager's way through the wizard over HTTP, step by step, for tests that start in the middle of it."""

import json
from io import BytesIO
from typing import Any
from uuid import UUID

from httpx import AsyncClient, Response
from PIL import Image
from sqlmodel import col, select

from models import SupportMessage
from models.clients.client import Client
from models.kernel.columns import unseal
from models.support.ticket import BODY
from tests.api.shared_api import SharedApi, Staff
from tests.factories import BASIC

PROFILE = {
    "phone": "9001234567",
    "email": "maria@example.ru",
    "name": "Мария Ёлкина",
    "address": "г. Москва, ул. Арбат, д. 1",
}
CONFIRMED = {"phone_confirmed_at": "2026-03-01T09:00:00Z", "phone_confirmed_by": "sms"}
"""Of the accounts that the factory makes."""

DEVICE = {
    "device_type": "Ноутбук",
    "title": "ThinkPad X1",
    "description": "Чёрный",
    "specs": {"ram": 16},
    "extra_fee": 1500.5,
}


def passport(number: str) -> dict[str, str]:
    return {
        "last_name": "Ёлкина",
        "first_name": "Мария",
        "middle_name": "Петровна",
        "series": "4510",
        "number": number,
        "issued_by": "ОВД района Арбат города Москвы",
        "issue_code": "770-001",
        "issue_date": "2015-05-20",
        "registration_address": "г. Москва, ул. Арбат, д. 1, кв. 2",
    }


def photo(size: tuple[int, int] = (64, 48)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "navy").save(out, "JPEG")
    return out.getvalue()


def good(answer: Response, status: int = 200) -> Any:
    """The body of an answer that must have this status."""
    assert answer.status_code == status, f"{answer.request.method} {answer.request.url.path}: {answer.text}"
    return answer.json() if answer.content else None


def at(client: Client | UUID, path: str = "") -> str:
    return f"/api/manager/clients/{client.id if isinstance(client, Client) else client}{path}"


async def fill(staff: Staff, client: Client, *, devices: int = 1, tariff: UUID | None = BASIC) -> Any:
    """Profile, passport, devices and tariff; the applied tariff."""
    http = staff.http
    good(await http.patch(at(client, "/profile"), json=PROFILE))
    good(await http.put(at(client, "/passport"), json=passport(number_of(client))))
    for _ in range(devices):
        good(await http.post(at(client, "/devices"), json=DEVICE))
    choice = {"device_count": devices, "tariff_id": str(tariff) if tariff else None}
    return good(await http.post(at(client, "/tariff/apply"), json=choice))


async def sign(staff: Staff, client: Client) -> Any:
    """Generate and sign on the manager's device; the card."""
    good(await staff.http.post(at(client, "/contract/generate")))
    code = await code_of(staff.api, client)
    return good(await staff.http.post(at(client, "/contract/confirm"), json={"otp_code": code}))


async def code_of(shared_api: SharedApi, client: Client) -> str:
    """The digits as the client reads them in his own session."""
    async with shared_api.sessions() as session:
        card = await session.get_one(Client, client.id)
        query = select(SupportMessage).where(col(SupportMessage.ticket_id) == card.support_ticket_id)
        messages = (await session.exec(query.order_by(col(SupportMessage.created_at).desc()))).all()
    sealed = next(one.body_sealed for one in messages if one.body_sealed is not None)
    text: str = unseal(shared_api.context.keyring, BODY, sealed)
    return text.split("код подтверждения ")[1][:6]


async def send(http: AsyncClient, method: str, path: str, body: Any) -> Response:
    """As a careless client would: with NULs, lone surrogates, numbers of any length; bytes go as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await http.request(method, path, content=content, headers={"Content-Type": "application/json"})


async def upload(ticket: dict[str, Any], data: bytes, http: AsyncClient) -> Response:
    """As a browser sends a form: the fields, then the file."""
    return await http.post(ticket["url"], data=ticket["fields"], files={"file": ("photo.jpg", data, "image/jpeg")})


def number_of(client: Client) -> str:
    """Six digits of a passport that nobody else has."""
    return f"{client.id.int % 1_000_000:06}"
