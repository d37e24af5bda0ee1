"""The stand-in for SMS.ru speaks its protocol, and the telephones show what arrived."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from embedded.servers.sandbox import SMS_KEY
from sandbox.sms.state import KEY
from tests.sandbox.conftest import Served, served

NUMBER = "79161234567"
TEXT = "123456 - код подтверждения номера."


@pytest.fixture
async def sandbox(shared_sandbox: Served) -> AsyncIterator[Served]:
    world = shared_sandbox.world
    world.phones.clear()
    yield shared_sandbox
    world.faults.clear()
    world.clock.ahead = 0.0


async def sends(sandbox: Served, **fields: str) -> dict[str, Any]:
    form = {"api_id": KEY, "to": NUMBER, "msg": TEXT, "json": "1"} | fields
    answer = await sandbox.http.post("/sms/send", data=form)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


async def status(sandbox: Served, sms_id: str) -> int:
    answer = await sandbox.http.get("/sms/status", params={"api_id": KEY, "sms_id": sms_id, "json": "1"})
    code: int = answer.json()["sms"][sms_id]["status_code"]
    return code


async def phone(sandbox: Served, number: str = NUMBER) -> dict[str, Any]:
    told: dict[str, Any] = (await sandbox.http.get(f"/sandbox/phones/{number}")).json()
    return told


def test_the_key_is_the_one_that_make_up_hands_out() -> None:
    assert KEY == SMS_KEY


async def test_a_message_arrives_and_its_status_moves_on(sandbox: Served) -> None:
    told = await sends(sandbox)
    one = told["sms"][NUMBER]
    assert (told["status"], told["status_code"], one["status"], one["status_code"]) == ("OK", 100, "OK", 100)
    assert told["balance"] < 1000
    seen = []
    for _ in range(4):
        seen.append(await status(sandbox, one["sms_id"]))
        sandbox.world.clock.advance(0.5)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (100, 103)
    shown = await phone(sandbox, NUMBER[1:])
    assert [message["text"] for message in shown["messages"]] == [TEXT]


async def test_without_json_the_answer_is_lines(sandbox: Served) -> None:
    form = {"api_id": KEY, "to": NUMBER, "msg": TEXT}
    code, sms_id, balance = (await sandbox.http.post("/sms/send", data=form)).text.split("\n")
    assert (code, balance.startswith("balance=")) == ("100", True)
    assert await status(sandbox, sms_id) == 100
    assert (await sandbox.http.get("/sms/send", params=form | {"api_id": "another"})).text == "200"


@pytest.mark.parametrize(
    ("fields", "whole", "inner"),
    [
        ({"api_id": "another"}, 200, None),
        ({"to": "9161234567"}, 100, 202),
        ({"msg": ""}, 100, 203),
        ({"msg": "я" * 600}, 100, 205),
    ],
)
async def test_what_is_wrong_is_told_with_http_200(
    sandbox: Served, fields: dict[str, str], whole: int, inner: int | None
) -> None:
    told = await sends(sandbox, **fields)
    assert told["status_code"] == whole
    assert [one["status_code"] for one in told.get("sms", {}).values()] == ([inner] if inner else [])
    assert (await sandbox.http.get("/sandbox/phones")).json() == []


@pytest.mark.parametrize("code", [201, 220, 207, 230, 231, 232, 233])
async def test_a_refusal_is_switched_on_by_its_code(sandbox: Served, code: int) -> None:
    await sandbox.fault("refused", "sms", code=code, times=1)
    told = await sends(sandbox)
    said = told["sms"][NUMBER] if told["status"] == "OK" else told
    assert (said["status"], said["status_code"]) == ("ERROR", code)
    assert (await sends(sandbox))["sms"][NUMBER]["status"] == "OK"


async def test_a_lost_answer_and_a_double_message(sandbox: Served) -> None:
    await sandbox.fault("html-after", "sms", times=1)
    assert (await sandbox.http.post("/sms/send", data={"api_id": KEY, "to": NUMBER, "msg": "1"})).status_code == 502
    await sandbox.fault("twice", "sms", times=1)
    await sends(sandbox, msg="2")
    assert [one["text"] for one in (await phone(sandbox))["messages"]] == ["1", "2", "2"]


async def test_a_phone_that_is_off_gets_what_has_not_expired(sandbox: Served) -> None:
    await sends(sandbox, msg="first")
    await sandbox.post(f"/phones/{NUMBER}", off=True)
    late = (await sends(sandbox, msg="late", ttl="1"))["sms"][NUMBER]["sms_id"]
    kept = (await sends(sandbox, msg="kept", ttl="60"))["sms"][NUMBER]["sms_id"]
    sandbox.world.clock.advance(120)
    assert (await status(sandbox, late), await status(sandbox, kept)) == (104, 102)
    shown = await sandbox.post(f"/phones/{NUMBER}", off=False)
    assert [one["text"] for one in shown["messages"]] == ["first", "kept"]
    assert await status(sandbox, kept) == 103


async def test_messages_outlive_a_restart(tmp_path: Path) -> None:
    async with served(tmp_path) as sandbox:
        await sends(sandbox)
    async with served(tmp_path) as again:
        assert [one["text"] for one in (await phone(again))["messages"]] == [TEXT]


async def test_the_journal_holds_neither_key_nor_text(sandbox: Served) -> None:
    sandbox.world.journal.clear()
    await sends(sandbox)
    told = str(sandbox.world.journal.view())
    assert NUMBER in told
    assert "123456 -" not in told
    assert KEY not in told
