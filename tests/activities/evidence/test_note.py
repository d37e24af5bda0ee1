"""Owners get each anchor by mail with the digest of the day; an alarm says so in its subject."""

from datetime import timedelta
from typing import Any

import pytest

from activities.evidence.anchor import AnchorOf
from models import Client
from models.deliveries.delivery import LETTER, Delivery
from models.kernel.columns import unseal
from models.people.manager import Role
from tests.activities.evidence.conftest import EvidenceSetup
from tests.factories import make_manager
from tests.onboarding_setup import as_client


@pytest.fixture
async def client(evidence: EvidenceSetup) -> Client:
    """Signed on March 2nd; there is one owner with a mailbox."""
    await make_manager(evidence.onboarding.sessions, role=Role.OWNER)
    client = await evidence.onboarding.offered()
    with evidence.onboarding.on_the_way():
        await evidence.onboarding.sign(client, actor=as_client(client))
    return client


async def mails(evidence: EvidenceSetup) -> list[tuple[Delivery, dict[str, Any]]]:
    rows = await evidence.onboarding.rows(Delivery)
    notes = [row for row in rows if row.purpose == "owner_note"]
    return [(row, unseal(evidence.onboarding.keyring, LETTER, row.letter)) for row in notes]


async def test_the_mail_has_anchor_stamp_and_the_digest_of_the_day_before(
    evidence: EvidenceSetup, client: Client
) -> None:
    evidence.onboarding.clock.advance(timedelta(days=1))
    seq = await evidence.whole("2026-03-03")
    assert await evidence.notes.note_owners(seq) == 1
    assert await evidence.notes.note_owners(seq) == 0
    ((row, letter),) = await mails(evidence)
    assert letter["subject"] == "Ежедневный якорь 2026-03-03"
    for said in ("Подписано договоров за прошедшие сутки: 1", "Отмечено подписаний", "Разрывов в цепочках истории: 0"):
        assert said in letter["text"]
    assert [one["name"] for one in row.attachments] == ["anchor-2026-03-03.json", "anchor-2026-03-03.tsr"]
    assert row.channels == ["mail"]
    assert str(client.id) not in letter["text"]


async def test_without_a_stamp_the_mail_says_so_and_another_follows(evidence: EvidenceSetup, client: Client) -> None:
    seq = await evidence.anchors.make_anchor(AnchorOf("2026-03-03"))
    await evidence.notes.note_owners(seq)
    assert await evidence.stamps.stamp_anchor(seq)
    assert await evidence.notes.note_owners(seq) == 1
    files = sorted(len(row.attachments) for row, _ in await mails(evidence))
    assert files == [1, 2]
    assert any("служба времени не ответила" in letter["text"] for _, letter in await mails(evidence))


async def test_a_finding_is_an_alarm(evidence: EvidenceSetup, client: Client) -> None:
    await evidence.whole("2026-03-03")
    events = await evidence.onboarding.events(client)
    events[1].verb = "nothing-happened"
    await evidence.rewrite(events[1:])
    seq = await evidence.whole("2026-03-04")
    await evidence.notes.note_owners(seq)
    ((_, letter),) = await mails(evidence)
    assert letter["subject"].startswith("ТРЕВОГА")
    assert "Отличий от предыдущего якоря: 1" in letter["text"]
