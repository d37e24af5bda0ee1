"""Writes what an expert needs to check a signature without our software; that it was read is in the client's trail."""

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from asn1crypto import x509

from activities.clients.step import ClientStep, ClientSteps
from activities.evidence.leaves import LeavesLost, fetch_leaves, read_leaves
from activities.evidence.records import agreement_files, contract_files, deliveries_file, trail_file
from activities.evidence.tokens import as_response, certificates_in, from_pem, imprint_of, to_pem, token_of
from documents.evidence.bundle import README, pretty, write_bundle
from documents.evidence.guide import Guide, GuidedAnchor, GuidedContract, guide
from documents.evidence.papers import signers_of, stamps_in
from domain.evidence.anchor import Leaf
from domain.evidence.merkle import proof_of
from domain.evidence.trail import TrailEvent
from domain.kernel.actor import SYSTEM
from gateways.stamping.token import BadToken, check_token
from gateways.storage.client import ObjectMissing, Storage
from models import Contract
from models.evidence.anchor import Published, published_since
from models.evidence.dossier import Dossier, find_client, freeze, read_dossier, signed_contracts
from models.evidence.heads import as_exported

LARGEST: Final = 50 * 1024 * 1024
SEALS: Final = "certificates/seal.pem"
AUTHORITIES: Final = "certificates/tsa.pem"
SIGNED: Final = "contract-signed"


class NothingToExport(Exception):
    """There is no such client, or no signature; the text is for the operator."""


@dataclass(frozen=True)
class Proof:
    """The client's leaf in an anchor."""

    published: Published
    leaf: Leaf
    index: int
    path: Sequence[bytes]

    @property
    def folder(self) -> str:
        return f"anchors/{self.published.anchor.name}"


