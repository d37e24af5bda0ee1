"""The root over all trails: made once a day, stored with its leaves, stamped when the authority answers."""

import asyncio
import hashlib
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from activities.evidence import anchor as making
from activities.evidence.anchor import AnchorOf
from activities.evidence.leaves import check_leaves
from activities.evidence.stamp import StampActivities
from domain.evidence.anchor import Anchor, Leaf, sorted_by_client
from domain.evidence.merkle import EMPTY, is_included, proof_of
from domain.evidence.trail import leaf_at
from gateways.outcome import NotDone, Rejected, Unknown
from models.evidence.anchor import AnchorRow, AnchorStamp
from models.evidence.heads import as_exported
from sandbox.faults import Fault, Setting, Side
from tests.activities.evidence.conftest import EvidenceSetup

DAY = "2026-03-02"
KEY = {"anchors": "seq", "anchor_stamps": "anchor_seq", "anchor_checks": "anchor_seq"}


async def leaves_of(evidence: EvidenceSetup, row: AnchorRow) -> list[bytes]:
    return (await evidence.onboarding.storage.get(row.leaves_key, 10**7)).splitlines()


async def row_of(evidence: EvidenceSetup, seq: int) -> AnchorRow:
    async with evidence.onboarding.sessions() as session:
        return await session.get_one(AnchorRow, seq)


async def test_every_trail_is_a_leaf_under_the_root(evidence: EvidenceSetup) -> None:
    onboarding = evidence.onboarding
    clients = [await onboarding.ready_client() for _ in range(3)]
    row = await row_of(evidence, await evidence.anchor(DAY))
    texts = await leaves_of(evidence, row)
    leaves = [Leaf.parse(text) for text in texts]
    assert sorted_by_client(leaves)
    assert {leaf.client_id for leaf in leaves} == {client.id for client in clients}
    for number, leaf in enumerate(leaves):
        events = [
            event for client in clients if client.id == leaf.client_id for event in await onboarding.events(client)
        ]
        assert (leaf.count, leaf.head) == (len(events), events[-1].hash)
        assert leaf == leaf_at(as_exported(events), len(events), leaf.client_id)
        assert is_included(texts[number], number, 3, proof_of(texts, number, 3), row.root)


async def test_the_stored_file_is_what_is_stamped_and_the_row_says_the_same(evidence: EvidenceSetup) -> None:
    await evidence.onboarding.ready_client()
    row = await row_of(evidence, await evidence.anchor(DAY))
    stored = await evidence.onboarding.storage.get(row.file_key, 10**6)
    assert hashlib.sha256(stored).hexdigest() == row.sha256
    assert Anchor.parse(stored) == row.anchor()
    assert row.made_at == evidence.onboarding.clock()


async def test_anchors_count_on_and_each_keeps_the_one_before(evidence: EvidenceSetup) -> None:
    first = await row_of(evidence, await evidence.anchor(DAY))
    await evidence.onboarding.ready_client()
    second = await row_of(evidence, await evidence.anchor("2026-03-03"))
    assert (first.seq, first.root, first.leaves, first.previous_root) == (1, EMPTY, 0, None)
    assert (second.seq, second.leaves) == (2, 1)
    assert (second.previous_root, second.previous_sha256) == (first.root, first.sha256)


