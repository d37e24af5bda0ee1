"""One transaction per write: the subject's row is locked, the draft becomes rows, the draft is marked applied."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID, uuid5

from pydantic_core import to_jsonable_python
from sqlalchemy.exc import DBAPIError
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.kernel.command import Applied, Command, kept
from domain.kernel.actor import Actor
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import DraftGone, InvalidValue, Refusal, revived
from models.kernel.columns import unseal
from models.kernel.database import Sessions
from models.kernel.draft import PAYLOAD, Draft

DATA_EXCEPTION = "22"
"""SQLSTATE class of data exceptions: value too long, out of range or of the wrong type."""

Row = TypeVar("Row")
Key = TypeVar("Key")
State = TypeVar("State")
Outcome = TypeVar("Outcome")


@dataclass
class Step(Generic[Row, Outcome]):
    """A write in progress: the open transaction, the locked row and the input.

    Ids of new rows are derived from `source`: the draft, or `about` (the subject, or one of its rows) and a purpose.
    """

    session: AsyncSession
    keyring: Keyring
    row: Row
    actor: Actor
    at: datetime
    source: UUID
    about: UUID
    outcome: Outcome
    payload: dict[str, Any] = field(default_factory=dict)
    trash: list[str] = field(default_factory=list)
    refusal: Refusal | None = None

    def id_for(self, purpose: str) -> UUID:
        """An id that is the same for the same purpose in every retry of the step."""
        return uuid5(self.source, purpose)

    def refuse_after(self, refusal: Refusal) -> None:
        """Refuse after committing what the step has written, for example a counted wrong try."""
        self.refusal = refusal


AnyStep = TypeVar("AnyStep", bound=Step[Any, Any])
Effect: TypeAlias = Callable[[AnyStep], Awaitable[None]]


class Steps(ABC, Generic[Row, Key, State, Outcome, AnyStep]):
    """Runs steps on one kind of subject; a subclass defines how the subject is locked and read, and its step class."""

    step: type[AnyStep]
    outcome: type[Outcome]

    def __init__(self, sessions: Sessions, keyring: Keyring, now: Clock) -> None:
        self.sessions, self.keyring, self.now = sessions, keyring, now

    @abstractmethod
    async def lock(self, session: AsyncSession, key: Key) -> Row:
        """The subject's row, locked until the transaction ends. Raises `NotFound`."""

    @abstractmethod
    async def read(self, session: AsyncSession, row: Row) -> State:
        """The subject's state for the workflow; called after the flush."""

    async def lock_with_draft(self, session: AsyncSession, key: Key, draft_id: UUID) -> tuple[Row, Draft] | None:
        """The subject's row and the draft, both locked, in this order; None if either is missing."""
        row = await self.lock(session, key)
        draft = await session.get(Draft, draft_id, with_for_update=True)
        return (row, draft) if draft is not None else None

    def prepare(self, step: AnyStep, expected: int | None) -> None:  # optional in subclasses
        """Called before the effect; refuses a write if the subject's version is not `expected`."""

    async def apply(
        self, command: Command[Key], effect: Effect[AnyStep], before: Effect[AnyStep] | None = None
    ) -> Applied[State, Outcome]:
        """Turn the draft of a command into rows, once; a repeat returns the outcome of the first call.

        Raises `InvalidValue` for a value that PostgreSQL cannot store; its own error would be retried forever.
        """
        try:
            return await self._apply(command, effect, before)
        except DBAPIError as error:
            if str(getattr(error.orig, "sqlstate", "")).startswith(DATA_EXCEPTION):
                raise InvalidValue("Эти данные не удалось записать. Проверьте и сократите введённое.") from None
            raise

    async def _apply(
        self, command: Command[Key], effect: Effect[AnyStep], before: Effect[AnyStep] | None
    ) -> Applied[State, Outcome]:
        async with self.sessions.begin() as session:
            locked = await self.lock_with_draft(session, command.key, command.draft_id)
            if locked is None:
                await self.lock(session, command.key)
                raise DraftGone("Запрос устарел. Повторите его.")
            row, draft = locked
            if draft.applied_at is not None:
                return await self._again(session, row, draft)
            step = self._step(session, row, command.actor, command.draft_id, command.draft_id)
            step.payload = dict(unseal(self.keyring, PAYLOAD, draft.payload)) if draft.payload else {}
            if before is not None:
                await before(step)
            self.prepare(step, draft.expected_version)
            await effect(step)
            _finish(step, draft)
            applied = await self._applied(step)
        if step.refusal is not None:
            raise step.refusal
        return applied

    async def act(
        self, key: Key, about: UUID, purpose: str, effect: Effect[AnyStep], actor: Actor
    ) -> Applied[State, Outcome]:
        """A step without a draft, for timers and later parts of longer steps; `effect` checks what is already done."""
        async with self.sessions.begin() as session:
            row = await self.lock(session, key)
            step = self._step(session, row, actor, uuid5(about, purpose), about)
            await effect(step)
            return await self._applied(step)

    def _step(self, session: AsyncSession, row: Row, actor: Actor, source: UUID, about: UUID) -> AnyStep:
        return self.step(session, self.keyring, row, actor, self.now(), source, about, self.outcome())

    async def _applied(self, step: AnyStep) -> Applied[State, Outcome]:
        await step.session.flush()
        return Applied(await self.read(step.session, step.row), step.outcome, tuple(step.trash))

    async def _again(self, session: AsyncSession, row: Row, draft: Draft) -> Applied[State, Outcome]:
        values = dict(draft.outcome or {})
        if "refused" in values:
            raise revived(**values["refused"])
        return Applied(await self.read(session, row), kept(self.outcome, values), tuple(values.get("trash", ())))


def _finish(step: Step[Any, Any], draft: Draft) -> None:
    draft.applied_at, draft.payload = step.at, None
    refusal = step.refusal
    if refusal is None:
        draft.outcome = to_jsonable_python(step.outcome) | {"trash": step.trash}
    else:
        draft.outcome = {"refused": {"code": refusal.code, "detail": refusal.detail, "extra": dict(refusal.extra)}}
