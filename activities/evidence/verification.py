"""Checks a bundle offline: neither database nor settings nor network, only the bundle and what its reader trusts."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from asn1crypto import x509

from activities.evidence.opened import Opened, Trusted
from activities.evidence.report import Contradiction, Report
from activities.evidence.tokens import from_pem
from activities.evidence.verified_contract import ContractCheck, said
from documents.evidence.bundle import MANIFEST, README, SUMS, BadBundle, check_manifest, read_pretty
from domain.evidence.anchor import Anchor, Leaf
from domain.evidence.merkle import is_included
from domain.evidence.trail import BadTrail, leaf_at, read_trail

SEALS: Final = "certificates/seal.pem"
AUTHORITIES: Final = "certificates/tsa.pem"
TRAIL: Final = "trail/events.jsonl"
IN_CONTRACT: Final = (
    *("contract.pdf", "certificate.pdf", "certificate-stamped.pdf", "trace.json", "trace.tsr"),
    *("signature.json", "codes.json", "openings.json"),
)
IN_ANCHOR: Final = ("anchor.json", "anchor.tsr", "proof.json")


async def verify(files: Mapping[str, bytes], trusted: Trusted | None = None) -> Report:
    """Check everything that can be checked without our keys; never raises for a hostile bundle."""
    report = Report()
    try:
        about = check_manifest(files)
    except BadBundle as bad:
        report.bad(f"Опись: {bad}")
        return report
    report.good(f"Опись: {len(about['files'])} файлов, все целы")
    bundle = Opened(files, about, trusted or Trusted(), report)
    bundle.step("Сертификаты", lambda: _certificates(bundle))
    bundle.step("История", lambda: _trail(bundle))
    contracts, anchors = about.get("contracts"), about.get("anchors")
    if not isinstance(contracts, list) or not contracts or not isinstance(anchors, list):
        report.bad("Опись: в ней нет договоров")
        return report
    for one in contracts:
        await ContractCheck(bundle).check(one)
    covered = [await _anchor(bundle, folder) for folder in anchors]
    bundle.step("Якорь", lambda: _coverage(bundle, contracts, max(covered, default=0)))
    bundle.step("Сертификаты", lambda: _all_used(bundle))
    bundle.step("Опись", lambda: _only_known(bundle, contracts, anchors))
    return report


def _certificates(bundle: Opened) -> None:
    own_seals, own_authorities = (from_pem(bundle.files.get(name, b"")) for name in (SEALS, AUTHORITIES))
    bundle.seals = list(bundle.trusted.seals or own_seals)
    bundle.authorities = list(bundle.trusted.authorities or own_authorities)
    for what, ders, given in (
        ("печати", bundle.seals, bundle.trusted.seals),
        ("службы времени", bundle.authorities, bundle.trusted.authorities),
    ):
        for der in ders:
            name = x509.Certificate.load(der).subject.human_friendly
            whence = "передан вами" if given else "из комплекта: сверьте отпечаток"
            bundle.report.open(f"Сертификат {what}: {name}; SHA-256 {hashlib.sha256(der).hexdigest()} ({whence})")


def _all_used(bundle: Opened) -> None:
    """A certificate that nothing in the bundle is verified by is foreign to it."""
    own_seals, own_authorities = (from_pem(bundle.files.get(name, b"")) for name in (SEALS, AUTHORITIES))
    if not bundle.trusted.seals and set(own_seals) != bundle.sealed_by:
        raise Contradiction("сертификаты печати не те, которыми запечатаны протоколы")
    if not bundle.trusted.authorities and set(own_authorities) != bundle.stamped_by:
        raise Contradiction("сертификаты службы времени не те, которыми проверяются метки")


def _only_known(bundle: Opened, contracts: Sequence[Mapping[str, Any]], anchors: Sequence[str]) -> None:
    """Nothing lies in the bundle that no check has looked at."""
    known = {MANIFEST, SUMS, README, SEALS, AUTHORITIES, TRAIL, "deliveries.json", "agreement/accessions.json"}
    known |= {f"{one['folder']}/{name}" for one in contracts for name in IN_CONTRACT}
    known |= {f"{folder}/{name}" for folder in anchors for name in IN_ANCHOR}
    accessions = read_pretty(bundle.file("agreement/accessions.json"))
    known |= {f"agreement/{one['version']}.txt" for one in accessions}
    if unknown := sorted(set(bundle.files) - known):
        raise Contradiction(f"лишний файл: {unknown[0]}")


def _trail(bundle: Opened) -> None:
    data = bundle.file(TRAIL)
    if not data.endswith(b"\n"):
        raise BadTrail("конец оборван")
    bundle.events = read_trail(data[:-1].split(b"\n"), UUID(bundle.about["client_id"]))
    keyed = sum(event.key_id is not None for event in bundle.events)
    bundle.report.good(f"История: {len(bundle.events)} событий, порядок и связь не нарушены")
    if keyed:
        bundle.report.open(f"История: хеши {keyed} событий вычислены с ключом исполнителя; тексты проверяются якорем")


async def _anchor(bundle: Opened, folder: Any) -> int:
    """How many events of the trail it covers."""
    covered = [0]

    async def check() -> None:
        text = bundle.file(f"{folder}/anchor.json")
        anchor, proof = Anchor.parse(text), read_pretty(bundle.file(f"{folder}/proof.json"))
        leaf = Leaf.parse(proof["leaf"].encode())
        path = [bytes.fromhex(one) for one in proof["path"]]
        if folder != f"anchors/{anchor.name}" or proof["size"] != anchor.leaves:
            raise Contradiction("доказательство от другого якоря")
        if str(leaf.client_id) != bundle.about["client_id"]:
            raise Contradiction("доказательство о другом клиенте")
        if not is_included(leaf.text(), proof["index"], proof["size"], path, anchor.root):
            raise Contradiction("доказательство не приводит к корню якоря")
        if leaf_at(bundle.events, leaf.count, leaf.client_id) != leaf:
            raise Contradiction("история не та, что вошла в якорь")
        bundle.report.good(f"Якорь {anchor.name}: история до события {leaf.count} вошла в корень {anchor.root.hex()}")
        response = bundle.files.get(f"{folder}/anchor.tsr")
        if response is None:
            bundle.report.open(f"Якорь {anchor.name}: метки времени ещё нет")
            return
        stamp = await bundle.stamp(response, text)
        bundle.report.good(f"Якорь {anchor.name}: существовал {said(stamp)}")
        covered[0] = leaf.count

    await bundle.async_step(f"Якорь {folder}", check)
    return covered[0]


def _coverage(bundle: Opened, contracts: Sequence[Mapping[str, Any]], covered: int) -> None:
    for one in contracts:
        number = bundle.event("contract-signed", str(one["id"])).number
        if number > covered:
            bundle.report.open(f"Якорь: подписание договора {one['number']} ещё не заверено якорем с меткой времени")
