"""What operators ask the process."""

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient, TransportError

from api.app import create_app
from embedded.stack import Stack
from tests.api.own_api import OwnApi, open_api, settings_of, starting_now

NOBODY = "127.0.0.1:9"


@pytest.fixture
async def own_api(stack: Stack, database_url: str) -> AsyncIterator[OwnApi]:
    async with open_api(settings_of(stack, DATABASE_URL=database_url), starting_now()) as opened:
        yield opened


async def test_a_whole_installation_is_ready(own_api: OwnApi) -> None:
    answer = await own_api.visitor().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "missing": []})


@pytest.mark.parametrize(
    ("variable", "value", "missing"),
    [
        ("DATABASE_URL", f"postgresql+asyncpg://nobody:x@{NOBODY}/x", "database"),
        ("TEMPORAL_ADDRESS", NOBODY, "temporal"),
        ("S3_ENDPOINT", f"http://{NOBODY}", "storage"),
        ("S3_BUCKET", "no-such-bucket-here", None),
    ],
)
async def test_what_does_not_answer_is_named_and_the_process_is_alive_all_the_same(
    stack: Stack, database_url: str, variable: str, value: str, missing: str | None
) -> None:
    """A bucket that is not there is made at the start."""
    settings = settings_of(stack, **{"DATABASE_URL": database_url, variable: value})
    async with open_api(settings, starting_now()) as own_api:
        answer = await own_api.visitor().get("/readyz")
        alive = await own_api.visitor().get("/healthz")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    if missing is None:
        assert answer.status_code == 200
        return
    assert (answer.status_code, answer.json()) == (503, {"status": "not-ready", "missing": [missing]})
    assert "Retry-After" in answer.headers


async def test_without_a_database_a_client_is_told_to_come_back(stack: Stack) -> None:
    settings = settings_of(stack, DATABASE_URL=f"postgresql+asyncpg://nobody:x@{NOBODY}/x")
    async with open_api(settings, starting_now()) as own_api:
        body = {"phone": "9161234567", "password": "ChangeMe123"}
        answer = await own_api.visitor().post("/api/v1/auth/login", json=body)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


SPELLINGS = ("/metrics", "/metrics/", "/metrics//", "//metrics", "/%6detrics", "/metrics%2f", "/metrics;x", "/METRICS",
             "/metrics?x", "/./metrics", "/api/../metrics", "/healthz/..%2fmetrics")  # fmt: skip


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"HOST": "0.0.0.0"},
        {"TRUSTED_PROXIES": "127.0.0.1"},
        {"PUBLIC_WEB_URL": "https://privet.example.ru"},
        {"METRICS_PORT": "9464"},
    ],
    ids=str,
)
async def test_no_spelling_of_the_path_leads_to_the_metrics_of_an_api_that_others_reach(
    stack: Stack, database_url: str, elsewhere: dict[str, str]
) -> None:
    async with open_api(settings_of(stack, DATABASE_URL=database_url, **elsewhere), starting_now()) as own_api:
        answers = {path: await own_api.visitor().get(path) for path in SPELLINGS}
    assert {path for path, answer in answers.items() if "privet_http" in answer.text} == set()
    assert answers["/metrics"].status_code == 404


async def test_metrics_have_a_port_of_their_own(stack: Stack) -> None:
    port = stack.api_port
    metrics = create_app(settings_of(stack, METRICS_PORT=str(port))).state.metrics
    address = f"http://127.0.0.1:{port}/metrics"
    async with AsyncClient() as http:
        with metrics.served("127.0.0.1", port):
            answer = await http.get(address)
        with pytest.raises(TransportError), metrics.served("127.0.0.1", 0):
            await http.get(address)
    assert (answer.status_code, "privet_http_requests_in_flight" in answer.text) == (200, True)


async def test_metrics_name_routes_and_never_paths(own_api: OwnApi) -> None:
    await own_api.visitor().get("/api/v1/contracts/verify/АА-260302-01?h=marked")
    await own_api.visitor().get("/api/v1/nothing/marked/here")
    await own_api.visitor().request("MARKED", "/healthz")
    text = (await own_api.visitor().get("/metrics")).text
    assert 'privet_http_request_duration_seconds_bucket{le="0.002",method="GET"' in text
    assert 'route="/api/v1/contracts/verify/{number}"' in text
    assert 'route="(no such route)"' in text
    assert 'method="other"' in text
    for state in ("active", "away", "error", "inactive"):
        assert f'privet_bots{{state="{state}"}}' in text
    for value in ("marked", "MARKED", "260302"):
        assert value not in text
