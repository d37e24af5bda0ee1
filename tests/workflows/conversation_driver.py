"""One conversation as a test drives it: a buyer, staff, a clock that is moved, and what came out at both ends."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from temporalio.client import WorkflowHandle

from activities.conversations.core.messages import ChangeDialog, Standing
from activities.conversations.core.wake import Side
from domain.kernel.trouble import Trouble
from tests.workflows.arranged import PATIENCE
from tests.workflows.attempts import Fault
from tests.workflows.fake_conversations import FakeChat
from tests.workflows.onboarding_driver import HOUSE
from tests.workflows.server import Running
from tests.workflows.workflow_driver import WorkflowDriver
from workflows.conversations.start import conversation_id
from workflows.conversations.starting import wake_conversation, with_conversation
from workflows.conversations.workflow import ConversationWorkflow

ACCOUNT = uuid5(HOUSE, "account")
RPC = timedelta(seconds=5)
SECOND = timedelta(seconds=1)


def away(trouble: Trouble, **changes: Any) -> Fault:
    return lambda standing, _: replace(standing, trouble=trouble, **changes)


class ConversationDriver(WorkflowDriver[ConversationWorkflow]):
    """A chat named by a test; the same name gives the same ids."""

    def __init__(self, running: Running, name: str) -> None:
        self.running = running
        self.account: UUID = ACCOUNT
        self.chat_id = f"u2i-{uuid5(HOUSE, name).hex[:12]}"
        self.chat: FakeChat = running.channels.chat(self.account, self.chat_id)
        self._updates = 0

    @property
    def handle(self) -> WorkflowHandle[ConversationWorkflow, str]:
        return self.running.temporal.get_workflow_handle_for(
            ConversationWorkflow.run, conversation_id(self.account, self.chat_id)
        )

    async def is_woken(self, side: Side) -> None:
        await wake_conversation(self.running.temporal, self.account, self.chat_id, side, RPC)

    async def buyer_writes(self, *texts: str) -> None:
        """On Avito; one signal for all of them."""
        self.chat.unread += texts
        await self.is_woken(Side.BUYER)

    async def staff_write(self, *texts: str) -> None:
        """In the topic."""
        self.chat.outbox += texts
        await self.is_woken(Side.STAFF)

    async def change(self, verb: str) -> Standing:
        self._updates += 1
        async with asyncio.timeout(PATIENCE):
            return await self.running.temporal.execute_update_with_start_workflow(
                ConversationWorkflow.change,
                ChangeDialog(self.account, self.chat_id, verb, uuid4()),
                id=f"{self.chat_id}-{self._updates}",
                start_workflow_operation=with_conversation(self.account, self.chat_id),
            )

    async def shows(self, *texts: str) -> None:
        """All that is in the topic, in this order, sooner or later."""
        await self.chat.until(lambda: self.chat.shown == list(texts))

    async def has_shown(self, text: str) -> None:
        await self.chat.until(lambda: text in self.chat.shown)

    async def sends(self, *texts: str) -> None:
        """All that Avito was given."""
        await self.chat.until(lambda: self.chat.sent == list(texts))

    async def stops(self) -> None:
        """So that nothing of this test is left for the next."""
        for gate in self.chat.gates.values():
            gate.set()
        description = await self.handle.describe()
        if description.close_time is None:
            await self.handle.terminate()
