"""The counts of a relay: rate, latency, lost, doubled and disordered messages."""

from bench.relay.counts import Shown, Tag, count, tags_in

SENT = {Tag("r1", chat, number): 100.0 + number for chat in (0, 1) for number in range(3)}


def shown(*of: tuple[int, int, float]) -> list[Shown]:
    """Chat, number and time of each copy."""
    return [Shown(Tag("r1", chat, number), at) for chat, number, at in of]


def test_a_relay_that_shows_everything_once_in_order_has_nothing_to_count() -> None:
    all_of_it = shown(*((tag.chat, tag.number, at + 0.5) for tag, at in SENT.items()))
    counted = count(SENT, all_of_it)
    assert (counted.sent, counted.lost, counted.doubled, counted.disordered) == (6, 0, 0, 0)
    assert (counted.p50, counted.p95) == (500, 500)
    assert counted.rate == 6 / 2.5


def test_what_is_not_shown_is_lost() -> None:
    assert count(SENT, shown((0, 0, 101.0), (1, 2, 104.0))).lost == 4


def test_a_second_copy_is_a_double_and_its_mark_is_seen() -> None:
    copies = [*shown((0, 0, 101.0), (0, 0, 102.0), (1, 0, 101.0)), Shown(Tag("r1", 1, 0), 103.0, marked=True)]
    counted = count(SENT, copies)
    assert (counted.doubled, counted.marked) == (2, 1)


def test_a_message_behind_a_later_one_of_its_chat_is_out_of_order() -> None:
    assert count(SENT, shown((0, 1, 103.0), (0, 0, 104.0), (0, 2, 105.0), (1, 0, 106.0))).disordered == 1


def test_a_late_second_copy_does_not_spoil_the_order() -> None:
    assert count(SENT, shown((0, 0, 101.0), (0, 1, 102.0), (0, 0, 103.0))).disordered == 0


def test_messages_of_another_run_do_not_count() -> None:
    assert count(SENT, [Shown(Tag("r0", 0, 0), 101.0)]).lost == 6


def test_a_message_is_found_in_whatever_words_stand_around_it() -> None:
    tag = Tag("r1c", 7, 12)
    assert list(tags_in(f"↻ возможен повтор\nПокупатель: {tag.text()}\n\n{tag.text()}")) == [tag, tag]
