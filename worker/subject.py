"""Contributions of a subject to the workers, by task queue."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from models.kernel.subject import Erasure, Upkeep
from worker.parts import Parts
from worker.schedules import Job

ActivityMethod: TypeAlias = Callable[..., Awaitable[Any]]
Build: TypeAlias = Callable[[Parts], Sequence[object]]
"""Builds the objects with the activities of a queue."""


@dataclass(frozen=True)
class Subject:
    """`prepare` runs before the worker of a queue starts.

    `erasure` erases a person in the subject's tables, `upkeep` deletes rows past their retention time.
    """

    activities: Mapping[str, Build] = field(default_factory=dict)
    workflows: Mapping[str, Sequence[type]] = field(default_factory=dict)
    jobs: Sequence[Job] = ()
    prepare: Mapping[str, Callable[[Parts], Awaitable[None]]] = field(default_factory=dict)
    erasure: Erasure | None = None
    upkeep: Upkeep | None = None


def activities_of(family: object) -> list[ActivityMethod]:
    """Public methods of `family` that are defined as activities."""
    methods = (getattr(family, name) for name in dir(family) if not name.startswith("_"))
    return [method for method in methods if hasattr(method, "__temporal_activity_definition")]
