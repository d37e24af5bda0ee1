"""Commands that pass through workflows, and their results: ids, statuses and times only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from domain.kernel.actor import Actor

Key_co = TypeVar("Key_co", covariant=True)
State = TypeVar("State")
Outcome = TypeVar("Outcome")


class Command(Protocol[Key_co]):
    """A write to one subject. `key` identifies the subject's row; the input is stored sealed in the draft."""

    @property
    def key(self) -> Key_co: ...

    @property
    def draft_id(self) -> UUID: ...

    @property
    def actor(self) -> Actor: ...


@dataclass(frozen=True)
class Applied(Generic[State, Outcome]):
    """The subject's state after an effect, and the outcome for the caller.

    `trash`: keys of stored objects that no row refers to any more.
    """

    state: State
    outcome: Outcome
    trash: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoOutcome:
    """Outcome of subjects whose commands return only the state."""


def kept(kind: type[Outcome], values: Mapping[str, Any]) -> Outcome:
    """Parse the outcome that a draft stores as JSON."""
    return TypeAdapter(kind).validate_python(values)
