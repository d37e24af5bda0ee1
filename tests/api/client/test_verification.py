"""Anybody may ask whether a contract is genuine, and learns nothing else."""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import MappingProxyType
from typing import Any

import pytest
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from sqlmodel import select

from activities.contracts.sealing import publish
from activities.kernel.limits import VERIFY_UPLOAD_ADDRESS
from documents.contracts.certificate import render_certificate
from documents.contracts.contract import render_contract
from documents.contracts.seal import Seal, certificate_of, make_self_signed, stamped
from domain.contracts.signature import verify_token
from domain.contracts.status import ContractStatus
from domain.kernel.crypto import NamedSecrets
from models import Client, Contract, VerifyLink
from sandbox.stamping.authority import make
from tests import contract_samples
from tests.api.own_api import HOME, OwnApi
from tests.factories import make_client, make_contract
from tests.stamps import stamp_of

OUR_KEY = make_self_signed("Privet tests")
SECRETS = NamedSecrets({"k2": b"the secret of now", "k1": b"the secret of before"}, "k2")
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
    client, seal = await make_client(own_api.sessions), Seal(OUR_KEY, "")
    pdf = render_contract(contract_samples.contract())
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
    await published(own_api)
    return Signed(row, pdf, certificate, verify_token(row.number, sha256(pdf), SECRETS.current_key))


async def published(
    own_api: OwnApi, seal: Seal | None = None, revoked: Mapping[str, datetime] = MappingProxyType({})
) -> None:
    """What the sealing process does at its start."""
    await publish(own_api.sessions, (seal or Seal(OUR_KEY, "")).trusted, revoked, SECRETS, own_api.clock)


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
    key = SECRETS.current_key
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
    await published(own_api)
    seal = Seal(OUR_KEY, "")
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
    await published(own_api)
    plain = render_certificate(contract_samples.certificate())
    ours = Seal(OUR_KEY, "")
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


async def test_certificates_of_earlier_keys_stay_genuine_once_they_are_published(own_api: OwnApi) -> None:
    client = await make_client(own_api.sessions)
    old = make_self_signed("Старая печать", "old")
    sealed = await _in_thread(lambda: Seal(old, "old").seal(render_certificate(contract_samples.certificate())))
    row = await _sign_with(own_api, client, sealed)
    await published(own_api)
    assert await show(own_api, sealed) == NOTHING

    earlier = certificate_of(make_self_signed("Ещё старше"), "") + certificate_of(old, "old")
    await published(own_api, Seal(OUR_KEY, "", [earlier]))
    assert (await show(own_api, sealed))["contract_number"] == row.number
    assert await show(own_api, sealed + b"\n") == NOTHING
    await published(own_api)
    assert (await show(own_api, sealed))["contract_number"] == row.number, "what was published once stays"


async def test_a_seal_of_a_revoked_key_is_worth_nothing_unless_it_was_stamped_before(own_api: OwnApi) -> None:
    """The thief of a key can seal, but no authority stamps for him what was sealed in the past."""
    client, seal = await make_client(own_api.sessions), Seal(OUR_KEY, "")
    plain = render_certificate(contract_samples.certificate())
    authority = make()

    async def stamp(digest: bytes) -> bytes:
        return stamp_of(authority, digest)

    bare, inner = await seal.sealed(plain), await seal.sealed(plain, stamp=stamp)

    async def late(digest: bytes) -> bytes:
        return stamp_of(authority, digest, datetime.now(UTC) + timedelta(hours=2))

    papers = [bare, inner, await stamped(bare, stamp), await stamped(inner, late)]
    for one in papers:
        await _sign_with(own_api, client, one)
    await published(own_api)
    assert [(await show(own_api, one))["valid"] for one in papers] == [True, True, True, True]
    fingerprint = hashlib.sha256(seal.trusted[0].certificate.dump()).hexdigest()
    await published(own_api, revoked={fingerprint: datetime.now(UTC) + timedelta(hours=1)})
    assert [(await show(own_api, one))["valid"] for one in papers] == [False, True, True, True]
    await published(own_api, revoked={fingerprint: datetime.now(UTC) - timedelta(hours=1)})
    assert [(await show(own_api, one))["valid"] for one in papers] == [False, False, False, False]


async def test_links_of_every_secret_are_known_and_the_rows_make_none(own_api: OwnApi, signed: Signed) -> None:
    """A link that was printed before a rotation goes on; whoever reads the database has no link."""
    for key in SECRETS.keys.values():
        h = verify_token(signed.row.number, sha256(signed.pdf), key)
        assert await ask(own_api, signed.row.number, h=h) == genuine(signed)
    async with own_api.sessions() as session:
        rows = (await session.exec(select(VerifyLink))).all()
    for row in rows:
        for text in (row.token_sha256.hex(), urlsafe_b64encode(row.token_sha256).decode()):
            assert await ask(own_api, signed.row.number, h=text) == NOTHING


async def test_a_link_of_one_contract_opens_no_other(own_api: OwnApi, signed: Signed) -> None:
    other = await _sign_with(own_api, await make_client(own_api.sessions), b"other")
    await published(own_api)
    assert await ask(own_api, other.number, h=signed.h) == NOTHING


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
