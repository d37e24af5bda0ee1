"""One Avito account as a test drives it."""

from datetime import timedelta
from uuid import UUID, uuid5

from temporalio.client import WorkflowHandle

from tests.workflows.conversation_driver import RPC
from tests.workflows.fake_conversations import FakeAccount
from tests.workflows.onboarding_driver import HOUSE
from tests.workflows.server import Running
from tests.workflows.workflow_driver import WorkflowDriver
from workflows.channels.account import AccountWorkflow
from workflows.channels.start import account_id
from workflows.channels.starting import begin_account, wake_account

SWEEP = timedelta(seconds=30)


class AccountDriver(WorkflowDriver[AccountWorkflow]):
    """An account named by a test."""

    def __init__(self, running: Running, name: str) -> None:
        self.running = running
        self.id: UUID = uuid5(HOUSE, name)
        self.account: FakeAccount = running.channels.account(self.id)

    @property
    def handle(self) -> WorkflowHandle[AccountWorkflow, str]:
        return self.running.temporal.get_workflow_handle_for(AccountWorkflow.run, account_id(self.id))

    async def begins(self) -> None:
        await begin_account(self.running.temporal, self.id, RPC, SWEEP)
        await self.account.tried("keep")
        await self.rests()

    async def is_changed(self) -> None:
        await wake_account(self.running.temporal, self.id, RPC, SWEEP)
