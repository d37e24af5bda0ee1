"""After an onboarding nobody finds the client where only machines and operators look."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from google.protobuf.json_format import MessageToJson, Parse
from temporalio.api.common.v1 import Payload, Payloads, WorkflowExecution
from temporalio.client import Client

from tests.journeys import stored_data
from tests.journeys.http_callers import PHONE, ClientApp, ManagerApp, good, refused
from tests.journeys.product import ANNA, BORIS, OPERATOR, Product, Staff, eventually
from workflows.onboarding.start import onboarding_id

pytestmark = pytest.mark.xdist_group("journeys")

PASSPORT = {
    "last_name": "Заметнофамильева",
    "first_name": "Приметнина",
    "middle_name": "Отличитовна",
    "series": "4977",
    "number": "618273",
    "issued_by": "Отдел по особым приметам города Меткинска",
    "issue_code": "961-372",
    "issue_date": "2011-11-19",
    "registration_address": "г. Меткинск, ул. Прописочная, д. 7",
}
PROFILE = {
    "phone": "9037712664",
    "email": "primetnaya.pochta@example.com",
    "name": "Видная Контактова",
    "address": "г. Заметинск, ул. Проживальная, д. 3",
}
LOGIN = {
    "phone": "9035519283",
    "email": "lichnaya.pochta@example.com",
    "name": "Явная Входова",
    "address": "г. Подписинск, ул. Начальная, д. 1",
}
WORDS = {
    "description": "царапина в виде чайки",
    "specs": "серийный-ЩУКА-881",
    "void reason": "передумала из-за переезда к тёте",
    "take-over reason": "коллега ушёл на рыбалку",
    "decline reason": "не понравился шрифт договора",
    "support message": "где мой розовый бегемот",
}
SEARCHED_BY = {"manager_clients.full_name", "manager_clients.search_text"}
"""What lists are searched by may hold the name and the address of the passport."""


@dataclass(frozen=True)
class Marked:
    """A client whose every value is known nowhere else."""

    id: str
    codes: list[str]
    marks: dict[str, str] = field(repr=False)


@pytest.fixture(scope="module")
async def marked(product: Product) -> AsyncIterator[Marked]:
    """All that people type is typed here once, refused values and wrong codes included."""
    async with (
        ManagerApp(product) as anna,
        ManagerApp(product) as boris,
        ClientApp(product, phone=LOGIN["phone"]) as person,
    ):
        await anna.log_in(ANNA)
        await boris.log_in(BORIS)
        await person.register(email=LOGIN["email"], name=LOGIN["name"], address=LOGIN["address"])
        client_id = await anna.find(person.phone)
        card_requests = anna.card_requests(client_id)
        await anna.get("/clients", tab="new", q=LOGIN["name"])
        await card_requests.profile(**PROFILE)
        refused(
            await card_requests.ask("PUT", "/passport", {**PASSPORT, "issue_date": "2999-01-01"}), 422, "invalid-value"
        )
        await card_requests.passport(PASSPORT)
        await card_requests.photograph("/passport/photo", "passport")
        await card_requests.add(
            {**PHONE, "description": WORDS["description"], "specs": {"sn": WORDS["specs"]}, "extra_fee": 5}
        )
        await card_requests.tariff(1)
        await card_requests.generate()
        good(await card_requests.ask("POST", "/contract/void", {"reason": WORDS["void reason"]}))
        made = await card_requests.generate()
        decline = {"reason": WORDS["decline reason"]}
        good(await person.ask("POST", f"/api/v1/contracts/{made['contract_id']}/decline", decline))
        good(await boris.card_requests(client_id).ask("POST", "/take-over", {"reason": WORDS["take-over reason"]}))
        card_requests = boris.card_requests(client_id)
        made = await card_requests.generate()
        code = (await person.codes())[-1]
        wrong = f"{(int(code) + 7) % 10**6:06}"
        refused(await card_requests.ask("POST", "/contract/confirm", {"otp_code": wrong}), 400, "otp-invalid")
        await person.sign(made["contract_id"], code)
        assert (await card_requests.pay())["status"] == "processed"
        [ticket] = await person.get("/support/")
        message = {"body": WORDS["support message"]}
        good(await person.ask("POST", f"/api/v1/support/{ticket['id']}/messages/user", message), 201)
        await is_certified(person, made["contract_id"])
        codes = [*await person.codes(), wrong]
        yield Marked(client_id, codes, marks(codes))


async def is_certified(person: ClientApp, contract_id: str) -> None:
    async def certified() -> Any:
        return (await person.get(f"/contracts/{contract_id}"))["certificate_url"]

    await eventually(certified, "the certificate of the signature")


def marks(codes: list[str]) -> dict[str, str]:
    passport = {f"passport {name}": value for name, value in PASSPORT.items() if name not in ("series", "issue_date")}
    return {
        **passport,
        "series and number": PASSPORT["series"] + PASSPORT["number"],
        "series, space, number": f"{PASSPORT['series']} {PASSPORT['number']}",
        **{f"contact {name}": value for name, value in PROFILE.items()},
        **{f"log-in {name}": value for name, value in LOGIN.items()},
        **WORDS,
        **{f"code {place}": code for place, code in enumerate(codes)},
    }


async def test_no_history_or_description_of_any_workflow_tells_of_a_client(product: Product, marked: Marked) -> None:
    found = await stored_data.histories(product)
    assert sum(onboarding_id(UUID(marked.id)) in place for place in found) >= 2
    assert stored_data.where(marked.marks, found) == []


async def test_no_byte_of_the_servers_own_file_tells_of_a_client(product: Product, marked: Marked) -> None:
    files = stored_data.temporal_files(product)
    assert any(onboarding_id(UUID(marked.id)).encode() in content for content in files.values())
    assert stored_data.where(marked.marks, files) == []


async def test_no_log_of_any_process_tells_of_a_client(product: Product, marked: Marked) -> None:
    logs = stored_data.logs(product)
    assert b"/api/manager/clients/{client_id}/passport" in logs["log of api"]
    assert stored_data.where(marked.marks, logs) == []


async def test_passport_and_code_are_not_in_clear_in_the_database(product: Product, marked: Marked) -> None:
    found = await stored_data.dump(product)
    assert found["users_passports.data"]
    assert found["support_messages.body_sealed"]
    secret = {what: mark for what, mark in marked.marks.items() if what.startswith(("passport", "series", "code"))}
    open_ = {"passport last_name", "passport first_name", "passport middle_name", "passport registration_address"}
    searched = {place: found.pop(place) for place in SEARCHED_BY}
    assert stored_data.where(secret, found) == []
    assert stored_data.where({what: mark for what, mark in secret.items() if what not in open_}, searched) == []


PLANTED = {"surname": "Подброшенова", "number": "536271", "series and number": "4501920384"}


async def test_the_search_would_find_what_a_workflow_tells(product: Product, marked: Marked) -> None:
    client, name = await stored_data.stranger(product), f"planted-{uuid4()}"
    handle = await client.start_workflow("Nobody", list(PLANTED.values()), id=name, task_queue="nobody")

    async def listed() -> dict[str, bytes] | None:
        found = await stored_data.histories(product)
        return found if any(name in place for place in found) else None

    try:
        for found in (await eventually(listed, "the server lists the workflow"), stored_data.temporal_files(product)):
            assert {line.partition(" in ")[0] for line in stored_data.where(PLANTED, found)} == PLANTED.keys()
    finally:
        await handle.terminate()


async def test_the_search_would_find_what_a_table_tells(product: Product, marked: Marked) -> None:
    told = stored_data.where(marked.marks, await stored_data.dump(product))
    assert {"contact phone in manager_clients.contact_phone", "description in manager_devices.description"} <= set(told)
    words = " ".join(PLANTED.values())
    await product.rows("CREATE TABLE planted (words text, bytes bytea, document jsonb)")
    try:
        insert = "INSERT INTO planted VALUES ($1::text, $1::text::bytea, jsonb_build_object('a', $1::text))"
        await product.rows(insert, words)
        found = stored_data.where(PLANTED, await stored_data.dump(product))
    finally:
        await product.rows("DROP TABLE planted")
    places = [f"planted.{column}" for column in ("words", "bytes", "document")]
    assert found == [f"{what} in {place}" for place in places for what in PLANTED]


@pytest.mark.parametrize("escaped", [True, False])
def test_the_search_would_find_what_a_log_line_tells(escaped: bool) -> None:
    line = {"log": json.dumps({"message": " ".join(PLANTED.values())}, ensure_ascii=escaped).encode()}
    assert stored_data.where(PLANTED, line) == [f"{what} in log" for what in PLANTED]


# The Web UI reads payloads through the codec endpoint, after a log-in.


async def test_payloads_are_decoded_for_an_operator_and_for_nobody_else(product: Product, marked: Marked) -> None:
    body = MessageToJson(Payloads(payloads=[await argument_of(await stored_data.stranger(product), marked.id)]))
    assert marked.id not in body
    async with httpx.AsyncClient(base_url=product.url, trust_env=False) as browser:
        refused(await browser.post("/codec/decode", content=body), 401, "not-authenticated")
        assert (await codec_log_in(browser, ANNA)).status_code == 403
        refused(await browser.post("/codec/decode", content=body), 401, "not-authenticated")
        assert (await codec_log_in(browser, OPERATOR)).status_code == 200
        answer = await browser.post("/codec/decode", content=body)
        assert answer.status_code == 200, answer.text
        [payload] = Parse(answer.text, Payloads()).payloads
        assert marked.id.encode() in payload.data
        evil = {"Origin": "https://evil.example"}
        refused(await browser.post("/codec/decode", content=body, headers=evil), 403, "not-allowed")


async def codec_log_in(browser: httpx.AsyncClient, staff: Staff) -> httpx.Response:
    return await browser.post("/codec/login", data={"email": staff.email, "password": staff.password})


async def argument_of(client: Client, client_id: str) -> Payload:
    """What the workflow was begun with, as it lies in the history."""
    execution = WorkflowExecution(workflow_id=onboarding_id(UUID(client_id)))
    [started, *_] = await stored_data.events_of(client, execution)
    return started.workflow_execution_started_event_attributes.input.payloads[0]


async def test_a_token_of_the_managers_app_opens_no_codec(product: Product) -> None:
    async with ManagerApp(product) as manager_app:
        await manager_app.log_in(OPERATOR)
        refused(await manager_app.http.post("/codec/decode", content='{"payloads": []}'), 401, "not-authenticated")
