"""A send whose answer got lost is found in the chat once, or not at all."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.conversations.content import Kind
from domain.conversations.echo import Claimed, Listed, adopt

START = datetime(2026, 11, 20, 12, 0, 10, 900_000, tzinfo=UTC)


def listed(id: str, seconds: float = 1, text: str = "Да", type: str = "text", direction: str = "out") -> Listed:
    created = (START + timedelta(seconds=seconds)).replace(microsecond=0)
    return Listed(id, direction, type, text, created)


def claim(number: int, seconds: float = 0, text: str = "Да", kind: Kind = Kind.TEXT) -> Claimed:
    return Claimed(UUID(int=number), kind, text, START + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (listed("a"), True),
        (listed("a", text=" Да\n"), True),
        (listed("a", type="link"), True),
        (listed("a", type="image"), False),
        (listed("a", text="Нет"), False),
        (listed("a", text="да"), False),
        (listed("a", direction="in"), False),
        (listed("a", type="deleted"), False),
        (listed("a", seconds=-5), True),  # 12:00:05 by Avito's whole seconds, ours minus 5 s is 12:00:05.9
        (listed("a", seconds=-6), False),
        (listed("a", seconds=900), True),
    ],
)
def test_a_send_is_found_by_kind_text_and_time(message: Listed, found: bool) -> None:
    assert adopt([message], [claim(1)], set()) == ({UUID(int=1): "a"} if found else {})


def test_a_message_of_another_send_is_not_taken() -> None:
    assert adopt([listed("a"), listed("b", 2)], [claim(1)], {"a"}) == {UUID(int=1): "b"}
    assert adopt([listed("a")], [claim(1)], {"a"}) == {}


def test_equal_texts_need_as_many_messages() -> None:
    newest_first = [listed("b", 2), listed("a", 1)]
    assert adopt(newest_first, [claim(2, 1), claim(1), claim(3, 2)], set()) == {UUID(int=1): "a", UUID(int=2): "b"}


def test_an_image_is_found_by_its_kind_alone() -> None:
    images = [claim(1, text="", kind=Kind.IMAGE), claim(2, 1, text="", kind=Kind.IMAGE)]
    listing = [listed("t"), listed("x", type="image", text="", seconds=3)]
    assert adopt(listing, images, set()) == {UUID(int=1): "x"}


messages = st.lists(
    st.builds(
        listed,
        st.integers(0, 30).map(str),
        st.integers(-20, 20),
        st.sampled_from(["Да", "Нет"]),
        st.sampled_from(["text", "link", "image"]),
        st.sampled_from(["in", "out"]),
    ),
    unique_by=lambda one: one.id,
    max_size=12,
)
claims = st.lists(
    st.builds(
        claim,
        st.integers(1, 9),
        st.integers(-20, 20),
        st.sampled_from(["Да", "Нет"]),
        st.sampled_from([Kind.TEXT, Kind.IMAGE]),
    ),
    unique_by=lambda one: one.send_id,
    max_size=6,
)


@given(messages, claims, st.sets(st.integers(0, 30).map(str), max_size=5))
def test_no_message_is_proof_of_two_sends(listing: list[Listed], waiting: list[Claimed], owned: set[str]) -> None:
    adopted = adopt(listing, waiting, owned)
    assert len(set(adopted.values())) == len(adopted)
    assert not owned & set(adopted.values())
    by_id = {one.id: one for one in listing}
    by_send = {one.send_id: one for one in waiting}
    for send_id, message_id in adopted.items():
        assert adopt([by_id[message_id]], [by_send[send_id]], set()) == {send_id: message_id}
    left = [one for one in listing if one.id not in owned.union(adopted.values())]
    for one in waiting:
        if one.send_id not in adopted:
            assert adopt(left, [one], set()) == {}


@given(messages, claims, st.randoms(use_true_random=False))
def test_the_order_in_which_sends_are_told_does_not_matter(listing, waiting, chance) -> None:  # type: ignore[no-untyped-def]
    waiting = [
        Claimed(one.send_id, one.kind, one.text, one.started_at + timedelta(microseconds=i))
        for i, one in enumerate(waiting)
    ]
    mixed = list(waiting)
    chance.shuffle(mixed)
    assert adopt(listing, mixed, set()) == adopt(listing, waiting, set())
