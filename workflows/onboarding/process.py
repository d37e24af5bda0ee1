"""What carries a client's process: state from the rows, one step at a time, errands, one timer for all deadlines."""

import asyncio
import dataclasses
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from activities.contracts.certificate import CertificateActivities
from activities.kernel.command import Applied, Command, Outcome
from activities.onboarding.card import OnboardingActivities
from activities.onboarding.deadline import DeadlineActivities
from activities.onboarding.photo import PhotoActivities
from domain.kernel.refusal import NotFound
from domain.onboarding import process as rules
from domain.onboarding.deadline import Deadline, next_deadline
from domain.onboarding.process import OnboardingState
from workflows.kernel.names import CLIENT_ID, DOCUMENTS_QUEUE, MANAGER_ID, NOBODY, STATUS, STEP
from workflows.kernel.policies import ERRANDS, INTERACTIVE, PATIENT, RENDERING
from workflows.onboarding.details import tell

SHORTEST_TIMER = timedelta(seconds=1)
"""The server has no shorter one."""

NEVER = datetime.max.replace(tzinfo=UTC)

Rule: TypeAlias = Callable[..., None]
Effect: TypeAlias = Callable[[Any, Command], Coroutine[Any, Any, Applied]]


class Process:
    """The mechanics under `OnboardingWorkflow`; the rows are the facts, this owns order, waiting and the lock."""

    def __init__(self, client_id: UUID, trash: tuple[str, ...]) -> None:
        self.client_id = client_id
        self.state: OnboardingState | None = None
        self.gone = False
        self.version = 0
        self.doing: str | None = None
        self.shown: tuple[str, ...] = ()
        self.trash = list(trash)
        self.errands: dict[str, asyncio.Task[None]] = {}
        self.alarm: asyncio.Task[None] | None = None
        self.alarm_at = NEVER
        self.one_at_a_time = asyncio.Lock()

    @property
    def known(self) -> OnboardingState:
        if self.state is None:
            raise NotFound("Клиент не найден.")
        return self.state

    async def load(self) -> None:
        """From the rows; a client that is not there leaves `gone`."""
        try:
            state = await workflow.execute_local_activity_method(
                OnboardingActivities.load_onboarding, self.client_id, **INTERACTIVE
            )
        except (ActivityError, ApplicationError) as error:
            self.leave_if_gone(error)
        else:
            self.remember(state)

    def leave_if_gone(self, error: ActivityError | ApplicationError) -> None:
        """The client was deleted: the process ends instead of failing; anything else is raised again."""
        said = _refusal(error)
        if not isinstance(said, ApplicationError) or said.type != NotFound.code:
            raise error
        self.gone = True
        self.version += 1

    def remember(self, state: OnboardingState) -> None:
        """The newest state is the truth; the Web UI and its filters show it."""
        self.state = state
        self.version += 1
        self.show()

    def show(self) -> None:
        state = self.known
        workflow.set_current_details(tell(state, self.doing, next_deadline(state)))
        shown = (state.status.value, str(state.manager_id or NOBODY), rules.next_step(state).value)
        if shown != self.shown:
            self.shown = shown
            values = zip((STATUS, MANAGER_ID, STEP, CLIENT_ID), (*shown, str(self.client_id)), strict=True)
            workflow.upsert_search_attributes([key.value_set(value) for key, value in values])

    # How every step goes.

    def ask(self, may: Rule, *args: object) -> None:
        """The validator's beat: the rule is asked if the rows are known yet, else inside the lock."""
        if self.state is not None:
            may(self.state, *args)

    async def step(self, effect: Effect, command: Command, may: Rule, *args: object) -> Outcome:
        """Lock, check again, do, remember, return."""
        await self.loaded()
        async with self.one_at_a_time:
            may(self.known, *args)
            return self.done(await self.do(effect, command))

    async def step_with_photo(self, effect: Effect, command: Command) -> Outcome:
        """The photo is checked outside the lock: several may be on their way at once."""
        await self.loaded()
        rules.may_write(self.known, command.actor)
        try:
            await workflow.execute_activity_method(
                PhotoActivities.accept_photo, command, task_queue=DOCUMENTS_QUEUE, summary="check photo", **RENDERING
            )
        except ActivityError as error:
            raise _refusal(error) from None
        return await self.step(effect, command, rules.may_write, command.actor)

    async def loaded(self) -> None:
        await workflow.wait_condition(lambda: self.state is not None or self.gone)

    async def do(self, effect: Effect, command: Command) -> Applied:
        with self.being(effect.__name__):
            return await workflow.execute_local_activity_method(effect, command, **INTERACTIVE)

    @contextmanager
    def being(self, effect: str) -> Iterator[None]:
        """While an effect is tried the Web UI says which: a stuck one is seen at a glance."""
        self.doing = effect
        self.show()
        try:
            yield
        finally:
            self.doing = None
            self.show()

    def done(self, applied: Applied) -> Outcome:
        self.trash.extend(applied.trash)
        self.remember(applied.state)
        return applied.outcome

    # What happens while nobody does anything.

    async def wait_for_change(self, seen: int, deadline: Deadline | None) -> None:
        self.set_alarm(deadline)
        await workflow.wait_condition(lambda: self.version != seen)

    def set_alarm(self, deadline: Deadline | None) -> None:
        """One durable timer; an earlier one is left alone, because to look again for nothing is cheaper than to re-arm.

        Most steps move the nearest deadline away, and each timer cancelled and started is work for the server.
        """
        if deadline is None or (self.alarm is not None and self.alarm_at <= deadline.at):
            return
        if self.alarm is not None:
            self.alarm.cancel()
        self.alarm_at = deadline.at
        self.alarm = asyncio.create_task(self._ring(deadline))

    async def _ring(self, deadline: Deadline) -> None:
        wait = max(deadline.at - workflow.now(), SHORTEST_TIMER)
        await workflow.sleep(wait, summary=deadline.due.value)
        self.alarm = None
        self.version += 1

    async def meet(self, deadline: Deadline) -> None:
        """Unless the step before it in the lock made it pointless."""
        async with self.one_at_a_time:
            if next_deadline(self.known) != deadline:
                return
            try:
                applied = await workflow.execute_activity_method(
                    DeadlineActivities.fall_due,
                    args=[self.client_id, deadline],
                    summary=deadline.due.value,
                    **PATIENT,
                )
            except ActivityError as error:
                self.leave_if_gone(error)
            else:
                self.done(applied)

    def send_errands(self) -> None:
        """What nobody waits for goes on beside everything else, each until it is done."""
        for contract_id in self.known.uncertified:
            self._send(f"certify-{contract_id}", partial(self._certify, contract_id))
        if self.trash:
            self._send("delete", self._delete)

    def _send(self, name: str, errand: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if name not in self.errands:
            self.errands[name] = asyncio.create_task(self._run(name, errand))

    async def _run(self, name: str, errand: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await errand()
        except ActivityError as error:
            self.leave_if_gone(error)
        del self.errands[name]
        self.version += 1

    async def _certify(self, contract_id: UUID) -> None:
        await workflow.execute_activity_method(
            CertificateActivities.certify_signature,
            args=[self.client_id, contract_id],
            task_queue=DOCUMENTS_QUEUE,
            summary="certificate of the signature",
            **ERRANDS,
        )
        if self.state is not None:
            left = tuple(one for one in self.state.uncertified if one != contract_id)
            self.remember(dataclasses.replace(self.state, uncertified=left))

    async def _delete(self) -> None:
        """What is being deleted stays trash until it is gone: a new run deletes it again."""
        keys = list(self.trash)
        await workflow.execute_activity_method(
            PhotoActivities.delete_objects, keys, task_queue=DOCUMENTS_QUEUE, summary="delete objects", **ERRANDS
        )
        del self.trash[: len(keys)]


def _refusal(error: ActivityError | ApplicationError) -> BaseException:
    """What an activity answered: a remote one wraps its refusal, a local one does not; else what it was."""
    cause = error.cause
    if isinstance(error, ActivityError) and isinstance(cause, ApplicationError) and cause.non_retryable:
        return cause
    return error
