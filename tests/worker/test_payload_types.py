"""What workflows are given and answer is of types that the sandbox shares between all their instances."""

from collections.abc import Iterator
from typing import Any

import pytest
from temporalio import workflow

from worker.queues import PASSED_THROUGH
from worker.subjects import workflows_on
from workflows.kernel.names import CONVERSATIONS_QUEUE, CORE_QUEUE

EVERY = (*workflows_on(CORE_QUEUE), *workflows_on(CONVERSATIONS_QUEUE))


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_no_instance_has_types_of_its_own(kind: type) -> None:
    """Each would cost an adapter that takes milliseconds to build, and was once kept for as long as the worker ran."""
    own = {one for one in types_of(kind) if not one.__module__.startswith(("builtins", *PASSED_THROUGH))}
    assert own == set()


def test_the_types_are_looked_at() -> None:
    names = {one.__name__ for kind in EVERY for one in types_of(kind)}
    assert {
        "StartConversation",
        "StartOnboarding",
        "ClientCommand",
        "ClientOutcome",
        "ChangeDialog",
        "Standing",
    } <= names


def types_of(kind: type) -> Iterator[type]:
    defined = workflow._Definition.must_from_class(kind)
    calls: list[Any] = [defined, *defined.signals.values(), *defined.updates.values(), *defined.queries.values()]
    for call in calls:
        yield from call.arg_types or ()
        if (answer := getattr(call, "ret_type", None)) is not None:
            yield answer
