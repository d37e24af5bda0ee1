"""What the journeys count by would notice a loss, a double and a wrong order."""

from tests.journeys.message_tally import CLEAN, REPEAT, Seen, Tally, at_buyer, buyer_text, in_topic, staff_text, tally

SENT = ["б00", "б01", "б02"]


def post(*lines: str) -> dict[str, str | None]:
    return {"text": "\n".join(lines), "caption": None}


def seen(*numbers: str, marked: bool = False) -> list[Seen]:
    return [Seen(number, marked) for number in numbers]


def test_everything_once_and_in_order_is_clean() -> None:
    assert tally(SENT, seen(*SENT)) == CLEAN


def test_what_is_missing_is_lost() -> None:
    assert tally(SENT, seen("б00", "б02")) == Tally(("б01",), (), False)


def test_what_comes_twice_is_doubled_unless_it_says_that_it_may_be_a_repeat() -> None:
    assert tally(SENT, seen("б00", "б01", "б01", "б02")) == Tally((), ("б01",), False)
    assert tally(SENT, [*seen(*SENT), *seen("б01", marked=True)]) == CLEAN


def test_what_comes_before_its_turn_is_out_of_order() -> None:
    assert tally(SENT, seen("б01", "б00", "б02")) == Tally((), (), True)
    assert tally(SENT, seen("б01", "б02")).disordered is False


def test_texts_that_waited_together_are_counted_one_by_one_each_with_its_own_mark() -> None:
    posts = [post(buyer_text(0), "", REPEAT, buyer_text(1), "", buyer_text(2)), post("Автоответ: " + staff_text(3))]
    assert in_topic(posts) == [Seen("б00", False), Seen("б01", True), Seen("б02", False)]


def test_the_reminder_of_what_was_said_before_is_no_repetition() -> None:
    assert in_topic([post("Прежняя тема удалена. Последние сообщения:", "", f"Ольга: {buyer_text(0)}")]) == []


def test_what_the_buyer_has_is_counted_by_its_numbers() -> None:
    assert at_buyer([post(staff_text(0)), {"text": None}, post(staff_text(1))]) == seen("с00", "с01")
