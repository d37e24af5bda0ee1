"""Anybody may ask whether a contract is genuine, and learns nothing else."""

import asyncio
import hashlib
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

import wiring
from activities.kernel.limits import VERIFY_UPLOAD_ADDRESS
from documents.contracts.certificate import render_certificate
from documents.contracts.contract import render_contract
from documents.contracts.seal import Seal, certificate_of, make_self_signed
from domain.contracts.signature import verify_token
from domain.contracts.status import ContractStatus
from models import Client, Contract
from settings import MissingSettings
from tests import contract_samples
from tests.api.own_api import HOME, OwnApi
from tests.factories import make_client, make_contract

NOTHING = {"valid": False, "contract_number": None, "signed_at": None, "sha256": None}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class Signed:
    """A signed contract with its papers."""

    row: Contract
    pdf: bytes
    certificate: bytes
    h: str


@pytest.fixture
async def signed(own_api: OwnApi) -> Signed:
    settings, client = own_api.context.settings, await make_client(own_api.sessions)
    pdf = render_contract(contract_samples.contract())
    seal = Seal(settings.seal_pkcs12_path.read_bytes(), settings.seal_passphrase.get_secret_value())
    certificate = await _in_thread(lambda: seal.seal(render_certificate(contract_samples.certificate())))
    row = await make_contract(
        own_api.sessions,
        own_api.keyring,
        client,
        status=ContractStatus.SIGNED,
        signed_at=own_api.clock.now,
        sha256=sha256(pdf),
        certificate_sha256=sha256(certificate),
    )
    return Signed(row, pdf, certificate, verify_token(row.number, sha256(pdf), own_api.context.secrets.current_key))


