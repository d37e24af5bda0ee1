"""The three documents that identify a client, over HTTP."""

from typing import Any
from uuid import UUID

import pytest

from tests.api.onboarding_steps import PROFILE, at, code_of, good, number_of, passport
from tests.api.shared_api import Staff
from tests.factories import BASIC

FREE_CHOICE = {"device_count": 0, "tariff_id": str(BASIC)}


def foreign(client_id: UUID) -> dict[str, Any]:
    return {
        **passport(""),
        "document_type": "foreign_passport",
        "series": "fa",
        "number": f"{client_id.int % 10**9:09}",
        "issued_by": "IIV 12345",
        "issue_code": None,
    }


@pytest.mark.parametrize("document", ["passport_rf", "foreign_passport", "residence_permit"])
async def test_a_client_with_any_document_comes_to_a_signed_contract(anna: Staff, document: str) -> None:
    client = await anna.client()
    fields = {**passport(number_of(client)), "issue_code": ""} if document == "passport_rf" else foreign(client.id)
    good(await anna.http.patch(at(client, "/profile"), json=PROFILE))
    card = good(await anna.http.put(at(client, "/passport"), json={**fields, "document_type": document}))
    assert (card["passport"]["document_type"], card["passport"]["issue_code"]) == (document, None)
    assert card["next_step"] == "devices"
    good(await anna.http.post(at(client, "/tariff/apply"), json=FREE_CHOICE))
    good(await anna.http.post(at(client, "/contract/generate")))
    card = good(
        await anna.http.post(at(client, "/contract/confirm"), json={"otp_code": await code_of(anna.api, client)})
    )
    assert card["next_step"] == "done"


async def test_an_older_client_says_no_type_and_means_an_internal_passport(anna: Staff) -> None:
    client = await anna.client()
    card = good(await anna.http.put(at(client, "/passport"), json=passport(number_of(client))))
    assert card["passport"]["document_type"] == "passport_rf"
    good(await anna.http.put(at(client, "/passport"), json=foreign(client.id)))
    card = good(await anna.http.put(at(client, "/passport"), json=passport(number_of(client))))
    assert card["passport"]["document_type"] == "passport_rf"


async def test_a_patch_keeps_the_type_and_is_checked_by_it(anna: Staff) -> None:
    client = await anna.client()
    good(await anna.http.put(at(client, "/passport"), json=foreign(client.id)))
    for change in ({"last_name": "Каримова"}, {"number": "ab 123456"}, {"document_type": None, "series": None}):
        card = good(await anna.http.patch(at(client, "/passport"), json=change))
        assert card["passport"]["document_type"] == "foreign_passport"
    assert (card["passport"]["series"], card["passport"]["number"]) == (None, "AB123456")
    refused = await anna.http.patch(at(client, "/passport"), json={"issue_code": "770-001"})
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", "issue_code"])
    assert "Оставьте поле пустым" in refused.json()["errors"][0]["msg"]


async def test_a_patch_of_the_type_alone_leaves_nothing_that_does_not_fit(anna: Staff) -> None:
    client = await anna.client()
    whole = passport(number_of(client))
    good(await anna.http.put(at(client, "/passport"), json=whole))
    card = good(await anna.http.patch(at(client, "/passport"), json={"document_type": "residence_permit"}))
    assert {name: card["passport"][name] for name in whole} == {**whole, "issue_code": None}
    good(await anna.http.patch(at(client, "/passport"), json={"number": "AB-12"}))
    card = good(await anna.http.patch(at(client, "/passport"), json={"document_type": "passport_rf"}))
    assert (card["passport"]["number"], card["passport"]["series"]) == (None, whole["series"])


async def test_a_code_of_zeros_is_refused_with_what_to_do_and_an_empty_one_takes_the_stored_away(anna: Staff) -> None:
    client = await anna.client()
    good(await anna.http.put(at(client, "/passport"), json=passport(number_of(client))))
    for method in (anna.http.put, anna.http.patch):
        refused = await method(at(client, "/passport"), json={**passport(number_of(client)), "issue_code": "000-000"})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["loc"] == ["body", "issue_code"]
        assert "оставьте поле пустым" in refused.json()["errors"][0]["msg"]
    card = good(await anna.http.patch(at(client, "/passport"), json={"issue_code": ""}))
    assert card["passport"]["issue_code"] is None


@pytest.mark.parametrize("document", ["driving_licence", "", 5, ["passport_rf"]])
async def test_an_unknown_document_is_refused(anna: Staff, document: object) -> None:
    client = await anna.client()
    refused = await anna.http.put(
        at(client, "/passport"), json={**passport(number_of(client)), "document_type": document}
    )
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", "document_type"])
