"""Checks of one contract in a bundle: document, trace, agreement, certificate, stamp."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from asn1crypto import x509

from activities.evidence.opened import ODD, Opened
from activities.evidence.report import Contradiction
from documents.contracts.verification import SealTrust, SealVerdict, trusted_seals
from documents.evidence.bundle import read_pretty
from documents.evidence.papers import attached_files, signers_of
from gateways.stamping.token import Stamp

CERTIFICATES: Final = {"certificate.pdf": "contract-certified", "certificate-stamped.pdf": "certificate-stamped"}
"""With the event that names its SHA-256."""


class ContractCheck:
    def __init__(self, bundle: Opened) -> None:
        self.bundle = bundle

    async def check(self, one: Any) -> None:
        try:
            name, folder, contract_id = f"Договор {one['number']}", str(one["folder"]), str(one["id"])
        except ODD:
            self.bundle.report.bad("Опись: договор описан неверно")
            return
        self.bundle.step(name, lambda: self._document(name, folder, contract_id, one))
        self.bundle.step(name, lambda: self._agreement(name, folder))
        for paper, verb in CERTIFICATES.items():
            path = f"{folder}/{paper}"
            if path in self.bundle.files:
                await self.bundle.async_step(name, partial(self._paper, name, path, verb, contract_id))
        if f"{folder}/certificate.pdf" not in self.bundle.files:
            self.bundle.step(name, lambda: self._not_certified(name, contract_id))
        await self.bundle.async_step(name, lambda: self._trace_stamp(name, folder))

    def _document(self, name: str, folder: str, contract_id: str, one: Mapping[str, Any]) -> None:
        digest = hashlib.sha256(self.bundle.file(f"{folder}/contract.pdf")).hexdigest()
        trace = self._trace(folder)
        signed = self.bundle.event("contract-signed", contract_id).details
        row = read_pretty(self.bundle.file(f"{folder}/signature.json"))
        if {trace["document_sha256"], signed["sha256"], row["document_sha256"]} != {digest}:
            raise Contradiction("SHA-256 файла contract.pdf не тот, который подписан")
        if {trace["contract_number"], signed["number"], row["number"], one["number"]} != {one["number"]}:
            raise Contradiction("номера договора расходятся")
        if trace["client_id"] != self.bundle.about["client_id"] or row["contract_id"] != contract_id:
            raise Contradiction("подпись другого клиента или другого договора")
        if signed["channel"] != trace["confirm_channel"]:
            raise Contradiction("способ подписания в истории и в записи о подписи расходится")
        if _instant(row["signed_at"]) != _instant(trace["signed_at"]):
            raise Contradiction("время подписания расходится")
        self._nothing_missing(folder, row)
        used = [code for code in read_pretty(self.bundle.file(f"{folder}/codes.json")) if code["used_at"] is not None]
        if not used or any(code["document_sha256"] != digest for code in used):
            raise Contradiction("код подтверждения введён не к этому документу")
        self.bundle.report.good(f"{name}: contract.pdf — тот файл, который подписан {trace['signed_at']}")
        sealed = [event for event in self.bundle.events if event.verb == "signature-sealed"]
        own = [event for event in sealed if event.details.get("contract_id") == contract_id]
        if trace.get("format") is not None:
            if {event.details.get("sha256") for event in own} != {self.bundle.sha256(f"{folder}/trace.json")}:
                raise Contradiction("запись о подписи не та, которая запечатана")
            self.bundle.report.good(f"{name}: запись о подписи названа в истории")
        self.bundle.report.open(f"{name}: HMAC записи о подписи проверяет исполнитель, ключ у него")
        if trace["confirm_channel"] != "client_app":
            self.bundle.report.open(f"{name}: код введён на устройстве сотрудника — более слабый способ")

    def _nothing_missing(self, folder: str, row: Mapping[str, Any]) -> None:
        """What the contract's row names is in the bundle, and nothing else."""
        for name, named in (
            ("certificate.pdf", row["certificate_sha256"]),
            ("certificate-stamped.pdf", row["stamped_certificate_sha256"]),
            ("trace.tsr", row["trace_stamped_at"]),
        ):
            if (named is not None) != (f"{folder}/{name}" in self.bundle.files):
                raise Contradiction(f"{folder}/{name}: {'нет файла' if named is not None else 'лишний файл'}")

    def _agreement(self, name: str, folder: str) -> None:
        trace = self._trace(folder)
        agreement = (
            trace["agreement"]
            if trace.get("format") is not None
            else {
                "version": trace["agreement_version"],
                "sha256": trace["agreement_sha256"],
                "agreed_at": trace["pep_agreed_at"],
            }
        )
        text = self.bundle.files.get(f"agreement/{agreement['version']}.txt")
        if text is None:
            self.bundle.report.open(f"{name}: текста соглашения {agreement['version']} в комплекте нет")
        elif hashlib.sha256(text).hexdigest() != agreement["sha256"]:
            raise Contradiction("текст соглашения не тот, к которому присоединился клиент")
        accessions = read_pretty(self.bundle.file("agreement/accessions.json"))
        same = [one for one in accessions if one["sha256"] == agreement["sha256"]]
        if not any(_instant(one["agreed_at"]) == _instant(agreement["agreed_at"]) for one in same):
            raise Contradiction("присоединения к соглашению нет среди присоединений клиента")
        self.bundle.report.good(f"{name}: соглашение {agreement['version']}, присоединение {agreement['agreed_at']}")

    async def _paper(self, name: str, path: str, verb: str, contract_id: str) -> None:
        pdf, folder = self.bundle.files[path], path.partition("/")[0]
        digest = hashlib.sha256(pdf).hexdigest()
        if self.bundle.event(verb, contract_id).details.get("sha256") != digest:
            raise Contradiction(f"{path}: история называет другой файл")
        verdict = await asyncio.to_thread(self._verdict, pdf)
        if not verdict.valid:
            raise Contradiction(f"{path}: печать не подтверждается этими сертификатами")
        self.bundle.sealed_by.update(signers_of(pdf))
        if self._trace(folder).get("format") is not None:
            held = await asyncio.to_thread(attached_files, pdf)
            for file in ("contract.pdf", "trace.json"):
                if held.get(file) != self.bundle.file(f"{folder}/{file}"):
                    raise Contradiction(f"{path}: под печатью другой {file}")
        if path.endswith("-stamped.pdf") and not pdf.startswith(self.bundle.file(f"{folder}/certificate.pdf")):
            raise Contradiction(f"{path}: это не тот же протокол с меткой времени")
        stamp = f"метка времени {_clock(verdict.stamped_at)}" if verdict.stamped_at else "без метки времени"
        self.bundle.report.good(f"{name}: {path.partition('/')[2]} запечатан и не изменён, {stamp}")

    def _verdict(self, pdf: bytes) -> SealVerdict:
        authorities = [x509.Certificate.load(der) for der in self.bundle.authorities]
        for authority in authorities:
            if SealTrust(trusted_seals(self.bundle.seals), [authority]).verify(pdf).stamped_at is not None:
                self.bundle.stamped_by.add(authority.dump())
        return SealTrust(trusted_seals(self.bundle.seals), authorities).verify(pdf)

    def _not_certified(self, name: str, contract_id: str) -> None:
        certified = [one for one in self.bundle.events if one.verb == "contract-certified"]
        if any(one.details.get("contract_id") == contract_id for one in certified):
            raise Contradiction("протокол подписания изготовлен, но в комплекте его нет")
        self.bundle.report.open(f"{name}: протокол подписания ещё не изготовлен")

    async def _trace_stamp(self, name: str, folder: str) -> None:
        path = f"{folder}/trace.tsr"
        if path not in self.bundle.files:
            self.bundle.report.open(f"{name}: у записи о подписи нет отдельной метки времени")
            return
        stamp = await self.bundle.stamp(self.bundle.files[path], self.bundle.file(f"{folder}/trace.json"))
        self.bundle.report.good(f"{name}: запись о подписи существовала {said(stamp)}")

    def _trace(self, folder: str) -> Mapping[str, Any]:
        data = self.bundle.file(f"{folder}/trace.json")
        trace = json.loads(data)
        same = json.dumps(trace, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() == data
        if not same or not isinstance(trace, dict):
            raise Contradiction("запись о подписи записана не так, как её записывает программа")
        return trace


def _instant(text: Any) -> datetime:
    return datetime.fromisoformat(text)


def _clock(at: datetime) -> str:
    return f"{at:%d.%m.%Y %H:%M:%S %Z}"


def said(stamp: Stamp) -> str:
    return f"{_clock(stamp.at)} (метка: {stamp.authority})"
