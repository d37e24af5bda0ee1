"""The Temporal Web UI shows what is inside a process only to the operator who logged in."""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import AsyncClient, Response
from temporalio.api.common.v1 import Payload

from api.web.temporal_ui import COOKIE
from embedded.stack import Stack
from gateways.temporal.codec import EncryptionCodec
from models import Manager
from tests.api.own_api import OwnApi, open_api, settings_of, starting_now
from tests.factories import PASSWORD, make_manager, session_of

SECRET = b'"what only the operator reads"'
OTHER_SITE = "http://evil.example"


@pytest.fixture
async def own_api(stack: Stack, database_url: str) -> AsyncIterator[OwnApi]:
    async with open_api(settings_of(stack, DATABASE_URL=database_url), starting_now()) as opened:
        yield opened


@pytest.fixture
async def operator(own_api: OwnApi) -> Manager:
    return await make_manager(own_api.sessions, is_super_admin=True, can_onboard=False)


def web_ui(own_api: OwnApi) -> str:
    return f"http://127.0.0.1:{own_api.context.settings.temporal_ui_port}"


async def log_in(http: AsyncClient, manager: Manager, password: str = PASSWORD, **headers: str) -> Response:
    form = {"email": str(manager.email).upper(), "password": password}
    return await http.post("/codec/login", data=form, headers=headers)


async def sealed(own_api: OwnApi) -> dict[str, Any]:
    plain = Payload(metadata={"encoding": b"json/plain"}, data=SECRET)
    payload = (await EncryptionCodec(own_api.keyring).encode([plain]))[0]
    metadata = {name: b64encode(value).decode() for name, value in payload.metadata.items()}
    return {"metadata": metadata, "data": b64encode(payload.data).decode()}


async def decode(http: AsyncClient, own_api: OwnApi, *payloads: dict[str, Any], **headers: str) -> Response:
    return await http.post(
        "/codec/decode", json={"payloads": list(payloads)}, headers={"x-namespace": "default"} | headers
    )


async def test_who_logged_in_as_operator_reads_payloads_on_the_page_of_the_web_ui(
    own_api: OwnApi, operator: Manager
) -> None:
    async with own_api.visitor() as http:
        assert "form" in (await http.get("/codec/login")).text
        entered = await log_in(http, operator)
        assert entered.status_code == 200
        cookie = entered.headers["set-cookie"]
        assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/codec", "Max-Age=28800"))
        answer = await decode(http, own_api, await sealed(own_api), origin=web_ui(own_api))
    assert answer.status_code == 200, answer.text
    shown = answer.json()["payloads"][0]
    assert b64decode(shown["data"]) == SECRET
    assert b64decode(shown["metadata"]["encoding"]) == b"json/plain"
    assert answer.headers["access-control-allow-origin"] == web_ui(own_api)
    assert answer.headers["access-control-allow-credentials"] == "true"


async def test_the_page_after_the_log_in_names_the_addresses_that_its_cookie_is_good_for(
    own_api: OwnApi, operator: Manager
) -> None:
    port = own_api.context.settings.temporal_ui_port
    async with own_api.visitor() as http:
        http.base_url = "http://localhost:8000"
        page = (await log_in(http, operator)).text
    assert f'href="http://localhost:{port}"' in page
    assert "<code>http://localhost:8000/codec</code>" in page
    assert "«Include cross-origin credentials»" in page


async def test_what_an_operator_types_is_encrypted_and_what_no_key_opens_stays_as_it_is(
    own_api: OwnApi, operator: Manager
) -> None:
    plain = {"metadata": {"encoding": b64encode(b"json/plain").decode()}, "data": b64encode(b"1").decode()}
    async with own_api.visitor() as http:
        await log_in(http, operator)
        encoded = (await http.post("/codec/encode", json={"payloads": [plain]})).json()["payloads"]
        assert b64decode(encoded[0]["metadata"]["encoding"]) == b"binary/encrypted"
        broken = encoded[0] | {"data": b64encode(b"\x01\x02k9" + bytes(40)).decode()}
        decoded = (await decode(http, own_api, encoded[0], broken, plain)).json()["payloads"]
    assert decoded == [plain, broken, plain]


async def test_the_web_ui_may_ask_with_its_cookie_and_no_other_page_may(own_api: OwnApi, operator: Manager) -> None:
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-namespace"}
    allowed = await own_api.visitor().options("/codec/decode", headers=asking | {"Origin": web_ui(own_api)})
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-credentials"] == "true"
    assert "x-namespace" in allowed.headers["access-control-allow-headers"].lower()
    refused = await own_api.visitor().options("/codec/decode", headers=asking | {"Origin": OTHER_SITE})
    assert "access-control-allow-origin" not in refused.headers
    async with own_api.visitor() as http:
        await log_in(http, operator)
        answer = await decode(http, own_api, await sealed(own_api), origin=OTHER_SITE)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


async def test_without_a_log_in_nothing_is_decoded(own_api: OwnApi, operator: Manager) -> None:
    api_token = own_api.context.manager_tokens.issue(operator.id, session_of(operator))
    for cookies in ({}, {COOKIE: "x"}, {COOKIE: api_token}):
        async with own_api.visitor() as http:
            http.cookies.update(cookies)
            answer = await decode(http, own_api, await sealed(own_api))
            assert (answer.status_code, answer.json()["code"]) == (401, "not-authenticated")
    cookie = own_api.context.codec_tokens.issue(operator.id, session_of(operator))
    api = await own_api.visitor().get("/api/manager/auth/me", headers={"Authorization": f"Bearer {cookie}"})
    assert api.status_code == 401


async def test_only_super_admins_log_in_and_a_right_taken_away_is_gone_at_once(
    own_api: OwnApi, operator: Manager
) -> None:
    manager = await make_manager(own_api.sessions)
    async with own_api.visitor() as http:
        for person, password, status in ((manager, PASSWORD, 403), (operator, "wrong", 401), (manager, "wrong", 401)):
            answer = await log_in(http, person, password)
            assert answer.status_code == status
            assert "set-cookie" not in answer.headers
        assert (await log_in(http, operator, **{"Sec-Fetch-Site": "cross-site"})).status_code == 403
        await log_in(http, operator)
        async with own_api.sessions.begin() as session:
            (await session.get_one(Manager, operator.id)).is_super_admin = False
        assert (await decode(http, own_api, await sealed(own_api))).status_code == 403


async def test_logging_out_ends_it(own_api: OwnApi, operator: Manager) -> None:
    async with own_api.visitor() as http:
        await log_in(http, operator)
        await http.post("/codec/logout")
        assert (await decode(http, own_api, await sealed(own_api))).status_code == 401


@pytest.mark.parametrize("body", ["", "{", "1", '{"payloads": 1}', '{"payloads": [{"data": 5}]}', '{"x": 1}', "\xff"])
async def test_what_is_no_list_of_payloads_is_422(own_api: OwnApi, operator: Manager, body: str) -> None:
    async with own_api.visitor() as http:
        await log_in(http, operator)
        answer = await http.post("/codec/decode", content=body.encode("latin-1"))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-value")


async def test_the_page_shows_a_name_as_text_and_runs_nothing(own_api: OwnApi) -> None:
    operator = await make_manager(own_api.sessions, is_super_admin=True, name="<script>alert(1)</script>")
    page = await log_in(own_api.visitor(), operator)
    assert "<script>" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert json.dumps(PASSWORD) not in page.text
