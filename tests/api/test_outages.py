"""What the API says while something that it stands on is away, and that nothing is lost by asking again."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient, Response

from api.app import create_app
from settings import Settings
from tests.api.onboarding_steps import DEVICE, at, good
from tests.api.shared_api import ADDRESS, Staff, workers
from tests.temporal import namespace_of_tests


@pytest.fixture
def silence() -> Iterator[str]:
    """An address where nobody listens and nobody else will."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{held.getsockname()[1]}"


@asynccontextmanager
async def api(settings: Settings, staff: Staff, **changes: object) -> AsyncIterator[AsyncClient]:
    """The same API, with other settings."""
    app = create_app(settings.model_copy(update=changes))
    headers = {"Authorization": staff.http.headers["Authorization"]}
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url=ADDRESS, headers=headers) as http,
    ):
        yield http


def unavailable(answer: Response) -> bool:
    return (answer.status_code, answer.json()["code"]) == (503, "unavailable") and int(
        answer.headers["Retry-After"]
    ) > 0


async def test_without_temporal_cards_are_read_and_writes_wait_for_the_same_key(
    api_settings: Settings, anna: Staff, silence: str
) -> None:
    client = await anna.client()
    headers = {"Idempotency-Key": str(uuid4())}
    async with api(api_settings, anna, temporal_address=silence) as http:
        good(await http.get(at(client)))
        asked = [await http.post(at(client, "/devices"), json=DEVICE, headers=headers) for _ in range(2)]
        assert all(map(unavailable, asked))
    answers = await asyncio.gather(
        *(anna.http.post(at(client, "/devices"), json=DEVICE, headers=headers) for _ in range(3))
    )
    assert len({good(answer)["id"] for answer in answers}) == 1
    assert len(good(await anna.http.get(at(client)))["devices"]) == 1


async def test_without_a_worker_a_write_is_503_and_is_done_once_when_one_comes(
    api_settings: Settings, anna: Staff
) -> None:
    client = await anna.client()
    headers = {"Idempotency-Key": str(uuid4())}
    late = api_settings.model_copy(update={"temporal_namespace": "api-tests-late"})
    await namespace_of_tests(late.temporal_address, late.temporal_namespace)
    async with api(late, anna) as http:
        assert unavailable(await http.post(at(client, "/devices"), json=DEVICE, headers=headers))
        async with workers(late):
            device = good(await http.post(at(client, "/devices"), json=DEVICE, headers=headers))
        assert [one["id"] for one in good(await http.get(at(client)))["devices"]] == [device["id"]]


async def test_without_the_database_everything_is_503(api_settings: Settings, anna: Staff, silence: str) -> None:
    client = await anna.client()
    url = f"postgresql+asyncpg://nobody:nothing@{silence}/none"
    secret = type(api_settings.database_url)(url)
    async with api(api_settings, anna, database_url=secret) as http:
        for path in ("/api/manager/auth/me", "/api/manager/clients", at(client)):
            assert unavailable(await http.get(path))
        assert unavailable(await http.patch(at(client, "/profile"), json={}))
        login = {"email": "a@example.ru", "password": "любой"}
        assert unavailable(await http.post("/api/manager/auth/login", json=login))


async def test_without_the_store_the_api_starts_and_only_tickets_wait(
    api_settings: Settings, anna: Staff, silence: str
) -> None:
    client = await anna.client()
    async with api(api_settings, anna, s3_endpoint=f"http://{silence}", s3_public_endpoint=None) as http:
        good(await http.post(at(client, "/devices"), json=DEVICE))
        wanted = {"content_type": "image/jpeg"}
        assert unavailable(await http.post(at(client, "/passport/photo/upload-url"), json=wanted))
