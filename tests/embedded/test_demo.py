"""Invented clients, generated photos and percentiles of `make demo`."""

import io
import random
from datetime import date

import pytest
from PIL import Image

from embedded.demo.people import invent
from embedded.demo.photos import photo
from embedded.demo.report import percentile_95


def test_photos_are_large_and_different() -> None:
    chance = random.Random(1)
    one, other = photo("Паспорт", chance), photo("Паспорт", chance)
    assert one != other
    assert 100_000 < len(one) < 10_000_000
    assert Image.open(io.BytesIO(one)).size == (2048, 1536)


@pytest.mark.parametrize("seed", range(50))
def test_invented_people_have_the_data_of_a_contract(seed: int) -> None:
    person = invent(random.Random(seed))
    assert len(person.phone) == 10
    assert len(person.passport["series"]) == 4
    assert len(person.passport["number"]) == 6
    assert date.fromisoformat(person.passport["issue_date"]) < date(2025, 1, 1)
    assert len(set(person.devices)) == 2


@pytest.mark.parametrize(
    ("values", "expected"), [([5.0], 5.0), ([1.0, 2.0], 2.0), ([float(n) for n in range(1, 101)], 95.0)]
)
def test_the_95th_percentile_is_the_nearest_rank(values: list[float], expected: float) -> None:
    assert percentile_95(values) == expected