async def test_no_page_is_left_out_or_read_twice(evidence: EvidenceSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PAGE", 2)
    for number in range(5):
        await evidence.onboarding.do(
            evidence.onboarding.cards.save_profile,
            await evidence.onboarding.new_client(),
            {"phone": f"916111223{number}", "email": None, "name": "Мария", "address": None},
        )
        row = await row_of(evidence, await evidence.anchor(f"2026-03-1{number}"))
        assert row.leaves == number + 1
        check_leaves(BytesIO(await evidence.onboarding.storage.get(row.leaves_key, 10**6)), row.leaves, row.root)


async def test_a_day_is_anchored_once_and_missed_days_are_caught_up(evidence: EvidenceSetup) -> None:
    assert await evidence.anchors.due_anchors() == [AnchorOf(DAY)]
    await evidence.whole(DAY)
    assert await evidence.anchors.due_anchors() == []
    evidence.onboarding.clock.advance(timedelta(days=3))
    due = await evidence.anchors.due_anchors()
    assert [one.day for one in due] == ["2026-03-03", "2026-03-04", "2026-03-05"]


async def test_what_was_left_without_a_stamp_is_due_again_before_other_days(evidence: EvidenceSetup) -> None:
    seq = await evidence.anchor(DAY)
    await evidence.checks.check_anchor(seq)
    evidence.onboarding.clock.advance(timedelta(days=1))
    assert await evidence.anchors.due_anchors() == [AnchorOf(DAY), AnchorOf("2026-03-03")]
    without = making.AnchorActivities(
        evidence.onboarding.sessions,
        evidence.onboarding.storage,
        evidence.anchors.zone,
        evidence.anchors.now,
        stamps=False,
    )
    assert await without.due_anchors() == [AnchorOf("2026-03-03")]


async def test_a_further_anchor_of_a_day_is_made_at_once(evidence: EvidenceSetup) -> None:
    assert [(await evidence.anchors.make_now()).name for _ in range(3)] == [DAY, f"{DAY}-2", f"{DAY}-3"]
    assert await evidence.anchors.due_anchors() != []
    rows = await evidence.onboarding.rows(AnchorRow)
    assert sorted(row.seq for row in rows) == [1, 2, 3]


async def test_openssl_verifies_the_stored_stamp(evidence: EvidenceSetup, tmp_path: Path) -> None:
    await evidence.onboarding.ready_client()
    seq = await evidence.anchor(DAY)
    assert await evidence.onboarding.twice(lambda: evidence.stamps.stamp_anchor(seq))
    (stamp,) = await evidence.onboarding.rows(AnchorStamp)
    row = await row_of(evidence, seq)
    storage = evidence.onboarding.storage
    (tmp_path / "anchor.json").write_bytes(await storage.get(row.file_key, 10**6))
    (tmp_path / "anchor.tsr").write_bytes(await storage.get(stamp.token_key, 10**6))
    (tmp_path / "ca.pem").write_bytes(evidence.tsa_ca)
    command = ["openssl", "ts", "-verify", "-data", "anchor.json", "-in", "anchor.tsr", "-CAfile", "ca.pem"]
    said = await asyncio.to_thread(subprocess.run, command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "Verification: OK" in said.stdout + said.stderr


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [(Fault.SERVER_ERROR, Unknown), (Fault.TOO_MANY, NotDone), (Fault.REJECTED, Rejected), (Fault.HTML, Unknown)],
)
async def test_an_authority_that_is_away_leaves_the_anchor_to_wait(
    evidence: EvidenceSetup, tsa: FastAPI, fault: Fault, outcome: type[Exception]
) -> None:
    """The root stands before the stamp; the stamp of another day does not wait for it."""
    seq = await evidence.anchor(DAY)
    tsa.state.world.faults.set(Setting(Side.STAMPING, fault, times=1, seconds=1))
    with pytest.raises(outcome):
        await evidence.stamps.stamp_anchor(seq)
    assert await evidence.onboarding.rows(AnchorStamp) == []
    other = await evidence.anchor("2026-03-03")
    assert await evidence.stamps.stamp_anchor(other)
    assert await evidence.stamps.stamp_anchor(seq)
    assert {stamp.anchor_seq for stamp in await evidence.onboarding.rows(AnchorStamp)} == {seq, other}


async def test_without_an_authority_nothing_waits(evidence: EvidenceSetup) -> None:
    seq = await evidence.anchor(DAY)
    alone = StampActivities(evidence.onboarding.sessions, evidence.onboarding.storage, None, evidence.onboarding.clock)
    assert not await alone.stamp_anchor(seq)


@pytest.mark.parametrize("table", ["anchors", "anchor_stamps", "anchor_checks"])
async def test_the_application_cannot_change_an_anchor(evidence: EvidenceSetup, table: str) -> None:
    await evidence.whole(DAY)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {KEY[table]} = {KEY[table]}", f"TRUNCATE {table}"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with evidence.onboarding.sessions.begin() as session:
                await (await session.connection()).execute(text(statement))
