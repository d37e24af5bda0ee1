"""Rules that say no by a `Refusal` and nothing at all otherwise, as conditions that a test asserts."""

from collections.abc import Callable
from typing import ParamSpec

from domain.kernel.refusal import Refusal

Arguments = ParamSpec("Arguments")


def passes(rule: Callable[Arguments, None], *args: Arguments.args, **kwargs: Arguments.kwargs) -> bool:
    """The rule does not refuse."""
    try:
        rule(*args, **kwargs)
    except Refusal:
        return False
    return True
