"""Anchors over real rows, a real store and the sandbox's stamping authority."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.contracts.certificate import CertificateActivities
from activities.contracts.sealing import SealingActivities, publish
from activities.evidence.anchor import AnchorActivities, AnchorOf
from activities.evidence.check import CheckActivities
from activities.evidence.export import Export
from activities.evidence.note import NoteActivities
from activities.evidence.stamp import StampActivities
from documents.evidence.bundle import read_container
from gateways.stamping.client import Stamping
from gateways.stamping.token import roots_of
from models import Client, Event
from sandbox.app import create_app
from tests.onboarding_setup import WEB_URL, ZONE, OnboardingSetup, as_client

TSA = "http://sandbox/tsa"
GUARDS = ("audit_events_append_only", "audit_events_not_emptied")


@pytest.fixture
def tsa(tmp_path: Path) -> FastAPI:
    """The sandbox with its stamping authority, of this test alone."""
    return create_app(tmp_path / "tsa", seed=False)


@pytest.fixture
async def tsa_http(tsa: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(tsa)) as http:
        yield http


@dataclass
class EvidenceSetup:
    """All that is done to an anchor, and what the owner of the database could do to a trail."""

    onboarding: OnboardingSetup
    owner: AsyncEngine
    anchors: AnchorActivities
    checks: CheckActivities
    stamps: StampActivities
    notes: NoteActivities
    sealing: SealingActivities
    certificates: CertificateActivities
    tsa_ca: bytes

    async def anchor(self, day: str, extra: int = 0) -> int:
        return await self.onboarding.twice(lambda: self.anchors.make_anchor(AnchorOf(day, extra)))

    async def whole(self, day: str) -> int:
        """Made, checked, stamped."""
        seq = await self.anchors.make_anchor(AnchorOf(day))
        await self.checks.check_anchor(seq)
        assert await self.stamps.stamp_anchor(seq)
        return seq

    async def as_owner(self, *statements: str, **values: object) -> None:
        """Whoever owns the tables switches the guards off, does it, and switches them on again."""
        async with self.owner.begin() as connection:
            for guard in GUARDS:
                await connection.execute(text(f"ALTER TABLE audit_events DISABLE TRIGGER {guard}"))
            for statement in statements:
                await connection.execute(text(statement), values)
            for guard in GUARDS:
                await connection.execute(text(f"ALTER TABLE audit_events ENABLE ALWAYS TRIGGER {guard}"))

    async def rewrite(self, events: list[Event]) -> None:
        """Hash these events and the head anew, as the product itself would: no break is left in the chain."""
        previous = events[0].previous
        for event in events:
            event.previous = previous
            event.hash = previous = event.link.hash(self.onboarding.keyring)
            await self.as_owner(
                "UPDATE audit_events SET verb = :verb, previous = :previous, hash = :hash WHERE id = :id",
                verb=event.verb,
                previous=event.previous,
                hash=event.hash,
                id=event.id,
            )
        async with self.onboarding.sessions() as session:
            client = await session.get_one(Client, events[0].client_id)
        client.events_head, client.events_count = previous, events[-1].ordinal or 0
        client.key_head(self.onboarding.keyring)
        await self.as_owner(
            "UPDATE manager_clients SET events_head = :head, events_count = :count, events_mac = :mac WHERE id = :id",
            head=client.events_head,
            count=client.events_count,
            mac=client.events_mac,
            id=client.id,
        )


@pytest.fixture
async def evidence(
    onboarding: OnboardingSetup, owner_engine: AsyncEngine, tsa_http: httpx.AsyncClient
) -> EvidenceSetup:
    sessions, storage, clock = onboarding.sessions, onboarding.storage, onboarding.clock
    ca = (await tsa_http.get(f"{TSA}/ca.pem")).content
    authority = Stamping(tsa_http, TSA, roots_of(ca))
    return EvidenceSetup(
        onboarding,
        owner_engine,
        AnchorActivities(sessions, storage, ZONE, clock, stamps=True),
        CheckActivities(sessions, storage, clock),
        StampActivities(sessions, storage, authority, clock),
        NoteActivities(sessions, onboarding.keyring, ZONE, clock),
        SealingActivities(onboarding.steps, storage, onboarding.secrets, authority),
        CertificateActivities(onboarding.steps, storage, onboarding.seal, onboarding.secrets, WEB_URL, authority),
        ca,
    )


@pytest.fixture
async def signed(evidence: EvidenceSetup) -> Client:
    """Signed in his own session, certified, anchored the next day."""
    onboarding = evidence.onboarding
    client = await onboarding.offered()
    with onboarding.on_the_way():
        await onboarding.sign(client, actor=as_client(client))
    contract = await onboarding.contract(client)
    await publish(onboarding.sessions, onboarding.seal.trusted, {}, onboarding.secrets, onboarding.clock)
    await evidence.sealing.seal_trace(client.id, contract.id)
    await evidence.certificates.certify_signature(client.id, contract.id)
    await onboarding.ready_client()
    await evidence.whole("2026-03-02")
    return client


@pytest.fixture
def export(evidence: EvidenceSetup) -> Export:
    return Export(evidence.onboarding.steps, evidence.onboarding.storage, roots_of(evidence.tsa_ca))


async def exported(export: Export, asked: object) -> dict[str, bytes]:
    return read_container(await export.export(str(asked), uuid4()))
