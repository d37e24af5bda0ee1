"""One client's onboarding as a test drives it: steps by update-with-start, a clock that is moved, what can be seen."""

import asyncio
from datetime import timedelta
from itertools import count
from typing import Any, TypeAlias
from uuid import UUID, uuid5

import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError, WorkflowUpdateHandle, WorkflowUpdateStage
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.workflow import UpdateMethodMultiParam

from activities.clients.command import ClientCommand, ClientOutcome
from domain.clients.status import ClientStatus
from domain.kernel.actor import Actor, ActorKind
from tests.workflows.arranged import PATIENCE
from tests.workflows.fake_card import RIGHT_CODE, FakeCard
from tests.workflows.server import Running
from tests.workflows.workflow_driver import WorkflowDriver
from workflows.onboarding.start import onboarding_id
from workflows.onboarding.starting import begin_onboarding, with_start
from workflows.onboarding.workflow import OnboardingWorkflow

Asked: TypeAlias = WorkflowUpdateHandle[ClientOutcome]
Update: TypeAlias = UpdateMethodMultiParam[[OnboardingWorkflow, ClientCommand], ClientOutcome]

HOUSE = UUID("00000000-0000-4000-8000-00000000abcd")
"""All ids of these tests are made from it."""

MANAGER = Actor(ActorKind.MANAGER, uuid5(HOUSE, "manager"))
OTHER = Actor(ActorKind.MANAGER, uuid5(HOUSE, "other manager"))
CLIENT = Actor(ActorKind.CLIENT, uuid5(HOUSE, "client"))


def refusal_in(failed: BaseException) -> ApplicationError:
    """At the bottom of the chain of causes."""
    cause: BaseException | None = failed
    while isinstance(cause, WorkflowUpdateFailedError | ActivityError):
        cause = cause.cause
    assert isinstance(cause, ApplicationError)
    return cause


class OnboardingDriver(WorkflowDriver[OnboardingWorkflow]):
    """A client named by a test; the same name gives the same ids."""

    def __init__(self, running: Running, name: str) -> None:
        self.running = running
        self.client_id = uuid5(HOUSE, name)
        self.card: FakeCard = running.rows.card(self.client_id)
        self._drafts = count(1)

    @property
    def handle(self) -> WorkflowHandle[OnboardingWorkflow, str]:
        return self.running.temporal.get_workflow_handle_for(OnboardingWorkflow.run, onboarding_id(self.client_id))

    async def begins(self) -> None:
        """As at registration; the rows are loaded when this returns."""
        await begin_onboarding(self.running.temporal, self.client_id, timedelta(seconds=5))
        await self.card.tried("load_onboarding")

    def draft(self, **payload: object) -> UUID:
        """The input of a write, stored before the command is sent."""
        draft_id = uuid5(self.client_id, f"draft-{next(self._drafts)}")
        self.card.drafts[draft_id] = payload
        return draft_id

    async def does(
        self,
        update: Update,
        by: Actor = MANAGER,
        draft: UUID | None = None,
        contract: UUID | None = None,
        **payload: object,
    ) -> ClientOutcome:
        draft_id = draft or self.draft(**payload)
        async with asyncio.timeout(PATIENCE):
            return await self.running.temporal.execute_update_with_start_workflow(
                update,
                ClientCommand(self.client_id, draft_id, by, contract),
                id=str(draft_id),
                start_workflow_operation=with_start(self.client_id),
            )

    async def is_refused(self, update: Update, by: Actor = MANAGER, **options: Any) -> ApplicationError:
        """The «no» as a caller finds it: at the bottom of the chain of causes."""
        with pytest.raises(WorkflowUpdateFailedError) as caught:
            await self.does(update, by, **options)
        return refusal_in(caught.value)

    async def is_accepted(self, update: Update, by: Actor = MANAGER, **payload: object) -> Asked:
        """The handler has run as far as it can: up to the lock, or through an effect on rows."""
        draft_id = self.draft(**payload)
        return await self.handle.start_update(
            update,
            ClientCommand(self.client_id, draft_id, by),
            id=str(draft_id),
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
        )

    # Ways that many tests go.

    async def fills_the_card(self) -> None:
        await self.does(OnboardingWorkflow.save_profile)
        await self.does(OnboardingWorkflow.save_passport)
        await self.does(OnboardingWorkflow.add_device)
        await self.does(OnboardingWorkflow.apply_tariff)

    async def gets_a_contract(self) -> ClientOutcome:
        await self.fills_the_card()
        return await self.does(OnboardingWorkflow.generate_contract)

    async def signs(self, code: str = RIGHT_CODE) -> ClientOutcome:
        return await self.does(OnboardingWorkflow.confirm_code, code=code)

    async def is_processed(self) -> None:
        """Signed, paid, certified; the workflow has ended."""
        await self.gets_a_contract()
        await self.signs()
        await self.does(OnboardingWorkflow.confirm_payment)
        await self.ends()

    def status(self) -> ClientStatus:
        return self.card.status

    async def stops(self) -> None:
        """So that nothing of this test is left for the next."""
        for gate in self.card.gates.values():
            gate.set()
        description = await self.handle.describe()
        if description.close_time is None:
            await self.handle.terminate()