async def ask(own_api: OwnApi, number: str, **query: str) -> Any:
    answer = await own_api.visitor().get(f"/api/v1/contracts/verify/{number}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def show(own_api: OwnApi, data: bytes) -> Any:
    answer = await own_api.visitor().post(
        "/api/v1/contracts/verify", files={"file": ("a.pdf", data, "application/pdf")}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def genuine(signed: Signed) -> dict[str, Any]:
    at = signed.row.signed_at
    assert at is not None
    return {
        "valid": True,
        "contract_number": signed.row.number,
        "signed_at": at.isoformat().replace("+00:00", "Z"),
        "sha256": sha256(signed.pdf),
    }


async def test_the_link_of_the_certificate_shows_that_a_contract_is_genuine(own_api: OwnApi, signed: Signed) -> None:
    assert await ask(own_api, signed.row.number, h=signed.h) == genuine(signed)


async def test_whatever_is_wrong_the_answer_is_the_same(own_api: OwnApi, signed: Signed) -> None:
    client = await make_client(own_api.sessions)
    key = own_api.context.secrets.current_key
    for status in (ContractStatus.SENT, ContractStatus.VOID):
        row = await make_contract(own_api.sessions, own_api.keyring, client, status=status, version=_version())
        assert await ask(own_api, row.number, h=verify_token(row.number, row.sha256 or "", key)) == NOTHING
    number = signed.row.number
    for query in ({}, {"h": ""}, {"h": signed.h[:-1]}, {"h": signed.h + "A"}, {"h": "ы" * 22}, {"h": "\0"}):
        assert await ask(own_api, number, **query) == NOTHING, query
    for unknown in ("АА-260101-01", number.lower(), "%00", "x" * 300, "a%0Ab", "%F0%9F%98%80"):
        assert await ask(own_api, unknown, h=signed.h) == NOTHING, unknown


async def test_a_file_is_genuine_when_it_is_the_signed_one_byte_for_byte(own_api: OwnApi, signed: Signed) -> None:
    assert await show(own_api, signed.pdf) == genuine(signed)
    assert await show(own_api, signed.certificate) == genuine(signed)
    for other in (signed.pdf + b"\n", signed.certificate + b"\n", signed.pdf[:-1], b"%PDF-1.7", b"", b"\0" * 5000):
        assert await show(own_api, other) == NOTHING


async def test_an_unsigned_contract_is_not_genuine_yet(own_api: OwnApi) -> None:
    pdf = render_contract(contract_samples.contract())
    await make_contract(own_api.sessions, own_api.keyring, await make_client(own_api.sessions), sha256=sha256(pdf))
    assert await show(own_api, pdf) == NOTHING


async def test_a_certificate_whose_stored_hash_was_changed_with_the_file_is_still_found_out(own_api: OwnApi) -> None:
    """Somebody with the database alone cannot make a certificate: the seal does not cover what he appends."""
    settings = own_api.context.settings
    seal = Seal(settings.seal_pkcs12_path.read_bytes(), settings.seal_passphrase.get_secret_value())
    certificate = await _in_thread(lambda: seal.seal(render_certificate(contract_samples.certificate())))
    forged = certificate + b"\n%appended"
    client = await make_client(own_api.sessions)
    await make_contract(
        own_api.sessions,
        own_api.keyring,
        client,
        status=ContractStatus.SIGNED,
        signed_at=own_api.clock.now,
        certificate_sha256=sha256(forged),
    )
    assert await show(own_api, forged) == NOTHING


async def test_only_our_own_seal_makes_a_certificate_genuine(own_api: OwnApi) -> None:
    """Somebody with the database stores the hash of what he made: every seal but ours alone is refused."""
    settings = own_api.context.settings
    plain = render_certificate(contract_samples.certificate())
    ours = Seal(settings.seal_pkcs12_path.read_bytes(), settings.seal_passphrase.get_secret_value())
    foreign = Seal(make_self_signed("Privet tests"), "")
    genuine_one = await _in_thread(lambda: ours.seal(plain))
    at = genuine_one.index(b"stream") + 200
    forged = {
        "the same name, another key": await _in_thread(lambda: foreign.seal(plain)),
        "no seal": plain,
        "damaged": genuine_one[:at] + bytes([genuine_one[at] ^ 1]) + genuine_one[at + 1 :],
        "appended bytes": genuine_one + b"\n%%EOF\n",
        "an appended revision": _revised(genuine_one),
        "ours cut short": genuine_one[:-1],
        "the seal of another file": plain + genuine_one[len(plain) :].replace(b"Seal", b"Sea1"),
    }
    client = await make_client(own_api.sessions)
    for kind, data in forged.items():
        await _sign_with(own_api, client, data)
        assert await show(own_api, data) == NOTHING, kind
        page = await own_api.visitor().post("/verify", files={"file": ("a.pdf", data, "application/pdf")})
        assert "не подтверждена" in page.text, kind
    row = await _sign_with(own_api, client, genuine_one)
    assert (await show(own_api, genuine_one))["contract_number"] == row.number


async def test_certificates_of_earlier_keys_stay_genuine_as_long_as_they_are_kept(
    own_api: OwnApi, tmp_path: Path
) -> None:
    settings = own_api.context.settings
    client = await make_client(own_api.sessions)
    old = make_self_signed("Старая печать", "old")
    sealed = await _in_thread(lambda: Seal(old, "old").seal(render_certificate(contract_samples.certificate())))
    row = await _sign_with(own_api, client, sealed)
    assert await show(own_api, sealed) == NOTHING

    earlier = tmp_path / "earlier.pem"
    earlier.write_bytes(certificate_of(make_self_signed("Ещё старше"), "") + certificate_of(old, "old"))
    renewed = settings.model_copy(update={"seal_earlier_path": earlier})
    own_api.app.state.context = replace(own_api.context, seal=wiring.seal(renewed))
    assert (await show(own_api, sealed))["contract_number"] == row.number
    assert await show(own_api, sealed + b"\n") == NOTHING


async def test_a_file_of_the_seal_that_cannot_be_used_stops_the_start_in_words(own_api: OwnApi, tmp_path: Path) -> None:
    settings = own_api.context.settings
    junk = tmp_path / "junk"
    junk.write_bytes(b"junk")
    for name in ("seal_pkcs12_path", "seal_earlier_path"):
        for file in (junk, tmp_path / "absent", tmp_path):
            with pytest.raises(MissingSettings, match=name.upper()):
                wiring.seal(settings.model_copy(update={name: file}))
    junk.write_bytes(b"")
    assert wiring.seal(settings.model_copy(update={"seal_earlier_path": junk}))


async def _sign_with(own_api: OwnApi, client: Client, certificate: bytes) -> Contract:
    return await make_contract(
        own_api.sessions,
        own_api.keyring,
        client,
        version=_version(),
        status=ContractStatus.SIGNED,
        signed_at=own_api.clock.now,
        sha256=sha256(certificate + b"contract"),
        certificate_sha256=sha256(certificate),
    )


def _revised(pdf: bytes) -> bytes:
    """The file with an incremental update after the seal, as a reader writes that saves a note."""
    out = BytesIO()
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root["/Revised"] = TextStringObject("yes")
    writer.update_root()  # type: ignore[no-untyped-call]
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


async def test_a_file_above_twenty_megabytes_is_not_read(own_api: OwnApi) -> None:
    """A contract between a photo's ten and the twenty is read."""
    assert await show(own_api, bytes(19 * 1024 * 1024)) == NOTHING
    large = await own_api.visitor().post("/api/v1/contracts/verify", files={"file": ("a.pdf", bytes(21 * 1024 * 1024))})
    assert (large.status_code, large.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize("kind", ["application/json", "application/pdf", "multipart/form-data"])
async def test_what_is_no_form_with_a_file_is_422(own_api: OwnApi, kind: str) -> None:
    answer = await own_api.visitor().post("/api/v1/contracts/verify", content=b"{}", headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-value")


async def test_an_address_uploads_only_so_many_files_a_minute(own_api: OwnApi) -> None:
    for _ in range(VERIFY_UPLOAD_ADDRESS.most):
        await own_api.context.limits.spend(VERIFY_UPLOAD_ADDRESS, HOME)
    answer = await own_api.visitor().post("/api/v1/contracts/verify", files={"file": ("a.pdf", b"x")})
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-requests")


async def _in_thread(work: Any) -> bytes:
    """pyHanko runs an event loop of its own."""
    sealed: bytes = await asyncio.to_thread(work)
    return sealed


_versions = iter(range(1000, 2000))


def _version() -> int:
    return next(_versions)


async def test_the_page_behind_the_qr_code_says_in_words_that_a_contract_is_genuine(
    own_api: OwnApi, signed: Signed
) -> None:
    answer = await own_api.visitor().get(f"/verify/{signed.row.number}", params={"h": signed.h})
    assert answer.status_code == 200
    assert "подпись действительна" in answer.text
    assert signed.row.number in answer.text
    assert sha256(signed.pdf) in answer.text


@pytest.mark.parametrize("h", ["", "AAAAAAAAAAAAAAAAAAAAAA"])
async def test_the_page_tells_a_stranger_nothing(own_api: OwnApi, signed: Signed, h: str) -> None:
    answer = await own_api.visitor().get(f"/verify/{signed.row.number}", params={"h": h})
    assert answer.status_code == 200
    assert "не подтверждена" in answer.text
    assert signed.row.number not in answer.text
    assert sha256(signed.pdf) not in answer.text


async def test_the_page_that_the_certificate_names_takes_a_file(own_api: OwnApi, signed: Signed) -> None:
    async def said(pdf: bytes) -> str:
        return (await own_api.visitor().post("/verify", files={"file": ("contract.pdf", pdf, "application/pdf")})).text

    assert 'type="file"' in (await own_api.visitor().get("/verify")).text
    for genuine in (signed.pdf, signed.certificate):
        assert "Файл тот самый" in (page := await said(genuine))
        assert signed.row.number in page
    changed = await said(signed.pdf + b" ")
    assert "не подтверждена" in changed
    assert signed.row.number not in changed


async def test_the_page_says_in_words_that_no_file_was_chosen(own_api: OwnApi) -> None:
    answer = await own_api.visitor().post("/verify", data={"nothing": "here"})
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")
    assert "Отправьте файл" in answer.text
