"""A bot may work in a group with topics, as an administrator who may manage them."""

import pytest

from domain.conversations.group import ADVICE, GroupFacts, GroupFault, advice, faults_of, meant_by
from models.channels.bot import REASON

F = GroupFault


@pytest.mark.parametrize(
    ("facts", "faults"),
    [
        (GroupFacts("supergroup", True, "administrator", True), ()),
        (GroupFacts("supergroup", True, "creator", False), ()),
        (GroupFacts("supergroup", True, "administrator", False), (F.NO_RIGHT,)),
        (GroupFacts("supergroup", True, "member", False), (F.NOT_ADMINISTRATOR,)),
        # Only administrators create topics, also where members may.
        (GroupFacts("supergroup", True, "member", True), (F.NOT_ADMINISTRATOR,)),
        (GroupFacts("supergroup", True, "restricted", False), (F.NOT_ADMINISTRATOR,)),
        (GroupFacts("supergroup", True, "restricted", False, can_send=False), (F.MUTED,)),
        (GroupFacts("supergroup", False, "administrator", True), (F.NO_TOPICS,)),
        (GroupFacts("group", False, "member", False), (F.NO_TOPICS, F.NOT_ADMINISTRATOR)),
        (GroupFacts("supergroup", False, "administrator", False), (F.NO_TOPICS, F.NO_RIGHT)),
        (GroupFacts("supergroup", True, "left", False), (F.OUT,)),
        (GroupFacts("supergroup", True, "kicked", False), (F.OUT,)),
        (GroupFacts("channel", False, "administrator", False), (F.CHANNEL,)),
        (GroupFacts("private", False, "member", False), (F.PRIVATE,)),
    ],
)
def test_what_hinders_a_bot(facts: GroupFacts, faults: tuple[GroupFault, ...]) -> None:
    assert faults_of(facts) == faults
    assert (advice(faults) is None) is (faults == ())


def test_every_fault_has_its_advice_and_two_of_them_fit_the_column() -> None:
    assert set(ADVICE) == set(GroupFault)
    states = [("administrator", True), ("member", True), ("restricted", False)]
    two = [faults_of(GroupFacts("group", False, status, False, can_send)) for status, can_send in states]
    for faults in [*((one,) for one in GroupFault), *two]:
        assert len(advice(faults) or "") <= REASON


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (1000000003, (-1001000000003, -1000000003)),
        (-1000000003, (-1001000000003,)),
        (1001000000003, (-1001000000003, -1001001000000003)),
        (-1001000000003, (-1001001000000003,)),
        (4012345678, (-1004012345678, -4012345678)),
        (9007199254740991, (-9007199254740991,)),
    ],
)
def test_an_id_without_its_minus_or_its_beginning_is_recognised(given: int, meant: tuple[int, ...]) -> None:
    assert meant_by(given) == meant
