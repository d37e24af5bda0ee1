"""What an edited message of staff means, by what the buyer has of it."""

import pytest

from domain.conversations.content import Kind
from domain.conversations.edit import Content, Stage, Verdict, judge

TEXT = Content(Kind.TEXT, "Цена 100")
OTHER = Content(Kind.TEXT, "Цена 200")
PHOTO = Content(Kind.IMAGE, "Вот", "a")
NOTE, COMMAND = Content(Kind.NOTE, "// звонил"), Content(Kind.COMMAND, "/close")
VIDEO = Content(Kind.UNSUPPORTED, "Вот", "v")
UNREADABLE = Content(Kind.UNKNOWN, "Цена 100")
STAGES = list(Stage)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TEXT, TEXT),
        (TEXT, Content(Kind.TEXT, "  Цена  100\n")),
        (TEXT, Content(Kind.TEXT, "Цена 100", "a")),
        (Content(Kind.TEXT, "й"), Content(Kind.TEXT, "\u0438\u0306")),
        (TEXT, UNREADABLE),
        (PHOTO, Content(Kind.IMAGE, "Вот")),
        (PHOTO, PHOTO),
        (NOTE, Content(Kind.NOTE, "// ещё")),
        (COMMAND, Content(Kind.COMMAND, "/block")),
        (VIDEO, Content(Kind.UNSUPPORTED, "другая подпись", "w")),
        (NOTE, VIDEO),
        (COMMAND, UNREADABLE),
    ],
)
def test_nothing_is_said_of_what_the_buyer_does_not_miss(one: Content, other: Content, stage: Stage) -> None:
    assert judge(one, one, other, stage) is Verdict.NOTHING


@pytest.mark.parametrize(
    ("sent", "new", "verdicts"),
    [
        # waits, unsent, sent
        (TEXT, OTHER, (Verdict.REPLACE, Verdict.REPLACE, Verdict.TELL)),
        (TEXT, NOTE, (Verdict.WITHDRAW, Verdict.WITHDRAW, Verdict.TELL)),
        (TEXT, COMMAND, (Verdict.TELL, Verdict.TELL_UNSENT, Verdict.TELL)),
        (TEXT, PHOTO, (Verdict.TELL, Verdict.TELL_UNSENT, Verdict.TELL)),
        (PHOTO, Content(Kind.IMAGE, "Вот", "b"), (Verdict.REPLACE, Verdict.REPLACE, Verdict.TELL)),
        (PHOTO, Content(Kind.IMAGE, "Вот он", "a"), (Verdict.REPLACE, Verdict.REPLACE, Verdict.TELL)),
        (NOTE, TEXT, (Verdict.TELL_UNSENT, Verdict.TELL_UNSENT, Verdict.TELL)),
        (NOTE, COMMAND, (Verdict.TELL_UNSENT, Verdict.TELL_UNSENT, Verdict.TELL)),
        (COMMAND, TEXT, (Verdict.TELL_UNSENT, Verdict.TELL_UNSENT, Verdict.TELL)),
        (COMMAND, NOTE, (Verdict.WITHDRAW, Verdict.NOTHING, Verdict.NOTHING)),
        (VIDEO, PHOTO, (Verdict.TELL_UNSENT, Verdict.TELL_UNSENT, Verdict.TELL)),
    ],
)
def test_an_edit_counts_only_while_nothing_was_posted(
    sent: Content, new: Content, verdicts: tuple[Verdict, ...]
) -> None:
    assert tuple(judge(sent, sent, new, stage) for stage in STAGES) == verdicts


def test_a_change_is_told_once_and_its_taking_back_is_not_told() -> None:
    assert judge(TEXT, OTHER, OTHER, Stage.SENT) is Verdict.NOTHING
    assert judge(TEXT, OTHER, TEXT, Stage.SENT) is Verdict.NOTHING
    assert judge(TEXT, TEXT, OTHER, Stage.SENT) is Verdict.TELL
