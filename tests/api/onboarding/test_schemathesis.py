"""Whatever is sent to a route of the OpenAPI document, right or wrong, the answer is one that it names, never a 5xx."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import uuid4

import pytest
import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.errors import InvalidSchema
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Err, Result
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.onboarding_steps import DEVICE, PROFILE, at, fill, good, passport
from tests.api.shared_api import SharedApi, Staff

Operation: TypeAlias = APIOperation[Any, Any, Any, Any]

SEED = 20261121
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
KNOWN, UNKNOWN = 6, 2
"""Examples of each operation and kind of data, for ids that there are and for any others."""

LAST = ("delete", "logout", "change-password", "reset")
"""What would end the session or take away what the others need goes to the end."""


@dataclass
class Target:
    """Where requests go, as whom, and the ids that there are, each by the part of a path that names it."""

    url: str
    headers: dict[str, str]
    prefixes: tuple[str, ...]
    ids: dict[str, str]
    session: requests.Session = field(default_factory=requests.Session)
    failures: list[str] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def probe(self) -> None:
        """Blocks; for a thread beside the server's loop."""
        document = self.session.get(f"{self.url}/openapi.json", timeout=10).json()
        schema = schemathesis.openapi.from_dict(document)
        schema.config.update(base_url=self.url)
        found = [_sound(result) for result in schema.get_all_operations()]
        mine = [operation for operation in found if operation.path.startswith(self.prefixes)]
        for operation in sorted(mine, key=_comes_last):
            known = {_parameter(part): value for part, value in self.ids.items() if part in operation.path}
            for mode in GenerationMode:
                self.try_out(operation, mode, known, KNOWN)
                if known:
                    self.try_out(operation, mode, {}, UNKNOWN)

    def try_out(self, operation: Operation, mode: GenerationMode, known: dict[str, Any], examples: int) -> None:
        if mode is GenerationMode.NEGATIVE and not _can_be_wrong(operation):
            return

        @seed(SEED)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode, path_parameters=known or None))
        def answers_as_documented(case: Case[Any]) -> None:
            response = case.call(session=self.session, headers=self.headers, timeout=20)
            self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1
            try:
                case.validate_response(response, checks=CHECKS)
            except FailureGroup as group:
                said = "; ".join(f"{failure.title}: {failure.message}" for failure in group.exceptions)
                self.failures.append(f"{operation.label} [{mode.value}] {response.status_code}: {said}"[:600])

        answers_as_documented()


@pytest.fixture
async def url(shared_api: SharedApi) -> AsyncIterator[str]:
    """The same app on a real port."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(shared_api.app, lifespan="off", log_config=None, http="httptools"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await serving


@pytest.mark.timeout(240)
async def test_no_input_of_a_manager_is_a_5xx(url: str, anna: Staff) -> None:
    client = await anna.client()
    await fill(anna, client)
    device = good(await anna.http.get(at(client)))["devices"][0]
    made = good(await anna.http.post(at(client, "/contract/generate")))
    target = Target(
        url,
        {"Authorization": anna.http.headers["Authorization"]},
        ("/api/manager/", "/api/uploads"),
        {
            "clients/{client_id}": str(client.id),
            "devices/{device_id}": device["id"],
            "photos/{photo_id}": str(uuid4()),
            "contracts/{contract_id}": made["contract_id"],
            "autosaves/{form}": "passport",
        },
    )
    await asyncio.to_thread(target.probe)
    assert target.failures == []
    assert target.statuses.keys() >= {200, 404, 422}


@pytest.mark.timeout(240)
async def test_no_input_of_a_client_is_a_5xx(url: str, shared_api: SharedApi, anna: Staff) -> None:
    headers, ids = await a_client_with_a_contract(shared_api, anna)
    target = Target(url, headers, ("/api/v1/",), ids)
    await asyncio.to_thread(target.probe)
    assert target.failures == []
    assert target.statuses.keys() >= {200, 404, 422}


async def a_client_with_a_contract(shared_api: SharedApi, anna: Staff) -> tuple[dict[str, str], dict[str, str]]:
    async with shared_api.http() as http:
        phone = f"926{uuid4().int % 10_000_000:07}"
        account = {"phone": phone, "password": "Длинный пароль 1"}
        token = good(await http.post("/api/v1/auth/register", json=account), 201)["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        listed = good(await anna.http.get("/api/manager/clients", params={"q": phone}))
        client_id = listed[0]["id"]
        good(await anna.http.patch(at(client_id, "/profile"), json=PROFILE))
        good(await anna.http.put(at(client_id, "/passport"), json=passport(phone[-6:])))
        good(await anna.http.post(at(client_id, "/devices"), json=DEVICE))
        good(await anna.http.post(at(client_id, "/tariff/apply"), json={"device_count": 1}))
        made = good(await anna.http.post(at(client_id, "/contract/generate")))
        tickets = good(await http.get("/api/v1/support", headers=headers))
    return headers, {
        "contracts/{id}": made["contract_id"],
        "support/{id}": tickets[0]["id"],
        "sessions/{id}": str(uuid4()),
        "verify/{number}": made["contract_number"],
    }


def _comes_last(operation: Operation) -> bool:
    return operation.method == "delete" or any(word in operation.path for word in LAST)


def _sound(result: Result[Operation, InvalidSchema]) -> Operation:
    if isinstance(result, Err):
        raise result.err()
    return result.ok()


def _parameter(part: str) -> str:
    return part.partition("{")[2].rstrip("}")


def _can_be_wrong(operation: Operation) -> bool:
    """Without a body, a query or a path parameter there is nothing to get wrong."""
    return bool(operation.body.items or operation.query.items or operation.path_parameters.items)
