"""What every request passes: CORS for the pages that are named, one spelling of a path, a bounded body."""

from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient

from api.app import create_app
from settings import Settings
from tests.api.onboarding_steps import good
from tests.api.shared_api import ADDRESS, Staff

SPA = "https://spa.example.ru"


@pytest.fixture
async def http(api_settings: Settings) -> AsyncIterator[AsyncClient]:
    app = create_app(api_settings.model_copy(update={"cors_allow_origins": f"{SPA}, https://other.example.ru"}))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url=ADDRESS) as http,
    ):
        yield http


async def test_a_named_page_may_call_the_api_and_read_what_it_needs(http: AsyncClient) -> None:
    asked = {"Origin": SPA, "Access-Control-Request-Method": "PATCH"}
    wanted = {"Access-Control-Request-Headers": "authorization,content-type,idempotency-key"}
    allowed = await http.options("/api/manager/clients", headers=asked | wanted)
    assert allowed.status_code == 200
    assert allowed.headers["Access-Control-Allow-Origin"] == SPA
    answer = await http.get("/api/manager/clients", headers={"Origin": SPA})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (401, SPA)
    assert {"Link", "Retry-After"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_any_other_page_may_not(http: AsyncClient) -> None:
    for origin in ("https://evil.example.ru", "null", f"{SPA}.evil.ru"):
        answer = await http.get("/api/manager/clients", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_lists_answer_with_and_without_a_slash_at_the_end(anna: Staff) -> None:
    for path in ("/api/manager/clients", "/api/manager/tariffs", "/api/master/tariffs"):
        with_slash = await anna.http.get(path + "/")
        assert not with_slash.history
        assert good(with_slash) == good(await anna.http.get(path))
