"""All versions of a contract, how the code of the one that is out stands, and the papers through the API."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import update
from sqlmodel import col

from models import Client, Code, Contract
from tests import factories
from tests.api.onboarding_steps import DEVICE, at, code_of, fill, good
from tests.api.shared_api import Staff
from tests.onboarding_setup import WRONG

VERSION = {
    "id",
    "number",
    "version",
    "status",
    "outdated",
    "created_at",
    "sent_at",
    "signed_at",
    "voided_at",
    "confirm_channel",
    "contract_url",
    "certificate_url",
    "code",
}


async def versions(staff: Staff, client: Client) -> Any:
    return good(await staff.http.get(at(client, "/contracts")))


async def out(staff: Staff) -> Client:
    """A client whose contract waits for its signature."""
    client = await staff.client()
    await fill(staff, client)
    good(await staff.http.post(at(client, "/contract/generate")))
    return client


async def change_code(staff: Staff, client: Client, **values: Any) -> None:
    async with staff.api.sessions.begin() as session:
        await (await session.connection()).execute(
            update(Code).where(col(Code.client_id) == client.id).values(**values)
        )


async def test_a_client_without_a_contract_has_no_versions(anna: Staff) -> None:
    assert await versions(anna, await anna.client()) == []


async def test_the_version_that_is_out_tells_how_its_code_stands_and_never_the_code(anna: Staff) -> None:
    client = await out(anna)
    answer = await anna.http.get(at(client, "/contracts"))
    (one,) = good(answer)
    assert one.keys() == VERSION
    assert (one["version"], one["status"], one["outdated"]) == (1, "sent", False)
    assert (one["signed_at"], one["voided_at"], one["confirm_channel"], one["certificate_url"]) == (None,) * 4
    assert one["sent_at"] is not None
    code = one["code"]
    assert code.keys() == {"sent_at", "expires_at", "state", "tries_left", "retry_after"}
    assert (code["state"], code["tries_left"]) == ("active", 5)
    assert 0 < code["retry_after"] <= 60
    assert await code_of(anna.api, client) not in answer.text


async def test_a_code_is_active_locked_or_expired(anna: Staff) -> None:
    client = await out(anna)
    digits = await code_of(anna.api, client)
    wrong = "111111" if digits == WRONG else WRONG
    await anna.http.post(at(client, "/contract/confirm"), json={"otp_code": wrong})
    assert (await versions(anna, client))[0]["code"]["tries_left"] == 4
    now = anna.api.context.now()
    await change_code(anna, client, sent_at=now - timedelta(seconds=61), expires_at=now)
    code = (await versions(anna, client))[0]["code"]
    assert (code["state"], code["retry_after"]) == ("expired", 0)
    await change_code(anna, client, tries_left=0)
    assert (await versions(anna, client))[0]["code"]["state"] == "locked"


async def test_after_thirty_wrong_tries_of_a_version_its_newest_code_is_locked_too(anna: Staff) -> None:
    client = await out(anna)
    async with anna.api.sessions.begin() as session:
        tried = update(Contract).where(col(Contract.client_id) == client.id).values(wrong_tries=30)
        await (await session.connection()).execute(tried)
    code = (await versions(anna, client))[0]["code"]
    assert (code["state"], code["tries_left"]) == ("locked", 0)


async def test_versions_stand_in_their_order_with_what_became_of_them(anna: Staff) -> None:
    client = await out(anna)
    good(await anna.http.post(at(client, "/devices"), json=DEVICE))
    (first,) = await versions(anna, client)
    assert (first["outdated"], first["status"]) == (True, "sent")
    good(await anna.http.post(at(client, "/contract/generate")))
    second, first = await versions(anna, client)
    assert (first["status"], first["outdated"], first["code"]) == ("void", False, None)
    assert first["voided_at"] is not None
    assert (second["status"], second["outdated"], second["code"]["state"]) == ("sent", False, "active")
    code = await code_of(anna.api, client)
    good(await anna.http.post(at(client, "/contract/confirm"), json={"otp_code": code}))
    signed = (await versions(anna, client))[0]
    assert (signed["status"], signed["confirm_channel"], signed["code"]) == ("signed", "manager_device", None)
    good(await anna.http.post(at(client, "/devices"), json=DEVICE))
    assert (await versions(anna, client))[0]["outdated"] is True, "the new device asks for an amendment"


async def readings(staff: Staff, client: Client) -> int:
    """How often somebody is noted to have seen the passport."""
    history = good(await staff.http.get(at(client, "/history")))
    return [entry["verb"] for entry in history].count("card-read")


async def test_whoever_is_given_a_link_to_a_contract_is_noted_and_nobody_else(anna: Staff, boris: Staff) -> None:
    client, empty = await out(anna), await anna.client()
    for staff, theirs in ((boris, client), (anna, empty)):
        assert all(one["contract_url"] is None for one in await versions(staff, theirs))
        assert await readings(staff, theirs) == 0
    assert (await versions(anna, client))[0]["contract_url"] is not None
    assert await readings(anna, client) == 1


async def test_the_contract_comes_through_the_api_and_its_reading_is_noted(anna: Staff) -> None:
    client = await out(anna)
    (one,) = await versions(anna, client)
    before = await readings(anna, client)
    answer = await anna.http.get(at(client, f"/contracts/{one['id']}/pdf"))
    assert answer.content.startswith(b"%PDF-")
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("application/pdf", "no-store")
    async with anna.api.anybody() as browser:
        assert (await browser.get(one["contract_url"])).content == answer.content
    assert await readings(anna, client) == before + 1


async def test_a_certificate_is_there_after_the_signature(anna: Staff) -> None:
    client = await out(anna)
    (one,) = await versions(anna, client)
    path = at(client, f"/contracts/{one['id']}/certificate")
    missing = await anna.http.get(path)
    assert (missing.status_code, missing.json()["code"]) == (404, "not-found")
    key = f"certificates/{one['id']}.pdf"
    await anna.api.context.storage.put(key, b"%PDF-1.7 certificate", "application/pdf")
    async with anna.api.sessions.begin() as session:
        done = update(Contract).where(col(Contract.client_id) == client.id).values(certificate_key=key)
        await (await session.connection()).execute(done)
    assert (await anna.http.get(path)).content == b"%PDF-1.7 certificate"
    assert (await versions(anna, client))[0]["certificate_url"] is not None


async def test_a_paper_of_somebody_elses_client_stays_closed(anna: Staff, boris: Staff, staff: Staff) -> None:
    client = await out(anna)
    (shown,) = await versions(boris, client)
    assert (shown["contract_url"], shown["certificate_url"]) == (None, None)
    for paper in ("pdf", "certificate"):
        path = at(client, f"/contracts/{shown['id']}/{paper}")
        refused = await boris.http.get(path)
        assert (refused.status_code, refused.json()["code"]) == (409, "client-taken")
        assert (await staff.http.get(path)).status_code == 404
    operator = await anna.colleague(is_super_admin=True)
    assert (await operator.http.get(at(client, f"/contracts/{shown['id']}/pdf"))).status_code == 200
    await operator.http.aclose()


async def test_only_a_contract_of_this_very_client_is_there(anna: Staff) -> None:
    client, other = await out(anna), await anna.client()
    (one,) = await versions(anna, client)
    for path in (at(other, f"/contracts/{one['id']}/pdf"), at(client, f"/contracts/{uuid4()}/pdf")):
        assert (await anna.http.get(path)).status_code == 404


async def test_a_draft_and_a_lost_object_have_no_paper_yet(anna: Staff) -> None:
    for key in (None, "contracts/nowhere.pdf"):
        client = await anna.client()
        contract = await factories.make_contract(
            anna.api.sessions, anna.api.context.keyring, client, number=str(uuid4())[:32], file_key=key
        )
        answer = await anna.http.get(at(client, f"/contracts/{contract.id}/pdf"))
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
