"""Uploads: tickets, the gateway where the store has none of its own, and photos that are checked at once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient, Response
from PIL import Image
from pillow_heif import from_pillow

from api.app import create_app
from api.context import Context
from domain.kernel import sizes
from models import UploadTicket
from models.kernel.upload import manager_place
from settings import Settings
from tests.api.onboarding_steps import at, good, photo
from tests.api.shared_api import Staff
from tests.clock import FakeClock
from tests.factories import session_of

JPEG = {"content_type": "image/jpeg"}
KINDS = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True)
class Gateway:
    """The same API over a store that takes no POST policies, with a clock that obeys."""

    context: Context
    http: AsyncClient
    anybody: AsyncClient
    clock: FakeClock

    async def ticket(self, content_type: str = "image/jpeg") -> dict[str, Any]:
        answer = await self.http.post("/api/manager/uploads/presigned", json={"content_type": content_type})
        ticket: dict[str, Any] = good(answer)
        return ticket

    async def send(self, ticket: dict[str, Any], data: bytes, **fields: str) -> Response:
        form = {**ticket["fields"], **fields}
        return await self.anybody.post(ticket["url"], data=form, files={"file": ("a.jpg", data, "image/jpeg")})


@pytest.fixture
async def gateway(api_settings: Settings, anna: Staff) -> AsyncIterator[Gateway]:
    clock = FakeClock()
    app = create_app(api_settings.model_copy(update={"s3_uploads": "gateway", "public_web_url": None}), clock)
    async with app.router.lifespan_context(app):
        context: Context = app.state.context
        token = context.manager_tokens.issue(anna.manager.id, session_of(anna.manager))
        headers = {"Authorization": f"Bearer {token}"}
        transport = ASGITransport(app)
        async with (
            AsyncClient(transport=transport, base_url="http://api.test", headers=headers) as http,
            AsyncClient(transport=transport) as anybody,
        ):
            yield Gateway(context, http, anybody, clock)


async def test_a_ticket_of_the_gateway_is_absolute_and_needs_no_token(gateway: Gateway, anna: Staff) -> None:
    ticket = await gateway.ticket()
    assert ticket.keys() == {"url", "method", "fields", "headers", "file_key"}
    assert ticket["url"] == f"{gateway.context.settings.web_url}/api/uploads"
    assert ticket["file_key"].startswith(f"uploads/manager/{anna.manager.id}/")
    data = photo()
    assert (await gateway.send(ticket, data)).status_code == 204
    assert await gateway.context.storage.get(ticket["file_key"], sizes.PHOTO) == data
    found = await gateway.context.storage.stat(ticket["file_key"])
    assert found is not None
    assert found.content_type == "image/jpeg"


async def test_a_ticket_may_be_used_again_while_it_is_good(gateway: Gateway) -> None:
    ticket = await gateway.ticket()
    assert (await gateway.send(ticket, photo((10, 10)))).status_code == 204
    gateway.clock.advance(timedelta(minutes=5, seconds=-1))
    again = photo((20, 20))
    assert (await gateway.send(ticket, again)).status_code == 204
    assert await gateway.context.storage.get(ticket["file_key"], sizes.PHOTO) == again


async def test_an_old_ticket_is_none(gateway: Gateway) -> None:
    ticket = await gateway.ticket()
    gateway.clock.advance(timedelta(minutes=5))
    assert refused(await gateway.send(ticket, photo())) == (403, "not-allowed")


@pytest.mark.parametrize(
    "fields",
    [
        {"key": "uploads/manager/other.jpg"},
        {"key": "contracts/other.pdf"},
        {"Content-Type": "text/html"},
        {"Content-Type": "image/png"},
        {"expires": "99999999999"},
        {"expires": "never"},
        {"signature": "0" * 64},
        {"signature": ""},
        {"signature": "é"},
    ],
)
async def test_a_changed_ticket_is_none(gateway: Gateway, fields: dict[str, str]) -> None:
    ticket = await gateway.ticket()
    assert refused(await gateway.send(ticket, photo(), **fields)) == (403, "not-allowed")
    assert not await gateway.context.storage.exists(ticket["file_key"])


async def test_a_used_ticket_takes_nothing_more(gateway: Gateway) -> None:
    ticket = await gateway.ticket()
    async with gateway.context.sessions.begin() as session:
        row = await session.get_one(UploadTicket, ticket["file_key"])
        row.used_at = gateway.clock()
    assert refused(await gateway.send(ticket, photo())) == (403, "not-allowed")


async def test_the_gateway_takes_ten_megabytes_and_not_a_byte_more(gateway: Gateway) -> None:
    ticket = await gateway.ticket()
    assert (await gateway.send(ticket, b"x" * sizes.PHOTO)).status_code == 204
    ticket = await gateway.ticket()
    assert refused(await gateway.send(ticket, b"x" * (sizes.PHOTO + 1))) == (413, "too-large")
    assert not await gateway.context.storage.exists(ticket["file_key"])
    assert refused(await gateway.send(ticket, b"")) == (422, "photo-rejected")


async def test_a_file_that_comes_before_its_ticket_is_not_kept(gateway: Gateway) -> None:
    ticket = await gateway.ticket()
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\ndata\r\n'
        + b"".join(
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in ticket["fields"].items()
        )
        + b"--x--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert refused(await gateway.anybody.post(ticket["url"], content=body, headers=headers)) == (403, "not-allowed")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"--x--\r\n"),
        ("multipart/form-data; boundary=x", b"nonsense"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n"),
        ("multipart/form-data; boundary=" + "x" * 300, b""),
        ("multipart/form-data; boundary=x", b'--x\r\nA: "' + b"h" * 100_000),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="key"\r\n\r\n' + b"v" * 5000 + b"\r\n--x--\r\n",
        ),
    ],
)
async def test_what_is_no_form_with_a_file_is_422(gateway: Gateway, content_type: str, body: bytes) -> None:
    headers = {"Content-Type": content_type}
    for http, path in ((gateway.anybody, "http://api.test/api/uploads"), (gateway.http, "/api/manager/uploads/direct")):
        assert refused(await http.post(path, content=body, headers=headers)) == (422, "invalid-value")


async def test_a_ticket_is_for_photos_only(anna: Staff) -> None:
    client = await anna.client()
    paths = ("/api/manager/uploads/presigned", at(client, "/passport/photo/upload-url"))
    for path in paths:
        for content_type in ("image/gif", "text/html", "IMAGE/JPEG", "", None):
            answer = await anna.http.post(path, json={"content_type": content_type})
            assert refused(answer) == (422, "invalid-value")
        for content_type in KINDS:
            good(await anna.http.post(path, json={"content_type": content_type}))
    assert refused(await anna.http.get(paths[0], params={"content_type": "image/gif"})) == (422, "invalid-value")
    assert good(await anna.http.get(paths[0], params={"content_type": "image/webp"}))["file_key"].endswith(".webp")


async def test_a_photo_sent_directly_is_checked_and_stored_clean(anna: Staff) -> None:
    files = {"file": ("фото.png", photo((2400, 1200)), "image/png")}
    stored = good(await anna.http.post("/api/manager/uploads/direct", files=files))
    assert stored.keys() == {"file_key", "url"}
    async with anna.api.anybody() as browser:
        shown = await browser.get(stored["url"])
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.content.startswith(b"\xff\xd8")
    async with anna.api.sessions() as session:
        ticket = await session.get_one(UploadTicket, stored["file_key"])
    assert ticket.place == manager_place(anna.manager.id)


@pytest.mark.parametrize("name", ["IMG_0001.HEIC", "IMG_0001.jpg"])
async def test_a_photo_of_an_iphone_is_stored_as_a_jpeg_whatever_it_calls_itself(anna: Staff, name: str) -> None:
    """What a laptop's browser cannot decode comes as it is, under the type of the ticket."""
    made = BytesIO()
    from_pillow(Image.new("RGB", (300, 200), "red")).save(made)
    files = {"file": (name, made.getvalue(), "image/jpeg")}
    stored = good(await anna.http.post("/api/manager/uploads/direct", files=files))
    async with anna.api.anybody() as browser:
        shown = await browser.get(stored["url"])
    with Image.open(BytesIO(shown.content)) as image:
        assert (image.format, image.size) == ("JPEG", (300, 200))


@pytest.mark.parametrize("data", [b"", b"<html>", b"\xff\xd8\xff\xe0 not a photo"])
async def test_what_is_no_photo_is_refused_with_the_reason(anna: Staff, data: bytes) -> None:
    answer = await anna.http.post("/api/manager/uploads/direct", files={"file": ("a.jpg", data, "image/jpeg")})
    assert refused(answer) == (422, "photo-rejected")


async def test_a_photo_above_ten_megabytes_is_413(anna: Staff) -> None:
    for size in (sizes.PHOTO + 1, 2 * sizes.PHOTO):
        files = {"file": ("a.jpg", b"x" * size, "image/jpeg")}
        assert refused(await anna.http.post("/api/manager/uploads/direct", files=files)) == (413, "too-large")


def refused(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
