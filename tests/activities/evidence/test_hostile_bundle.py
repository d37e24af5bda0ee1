"""A bundle that was changed anywhere does not hold, even if its manifest was written anew."""

import asyncio
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeAlias

import pytest
from asn1crypto import tsp

from activities.evidence.export import Export
from activities.evidence.opened import Trusted
from activities.evidence.tokens import as_response, certificates_of, to_pem
from activities.evidence.verification import verify
from documents.contracts.contract import render_contract
from documents.contracts.seal import Attached, Seal, make_self_signed
from documents.evidence.bundle import MANIFEST, SUMS, BadBundle, manifest, pretty, read_container, sums, write_bundle
from domain.evidence.anchor import canonical
from models import Client
from sandbox.stamping.authority import make
from tests.activities.evidence.conftest import EvidenceSetup, exported
from tests.contract_samples import contract as any_contract

Files: TypeAlias = dict[str, bytes]
CONTRACT, ANCHOR = "contract-1", "anchors/2026-03-02"
TRAIL, AGREEMENT, SIGNATURE = "trail/events.jsonl", "agreement/pep-agreement-v1.txt", "signature.json"


@pytest.fixture
async def files(signed: Client, export: Export) -> Files:
    return await exported(export, signed.id)


def rewritten(files: Files, **changed: bytes | None) -> Files:
    """With a manifest that says what is there now: whoever changes a bundle can write that too."""
    after = {**files, **changed}
    kept = {path: data for path, data in after.items() if data is not None and path not in (MANIFEST, SUMS)}
    about = json.loads(files[MANIFEST])
    about = {name: value for name, value in about.items() if name not in ("files", "format")}
    whole = {**kept, MANIFEST: manifest(kept, about)}
    return {**whole, SUMS: sums(whole)}


async def holds(files: Files, trusted: Trusted | None = None) -> bool:
    return (await verify(files, trusted)).holds


