"""What a write carries through a workflow, and what comes back: ids, statuses, times."""

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
    """A write to one subject; its input waits sealed in the draft. `key` finds the subject's row."""

    @property
    def key(self) -> Key_co: ...

    @property
    def draft_id(self) -> UUID: ...

    @property
    def actor(self) -> Actor: ...


@dataclass(frozen=True)
class Applied(Generic[State, Outcome]):
    """The subject's state after an effect, and what the caller is told beside it.

    `trash` are keys of objects that no row points to any more.
    """

    state: State
    outcome: Outcome
    trash: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoOutcome:
    """Of subjects whose callers are told nothing but the state."""


def kept(kind: type[Outcome], values: Mapping[str, Any]) -> Outcome:
    """The outcome that a draft keeps as JSON."""
    return TypeAdapter(kind).validate_python(values)
