"""What is stamped, and when it is due."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.anchor import MOST_MISSED, Anchor, Leaf, due_days, sorted_by_client

MOSCOW = ZoneInfo("Europe/Moscow")
ANCHOR = Anchor(
    seq=7,
    day=date(2026, 12, 1),
    extra=0,
    made_at=datetime(2026, 11, 30, 21, 4, tzinfo=UTC),
    leaves=3,
    root=bytes(range(32)),
    previous_root=bytes(32),
    previous_sha256="ab" * 32,
)


def test_the_stamped_text_stays_as_it_was_first_published() -> None:
    """Anchors of years ago are read with it: a change needs another `format`."""
    assert ANCHOR.text().decode() == (
        '{"day":"2026-12-01","extra":0,"format":"privet-anchor-1","hash":"sha256, RFC 9162 section 2.1","leaves":3,'
        '"made_at":"2026-11-30T21:04:00.000000+00:00","previous_root":"' + "00" * 32 + '",'
        '"previous_sha256":"' + "ab" * 32 + '","root":"' + bytes(range(32)).hex() + '","seq":7}'
    )
    assert Anchor.parse(ANCHOR.text()) == ANCHOR


@given(st.integers(0, len(ANCHOR.text()) - 1), st.integers(1, 255))
def test_no_other_text_reads_as_the_same_anchor(place: int, change: int) -> None:
    text = bytearray(ANCHOR.text())
    text[place] ^= change
    with suppress(ValueError):
        assert Anchor.parse(bytes(text)) != ANCHOR


@pytest.mark.parametrize("text", [b"", b"[]", b"null", b"{}", b"[" * 100_000, ANCHOR.text() + b"\n"])
def test_other_texts_are_no_anchors(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Anchor.parse(text)


LEAF = Leaf(UUID(int=5), 3, b"\x01" * 32, b"\x02" * 32)


def test_a_leaf_is_read_back() -> None:
    assert LEAF.text().decode() == f'["00000000-0000-0000-0000-000000000005",3,"{"01" * 32}","{"02" * 32}"]'
    assert Leaf.parse(LEAF.text()) == LEAF


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"7",
        b'["x",3,"01"]',
        LEAF.text() + b" ",
        LEAF.text().replace(b",3,", b",3.0,"),
        LEAF.text().replace(b",3,", b",true,"),
        LEAF.text().replace(b",3,", b",0,"),
        LEAF.text().replace(b"01", b"0A"),
    ],
)
def test_other_texts_are_no_leaves(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Leaf.parse(text)


def test_each_client_has_one_leaf() -> None:
    one, two = Leaf(UUID(int=1), 1, b"", b""), Leaf(UUID(int=2), 1, b"", b"")
    assert sorted_by_client([one, two])
    assert not sorted_by_client([two, one])
    assert not sorted_by_client([one, one])


BEFORE_MIDNIGHT = datetime(2026, 11, 30, 20, 59, 59, tzinfo=UTC)
AFTER_MIDNIGHT = BEFORE_MIDNIGHT + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("newest", "now", "days"),
    [
        (None, BEFORE_MIDNIGHT, ["2026-11-30"]),
        (None, AFTER_MIDNIGHT, ["2026-12-01"]),
        (date(2026, 11, 30), BEFORE_MIDNIGHT, []),
        (date(2026, 11, 30), AFTER_MIDNIGHT, ["2026-12-01"]),
        (date(2026, 11, 28), AFTER_MIDNIGHT, ["2026-11-29", "2026-11-30", "2026-12-01"]),
        # The clock went back, or the zone was changed.
        (date(2026, 12, 2), AFTER_MIDNIGHT, []),
    ],
)
def test_a_day_is_due_from_its_midnight_in_the_organisations_zone(
    newest: date | None, now: datetime, days: list[str]
) -> None:
    assert [day.isoformat() for day in due_days(newest, now, MOSCOW)] == days


def test_after_years_only_the_last_days_are_caught_up() -> None:
    days = due_days(date(2020, 1, 1), AFTER_MIDNIGHT, MOSCOW)
    assert len(days) == MOST_MISSED
    assert days[-1] == date(2026, 12, 1)