async def test_any_changed_byte_of_any_file_is_found(files: Files) -> None:
    assert await holds(rewritten(files))
    for path, data in files.items():
        for place in {0, len(data) // 2, len(data) - 1}:
            changed = bytearray(data)
            changed[place] ^= 1
            assert not await holds({**files, path: bytes(changed)}), (path, place)
        assert not await holds({**files, path: data + b"\n"}), path
        assert not await holds({name: one for name, one in files.items() if name != path}), path
    assert not await holds({**files, "contract-1/more.txt": b""})


async def test_any_changed_byte_of_the_container_is_found(files: Files) -> None:
    about = {name: value for name, value in json.loads(files[MANIFEST]).items() if name not in ("files", "format")}
    bundle = write_bundle({path: data for path, data in files.items() if path not in (MANIFEST, SUMS)}, about)
    assert read_container(bundle) == files
    places = set(random.Random(7).sample(range(len(bundle)), 60))
    places |= {place for sign in (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06") for place in around(bundle, sign)}
    for place in places:
        changed = bytearray(bundle)
        changed[place] ^= 1
        with pytest.raises(BadBundle):
            read_container(bytes(changed))
    for other in (bundle + b"\0", b"\0" + bundle, bundle[:-1], bundle + bundle):
        with pytest.raises(BadBundle):
            read_container(other)


def around(bundle: bytes, sign: bytes) -> Iterator[int]:
    """Every byte of the first header of a kind."""
    place = bundle.index(sign)
    yield from range(place, place + (22 if sign == b"PK\x05\x06" else 46))


def changed_json(data: bytes, change: Callable[[Any], None], write: Callable[[Any], bytes] = pretty) -> bytes:
    value = json.loads(data)
    change(value)
    return write(value)


def put(*way: Any) -> Callable[[Any], None]:
    *path, last, value = way

    def change(whole: Any) -> None:
        for step in path:
            whole = whole[step]
        whole[last] = value

    return change


def attacks(files: Files) -> Iterator[tuple[str, dict[str, bytes | None]]]:
    """What somebody might change, with a manifest that fits."""
    yield from attacks_on_contract(files)
    yield from attacks_on_certificates(files)
    yield from attacks_on_anchor(files)
    yield from attacks_on_trail(files)
    yield "another agreement", {AGREEMENT: files[AGREEMENT] + b"!"}
    yield "another accession", {"agreement/accessions.json": b"[]\n"}
    yield "one more file", {f"{CONTRACT}/evil.txt": b"hello"}


def attacks_on_contract(files: Files) -> Iterator[tuple[str, dict[str, bytes | None]]]:
    pdf, trace, codes, row = (f"{CONTRACT}/{name}" for name in ("contract.pdf", "trace.json", "codes.json", SIGNATURE))
    other = "0" * 64
    yield "longer contract", {pdf: files[pdf] + b"\n"}
    yield "no contract", {pdf: None}
    yield "another address", {trace: changed_json(files[trace], put("ip", "203.0.113.8"), canonical)}
    yield "another digest", {trace: changed_json(files[trace], put("document_sha256", other), canonical)}
    yield "another client", {trace: changed_json(files[trace], put("client_id", other), canonical)}
    yield "trace with spaces", {trace: files[trace] + b" "}
    yield "no stamp of the trace", {f"{CONTRACT}/trace.tsr": None}
    yield "stamp of something else", {f"{CONTRACT}/trace.tsr": files[f"{ANCHOR}/anchor.tsr"]}
    yield "unused code", {codes: changed_json(files[codes], put(0, "used_at", None))}
    yield "code of another paper", {codes: changed_json(files[codes], put(0, "document_sha256", other))}
    yield "another time", {row: changed_json(files[row], put("signed_at", "2026-03-01T09:00:00+00:00"))}
    yield "another number", {row: changed_json(files[row], put("number", "X"))}
    yield "not JSON", {codes: b"{"}
    yield "deep JSON", {codes: b"[" * 100_000}
    yield "other JSON", {row: b"7\n"}


def attacks_on_certificates(files: Files) -> Iterator[tuple[str, dict[str, bytes | None]]]:
    seal, authority, paper = "certificates/seal.pem", "certificates/tsa.pem", f"{CONTRACT}/certificate.pdf"
    foreign = to_pem([Seal(make_self_signed("Foreign"), "").trusted[0].certificate.dump()])
    foreign_authority = make().root_pem
    yield "longer certificate", {paper: files[paper] + b"\n"}
    yield "no certificate", {paper: None}
    yield "foreign seal's certificate", {seal: foreign}
    yield "one more seal's certificate", {seal: files[seal] + foreign}
    yield "no seal's certificate", {seal: None}
    yield "words among certificates", {seal: b"trust me\n" + files[seal]}
    yield "foreign authority", {authority: foreign_authority}
    yield "one more authority", {authority: files[authority] + foreign_authority}
    yield "no authority", {authority: None}


def attacks_on_anchor(files: Files) -> Iterator[tuple[str, dict[str, bytes | None]]]:
    anchor, proof, stamp = (f"{ANCHOR}/{name}" for name in ("anchor.json", "proof.json", "anchor.tsr"))
    leaf, index = (json.loads(files[proof])[name] for name in ("leaf", "index"))
    yield "another leaf", {proof: changed_json(files[proof], put("leaf", leaf.replace(",1", ",2")))}
    yield "another place", {proof: changed_json(files[proof], put("index", 1 - index))}
    yield "another path", {proof: changed_json(files[proof], put("path", ["00" * 32]))}
    yield "no path", {proof: changed_json(files[proof], put("path", []))}
    yield "odd path", {proof: changed_json(files[proof], put("path", [7, None, {}]))}
    yield "no proof", {proof: None}
    yield "another root", {anchor: changed_json(files[anchor], put("root", "00" * 32), canonical)}
    yield "another day", {anchor: changed_json(files[anchor], put("day", "2026-03-01"), canonical)}
    yield "no anchor", {anchor: None}
    yield "anchor's stamp of something else", {stamp: files[f"{CONTRACT}/trace.tsr"]}
    yield "empty stamp", {stamp: b""}
    yield "longer stamp", {stamp: files[stamp] + b"\0"}


def attacks_on_trail(files: Files) -> Iterator[tuple[str, dict[str, bytes | None]]]:
    lines = files[TRAIL].splitlines(keepends=True)
    sent = next(place for place, line in enumerate(lines) if b"code-sent" in line)
    said = lines[sent].replace(b"code-sent", b"code-lost")
    yield "event changed, hash and order kept", {TRAIL: b"".join([*lines[:sent], said, *lines[sent + 1 :]])}
    yield "event left out", {TRAIL: b"".join([*lines[:2], *lines[3:]])}
    yield "event twice", {TRAIL: b"".join([lines[0], *lines])}
    yield "cut off", {TRAIL: b"".join(lines[:-2])}
    yield "moved", {TRAIL: b"".join([lines[1], lines[0], *lines[2:]])}
    yield "no line feed", {TRAIL: b"".join(lines)[:-1]}
    yield "empty line", {TRAIL: b"".join([*lines, b"\n"])}
    yield "no trail", {TRAIL: b""}


async def test_a_manifest_that_was_written_anew_does_not_help(files: Files) -> None:
    names = []
    for name, changes in attacks(files):
        report = await verify(rewritten(files, **changes))
        assert not report.holds, f"{name}\n{report.text()}"
        names.append(name)
    assert len(names) > 35


async def test_a_certificate_that_a_foreign_seal_has_sealed_is_none(files: Files) -> None:
    """With the forger's own certificate beside it: the history names the genuine file."""
    forger = Seal(make_self_signed("Privet, seal of a test"), "")
    attached = [
        Attached(name, "application/octet-stream", files[f"{CONTRACT}/{name}"], name)
        for name in ("contract.pdf", "trace.json")
    ]
    pdf = await forger.sealed(await asyncio.to_thread(render_contract, any_contract()), attached)
    changes: dict[str, bytes | None] = {
        f"{CONTRACT}/certificate.pdf": pdf,
        "certificates/seal.pem": to_pem([forger.trusted[0].certificate.dump()]),
    }
    report = await verify(rewritten(files, **changes))
    assert "история называет другой файл" in report.text()
    assert not report.holds


async def test_a_reader_may_trust_certificates_that_he_got_elsewhere(evidence: EvidenceSetup, files: Files) -> None:
    seals = certificates_of(files["certificates/seal.pem"])
    authorities = certificates_of(evidence.tsa_ca)
    assert await holds(files, Trusted(seals, authorities))
    foreign = [Seal(make_self_signed("Foreign"), "").trusted[0].certificate.dump()]
    assert not await holds(files, Trusted(foreign, authorities))
    assert not await holds(files, Trusted(seals, foreign))


async def test_a_stamp_by_a_foreign_authority_is_none(files: Files) -> None:
    """Its own root lies beside it; the reader who compares fingerprints, or gives the true root, is not deceived."""
    forger = make()
    digest = hashlib.sha256(files[f"{ANCHOR}/anchor.json"]).digest()
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
    token = forger.token(
        tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True}), datetime.now(UTC)
    )
    changed = rewritten(files, **{f"{ANCHOR}/anchor.tsr": as_response(token.dump())})
    assert not await holds(changed)


@pytest.mark.parametrize(
    "about",
    [
        {"contracts": [], "anchors": []},
        {"contracts": [7], "anchors": [None]},
        {"contracts": [{"number": "1", "folder": "../..", "id": "x"}], "anchors": ["../x"]},
        {"contracts": "x", "anchors": {}},
        {},
    ],
)
async def test_an_odd_manifest_is_refused(about: dict[str, Any]) -> None:
    whole = {"deliveries.json": b"[]\n"}
    listed = {**whole, MANIFEST: manifest(whole, about)}
    assert not await holds({**listed, SUMS: sums(listed)})
