"""A rewritten history, or one that was cut off at its end, is found by yesterday's anchor."""

import pytest
from sqlalchemy import text

from activities.evidence.anchor import AnchorOf
from activities.evidence.check import NOBODY
from domain.evidence.anchor import Finding
from models import Client
from models.evidence.anchor import AnchorCheck, AnchorFinding, AnchorRow
from tests.activities.evidence.conftest import EvidenceSetup

YESTERDAY, TODAY = "2026-03-02", "2026-03-03"


async def today(evidence: EvidenceSetup) -> list[tuple[object, Finding, int, int]]:
    """What today's anchor finds, and that its repeat finds nothing else."""
    seq = await evidence.anchors.make_anchor(AnchorOf(TODAY))
    count = await evidence.onboarding.twice(lambda: evidence.checks.check_anchor(seq))
    found = await evidence.onboarding.rows(AnchorFinding)
    assert count == len(found)
    return [(one.client_id, one.finding, one.expected_count, one.found_count) for one in found]


@pytest.fixture
async def client(evidence: EvidenceSetup) -> Client:
    """One of two clients whose trails were anchored yesterday."""
    await evidence.onboarding.ready_client()
    client = await evidence.onboarding.ready_client()
    await evidence.whole(YESTERDAY)
    return client


async def test_trails_that_only_grew_are_as_they_were(evidence: EvidenceSetup, client: Client) -> None:
    await evidence.onboarding.generate(client)
    await evidence.onboarding.ready_client()
    assert await today(evidence) == []
    checks = {one.anchor_seq: one for one in await evidence.onboarding.rows(AnchorCheck)}
    assert [(one.against_seq, one.clients) for _, one in sorted(checks.items())] == [(None, 0), (1, 2)]


async def test_a_history_that_its_owner_rewrote_without_a_break_is_found(
    evidence: EvidenceSetup, client: Client
) -> None:
    """All hashes are right, as the product itself would have written them: only the anchor knows better."""
    events = await evidence.onboarding.events(client)
    events[1].verb = "nothing-happened"
    await evidence.rewrite(events[1:])
    rewritten = await evidence.onboarding.events(client)
    assert all(event.hash == event.link.hash(evidence.onboarding.keyring) for event in rewritten)
    assert [one.previous for one in rewritten[1:]] == [one.hash for one in rewritten[:-1]]
    assert await today(evidence) == [(client.id, Finding.REWRITTEN, len(events), len(events))]


async def test_a_rewritten_history_is_found_though_it_has_grown(evidence: EvidenceSetup, client: Client) -> None:
    events = await evidence.onboarding.events(client)
    events[0].verb = "nothing-happened"
    await evidence.rewrite(events)
    await evidence.onboarding.generate(client)
    (found,) = await today(evidence)
    assert found[:3] == (client.id, Finding.REWRITTEN, len(events))


async def test_a_chain_that_was_cut_off_at_its_end_is_found(evidence: EvidenceSetup, client: Client) -> None:
    """What is left is a perfect chain, and the head is its own."""
    events = await evidence.onboarding.events(client)
    await evidence.as_owner("DELETE FROM audit_events WHERE id = :id", id=events[-1].id)
    await evidence.rewrite(events[:-1])
    assert await today(evidence) == [(client.id, Finding.CUT_OFF, len(events), len(events) - 1)]


async def test_a_chain_that_was_cut_off_and_continued_is_found(evidence: EvidenceSetup, client: Client) -> None:
    events = await evidence.onboarding.events(client)
    await evidence.as_owner("DELETE FROM audit_events WHERE id = :id", id=events[-1].id)
    await evidence.rewrite(events[:-1])
    await evidence.onboarding.generate(client)
    (found,) = await today(evidence)
    assert found[:3] == (client.id, Finding.REWRITTEN, len(events))


async def test_a_client_who_is_gone_is_found(evidence: EvidenceSetup, client: Client) -> None:
    events = await evidence.onboarding.events(client)
    async with evidence.owner.begin() as connection:
        guards = (await connection.execute(text(_GUARDS))).all()
        for table, trigger in guards:
            await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}"))
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text("DELETE FROM audit_events WHERE client_id = :id"), {"id": client.id})
        await connection.execute(text("DELETE FROM manager_clients WHERE id = :id"), {"id": client.id})
        for table, trigger in guards:
            await connection.execute(text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"))
    assert await today(evidence) == [(client.id, Finding.GONE, len(events), 0)]


async def test_an_early_event_whose_content_was_changed_alone_is_found(evidence: EvidenceSetup, client: Client) -> None:
    """All hashes are the old ones: the digest of the texts is not."""
    events = await evidence.onboarding.events(client)
    await evidence.as_owner("UPDATE audit_events SET verb = 'other' WHERE id = :id", id=events[1].id)
    assert await today(evidence) == [(client.id, Finding.REWRITTEN, len(events), len(events))]


async def test_an_event_whose_content_was_changed_alone_is_found(evidence: EvidenceSetup, client: Client) -> None:
    """The hash at the anchored place is the old one, and its event does not give it any more."""
    events = await evidence.onboarding.events(client)
    await evidence.as_owner("UPDATE audit_events SET verb = 'other' WHERE id = :id", id=events[-1].id)
    assert await today(evidence) == [(client.id, Finding.REWRITTEN, len(events), len(events))]


async def test_leaves_that_were_changed_with_the_trail_are_found_by_the_root(
    evidence: EvidenceSetup, client: Client
) -> None:
    row = await _yesterday(evidence)
    storage = evidence.onboarding.storage
    leaves = await storage.get(row.leaves_key, 10**6)
    await storage.put(row.leaves_key, leaves.splitlines()[0] + b"\n", "application/x-ndjson")
    assert await today(evidence) == [(NOBODY, Finding.LEAVES_LOST, 2, 0)]


async def test_leaves_that_are_gone_are_found(evidence: EvidenceSetup, client: Client) -> None:
    await evidence.onboarding.storage.delete((await _yesterday(evidence)).leaves_key)
    assert await today(evidence) == [(NOBODY, Finding.LEAVES_LOST, 2, 0)]


async def test_an_anchor_that_was_kept_outside_is_believed_more_than_the_database(
    evidence: EvidenceSetup, client: Client
) -> None:
    """Who owns database and store can write trail, leaves and anchor anew; the mailed file shows it."""
    row = await _yesterday(evidence)
    mailed = await evidence.onboarding.storage.get(row.file_key, 10**6)
    assert await evidence.checks.compare_with(mailed) == (2, [])
    async with evidence.owner.begin() as connection:
        await connection.execute(text("ALTER TABLE anchors DISABLE TRIGGER anchors_append_only"))
        await connection.execute(text("UPDATE anchors SET root = :root"), {"root": bytes(32)})
        await connection.execute(text("ALTER TABLE anchors ENABLE ALWAYS TRIGGER anchors_append_only"))
    _, found = await evidence.checks.compare_with(mailed)
    assert [one.finding for one in found] == [Finding.LEAVES_LOST]
    with pytest.raises(ValueError, match="not an anchor"):
        await evidence.checks.compare_with(mailed + b" ")


async def _yesterday(evidence: EvidenceSetup) -> AnchorRow:
    (row,) = await evidence.onboarding.rows(AnchorRow)
    return row


_GUARDS = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'A' AND NOT tgisinternal"