class Export:
    """`roots`: of the authority, as configured."""

    def __init__(self, steps: ClientSteps, storage: Storage, roots: Sequence[x509.Certificate] = ()) -> None:
        self.steps, self.storage, self.roots = steps, storage, roots

    async def export(self, asked: str, export_id: UUID) -> bytes:
        """The bundle of a client, by his id, or of one contract, by its number. Raises `NothingToExport`."""
        dossier = await self._read(asked, export_id)
        events = as_exported(dossier.events)
        files: dict[str, bytes] = {"trail/events.jsonl": trail_file(events)}
        files |= agreement_files(dossier.accessions)
        files["deliveries.json"] = deliveries_file(dossier, self.steps.keyring)
        for contract in dossier.contracts:
            folder = folder_of(contract)
            own = contract_files(dossier, contract, self.steps.keyring) | await self._papers(contract)
            files |= {f"{folder}/{name}": data for name, data in own.items()}
        proofs = await self._proofs(dossier, events)
        for proof in proofs:
            files |= {f"{proof.folder}/{name}": data for name, data in (await self._anchor_files(proof)).items()}
        files |= await self._certificates(dossier, files)
        about = self._about(dossier, proofs)
        files[README] = guide(_guide(dossier, proofs, files)).encode()
        return write_bundle(files, about)

    async def _read(self, asked: str, export_id: UUID) -> Dossier:
        """The rows as of one moment, after the reading was noted."""
        client_id, number = _id(asked), asked.strip()
        async with self.steps.sessions() as session:
            client = await find_client(session, client_id, number)
            if client is None:
                raise NothingToExport(f"There is neither a client nor a contract {asked!r}.")
            contracts = await signed_contracts(session, client.id, None if client_id else number)
        if not contracts:
            raise NothingToExport(f"Nothing is signed: {asked!r}.")

        async def note(step: ClientStep) -> None:
            step.record("evidence-exported", numbers=[contract.number for contract in contracts])

        await self.steps.act(client.id, export_id, "export", note, SYSTEM)
        async with self.steps.sessions() as session:
            await freeze(session)
            fresh = await find_client(session, client.id, "")
            assert fresh is not None
            again = await signed_contracts(session, client.id, None if client_id else number)
            return await read_dossier(session, fresh, again)

    async def _papers(self, contract: Contract) -> dict[str, bytes]:
        """The PDFs as they are stored, and the stamp of the trace; what is missing is left out."""
        files = {}
        for name, key in (
            ("contract.pdf", contract.file_key),
            ("certificate.pdf", contract.certificate_key),
            ("certificate-stamped.pdf", contract.stamped_key),
        ):
            data = await self._get(key)
            if data is not None:
                files[name] = data
        if contract.trace_stamp is not None:
            files["trace.tsr"] = as_response(contract.trace_stamp)
        return files

    async def _get(self, key: str | None) -> bytes | None:
        try:
            return await self.storage.get(key, LARGEST) if key else None
        except ObjectMissing:
            return None

    async def _proofs(self, dossier: Dossier, events: Sequence[TrailEvent]) -> list[Proof]:
        """In the first anchor after each signature, and in the newest one."""
        wanted = [_number_of_signature(events, contract) for contract in dossier.contracts]
        first = min((one.signed_at for one in dossier.contracts if one.signed_at), default=None)
        if first is None:
            return []
        async with self.steps.sessions() as session:
            anchors = await published_since(session, first)
        found: dict[int, Proof] = {}
        missing = sorted(number for number in wanted if number)
        for one in anchors:
            if not missing:
                break
            proof = await self._proof(one, dossier.client.id)
            if proof is not None and proof.leaf.count >= missing[0]:
                found[one.anchor.seq] = proof
                missing = [number for number in missing if number > proof.leaf.count]
        if anchors and anchors[-1].anchor.seq not in found:
            newest = await self._proof(anchors[-1], dossier.client.id)
            if newest is not None:
                found[anchors[-1].anchor.seq] = newest
        return [found[seq] for seq in sorted(found)]

    async def _proof(self, one: Published, client_id: UUID) -> Proof | None:
        """None if the client has no leaf there, or the leaves are lost."""
        with tempfile.TemporaryFile() as file:
            try:
                await fetch_leaves(self.storage, one.anchor.leaves_key, file)
                place = next(
                    ((number, leaf) for number, leaf in enumerate(read_leaves(file)) if leaf.client_id == client_id),
                    None,
                )
                if place is None:
                    return None
                texts = (leaf.text() for leaf in read_leaves(file))
                path = proof_of(texts, place[0], one.anchor.leaves)
            except (LeavesLost, ValueError):
                return None
        return Proof(one, place[1], place[0], path)

    async def _anchor_files(self, proof: Proof) -> dict[str, bytes]:
        row, stamp = proof.published.anchor, proof.published.stamp
        text = await self._get(row.file_key)
        files = {
            "anchor.json": text if text is not None else row.anchor().text(),
            "proof.json": pretty(
                {
                    "leaf": proof.leaf.text().decode(),
                    "index": proof.index,
                    "size": row.leaves,
                    "path": [one.hex() for one in proof.path],
                }
            ),
        }
        token = await self._get(stamp.token_key) if stamp else None
        return files if token is None else files | {"anchor.tsr": token}

    async def _certificates(self, dossier: Dossier, files: dict[str, bytes]) -> dict[str, bytes]:
        """Exactly those by which the seals and stamps of the bundle are verified."""
        used = {signer for name, data in files.items() if name.endswith(".pdf") for signer in signers_of(data)}
        seals = sorted(one.certificate for one in dossier.seals if one.certificate in used)
        roots = await self._roots(files)
        found = {SEALS: to_pem(seals), AUTHORITIES: to_pem(sorted(roots))}
        return {name: data for name, data in found.items() if data}

    async def _roots(self, files: dict[str, bytes]) -> set[bytes]:
        """Of each stamp the configured root that vouches for it, else the authority's own certificate."""
        roots: set[bytes] = set()
        tokens = [token_of(data) for name, data in files.items() if name.endswith(".tsr")]
        tokens += [token for name, data in files.items() if name.endswith(".pdf") for token in stamps_in(data)]
        for token in tokens:
            root = await self._root_of(token)
            if root is not None:
                roots.add(root)
        return roots

    async def _root_of(self, token: bytes) -> bytes | None:
        digest = imprint_of(token)
        for root in (*self.roots, *certificates_in(token)):
            try:
                await check_token(token, digest, [root])
            except BadToken:
                continue
            return bytes(root.dump())
        return None

    def _about(self, dossier: Dossier, proofs: Sequence[Proof]) -> dict[str, Any]:
        return {
            "made_at": self.steps.now().isoformat(),
            "client_id": str(dossier.client.id),
            "contracts": [
                {"id": str(one.id), "number": one.number, "version": one.version, "folder": folder_of(one)}
                for one in dossier.contracts
            ],
            "anchors": [proof.folder for proof in proofs],
        }


def folder_of(contract: Contract) -> str:
    """Numbers may hold letters that not every archive can name, so the folder is named by the version."""
    return f"contract-{contract.version}"


def _number_of_signature(events: Sequence[TrailEvent], contract: Contract) -> int | None:
    """The place of the signature in the trail."""
    return next(
        (one.number for one in events if one.verb == SIGNED and one.details.get("contract_id") == str(contract.id)),
        None,
    )


def _guide(dossier: Dossier, proofs: Sequence[Proof], files: Mapping[str, bytes]) -> Guide:
    return Guide(
        contracts=tuple(
            GuidedContract(
                number=one.number,
                folder=folder_of(one),
                sha256=one.sha256 or "",
                trace_stamped=f"{folder_of(one)}/trace.tsr" in files,
                certificates=tuple(
                    name
                    for name in ("certificate.pdf", "certificate-stamped.pdf")
                    if f"{folder_of(one)}/{name}" in files
                ),
            )
            for one in dossier.contracts
        ),
        anchors=tuple(GuidedAnchor(proof.folder, f"{proof.folder}/anchor.tsr" in files) for proof in proofs),
        seals=tuple(hashlib.sha256(der).hexdigest() for der in from_pem(files.get(SEALS, b""))),
        authorities=tuple(hashlib.sha256(der).hexdigest() for der in from_pem(files.get(AUTHORITIES, b""))),
        keyed=any(one.key_id is not None for one in as_exported(dossier.events)),
    )


def _id(asked: str) -> UUID | None:
    try:
        return UUID(asked.strip())
    except ValueError:
        return None
