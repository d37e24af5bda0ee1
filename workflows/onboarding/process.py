"""Mechanics of the onboarding workflow: state from the rows, one step at a time, errands, one deadline timer."""

import asyncio
import dataclasses
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from activities.clients.command import ClientApplied, ClientCommand, ClientOutcome
from activities.contracts.certificate import CertificateActivities
from activities.contracts.sealing import SealingActivities
from activities.deliveries.starts import DeliveryStarts
from activities.onboarding.card import OnboardingActivities
from activities.onboarding.deadline import DeadlineActivities
from activities.onboarding.photo import PhotoActivities
from domain.kernel.refusal import NotFound
from domain.onboarding import process as rules
from domain.onboarding.deadline import Deadline, next_deadline
from domain.onboarding.process import OnboardingState
from workflows.kernel.alarm import Alarm
from workflows.kernel.base import DurableWorkflow, is_gone, refusal_of
from workflows.kernel.names import CLIENT_ID, DOCUMENTS_QUEUE, MANAGER_ID, NOBODY, SEAL_QUEUE, STATUS, STEP
from workflows.kernel.policies import ERRANDS, INTERACTIVE, PATIENT, RENDERING
from workflows.onboarding.details import tell

Rule: TypeAlias = Callable[..., None]
Effect: TypeAlias = Callable[[Any, ClientCommand], Coroutine[Any, Any, ClientApplied]]


class Process(DurableWorkflow):
    """Base of `OnboardingWorkflow`: order of steps, waiting and the lock; the facts are in the rows."""

    def __init__(self, client_id: UUID, trash: tuple[str, ...]) -> None:
        super().__init__()
        self.client_id = client_id
        self.state: OnboardingState | None = None
        self.gone = False
        self.version = 0
        self.doing: str | None = None
        self.trash = list(trash)
        self.errands: dict[str, asyncio.Task[None]] = {}
        self.alarm = Alarm(self.stir)
        self.one_at_a_time = asyncio.Lock()

    @property
    def known(self) -> OnboardingState:
        if self.state is None:
            raise NotFound("Клиент не найден.")
        return self.state

    async def load(self) -> None:
        """Load the state from the rows; sets `gone` if the client does not exist."""
        try:
            state = await workflow.execute_local_activity_method(
                OnboardingActivities.load_onboarding, self.client_id, **INTERACTIVE
            )
        except (ActivityError, ApplicationError) as error:
            self.leave_if_gone(error)
        else:
            self.remember(state)

    def leave_if_gone(self, error: ActivityError | ApplicationError) -> None:
        """End the workflow if the client was deleted; any other error is raised again."""
        if not is_gone(error):
            raise error
        self.gone = True
        self.stir()

    def remember(self, state: OnboardingState) -> None:
        """Keep the newest state; an effect that ran beside a step may return an older one."""
        if self.state is None or not state.is_older_than(self.state):
            self.state = state
        self.stir()
        self.tell()

    def stir(self) -> None:
        """Wake the main loop."""
        self.version += 1

    def tell(self) -> None:
        state = self.known
        self.show(
            tell(state, self.doing, next_deadline(state)),
            {
                STATUS: state.status.value,
                MANAGER_ID: str(state.manager_id or NOBODY),
                STEP: rules.next_step(state).value,
                CLIENT_ID: str(self.client_id),
            },
        )

    # Steps.

    def ask(self, may: Rule, *args: object) -> None:
        """Runs the rule in the validator when the state is loaded; `step` runs it again under the lock."""
        if self.state is not None:
            may(self.state, *args)

    async def step(self, effect: Effect, command: ClientCommand, may: Rule, *args: object) -> ClientOutcome:
        """Check the rule and run the effect under the lock, keep the new state, return the outcome."""
        await self.loaded()
        async with self.one_at_a_time:
            may(self.known, *args)
            return self.done(await self.do(effect, command))

    async def step_with_photo(self, effect: Effect, command: ClientCommand) -> ClientOutcome:
        """Check the photo outside the lock, so that several can be checked at once, then run the step."""
        await self.loaded()
        rules.may_write(self.known, command.actor)
        try:
            await workflow.execute_activity_method(
                PhotoActivities.accept_photo, command, task_queue=DOCUMENTS_QUEUE, summary="check photo", **RENDERING
            )
        except ActivityError as error:
            raise refusal_of(error) from None
        return await self.step(effect, command, rules.may_write, command.actor)

    async def loaded(self) -> None:
        await workflow.wait_condition(lambda: self.state is not None or self.gone)

    async def do(self, effect: Effect, command: ClientCommand) -> ClientApplied:
        with self.being(effect.__name__):
            return await workflow.execute_local_activity_method(effect, command, **INTERACTIVE)

    @contextmanager
    def being(self, effect: str) -> Iterator[None]:
        """Show the effect in the Web UI while it runs, so that a stuck one is visible."""
        self.doing = effect
        self.tell()
        try:
            yield
        finally:
            self.doing = None
            self.tell()

    def done(self, applied: ClientApplied) -> ClientOutcome:
        self.trash.extend(applied.trash)
        self.remember(applied.state)
        return applied.outcome

    # Deadlines and errands.

    async def wait_for_change(self, seen: int, deadline: Deadline | None) -> None:
        if deadline is not None:
            self.alarm.set(deadline.at, deadline.due.value)
        await workflow.wait_condition(lambda: self.version != seen)

    async def meet(self, deadline: Deadline) -> None:
        """Apply the deadline's effect, unless a step before it has changed the next deadline."""
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
        """Start background seals, certificates, deliveries and deletions, one task per name, retried until done."""
        for contract_id in self.known.unsealed:
            self._send(f"seal-{contract_id}", partial(self._seal, contract_id))
        for contract_id in self.known.uncertified:
            if contract_id not in self.known.unsealed:
                self._send(f"certify-{contract_id}", partial(self._certify, contract_id))
        if self.known.undelivered:
            self._send("deliver", self._deliver)
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
        self.stir()

    async def _seal(self, contract_id: UUID) -> None:
        applied = await workflow.execute_activity_method(
            SealingActivities.seal_trace,
            args=[self.client_id, contract_id],
            task_queue=SEAL_QUEUE,
            summary="seal of the signature",
            **ERRANDS,
        )
        self.done(applied)

    async def _certify(self, contract_id: UUID) -> None:
        applied = await workflow.execute_activity_method(
            CertificateActivities.certify_signature,
            args=[self.client_id, contract_id],
            task_queue=SEAL_QUEUE,
            summary="certificate of the signature",
            **ERRANDS,
        )
        if applied.state.as_of is not None:
            self.done(applied)
            return
        # Results of earlier releases have no `as_of`: one that ran beside a step cannot be recognised as older.
        left = tuple(one for one in self.known.uncertified if one != contract_id)
        self.remember(dataclasses.replace(self.known, uncertified=left))

    async def _deliver(self) -> None:
        """Deliveries have workflows of their own, which outlive this one."""
        waiting = self.known.undelivered
        await workflow.execute_activity_method(
            DeliveryStarts.start_deliveries, list(waiting), summary="start deliveries", **PATIENT
        )
        left = tuple(one for one in self.known.undelivered if one not in waiting)
        self.remember(dataclasses.replace(self.known, undelivered=left))

    async def _delete(self) -> None:
        """Keys stay in `trash` until their objects are deleted, so that a new run deletes them again."""
        keys = list(self.trash)
        await workflow.execute_activity_method(
            PhotoActivities.delete_objects, keys, task_queue=DOCUMENTS_QUEUE, summary="delete objects", **ERRANDS
        )
        del self.trash[: len(keys)]
