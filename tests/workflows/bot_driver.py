"""One bot as a test drives it."""

from uuid import UUID, uuid5

from temporalio.client import WorkflowHandle

from tests.workflows.conversation_driver import RPC
from tests.workflows.fake_conversations import FakeBot
from tests.workflows.onboarding_driver import HOUSE
from tests.workflows.server import Running
from tests.workflows.workflow_driver import WorkflowDriver
from workflows.channels.bot import BotWorkflow
from workflows.channels.start import bot_id
from workflows.channels.starting import begin_bot, wake_bot


class BotDriver(WorkflowDriver[BotWorkflow]):
    """A bot named by a test."""

    def __init__(self, running: Running, name: str) -> None:
        self.running = running
        self.id: UUID = uuid5(HOUSE, name)
        self.bot: FakeBot = running.channels.bot(self.id)

    @property
    def handle(self) -> WorkflowHandle[BotWorkflow, str]:
        return self.running.temporal.get_workflow_handle_for(BotWorkflow.run, bot_id(self.id))

    async def begins(self) -> None:
        await begin_bot(self.running.temporal, self.id, RPC)
        await self.bot.tried("keep")

    async def is_woken(self) -> None:
        await wake_bot(self.running.temporal, self.id, RPC)
