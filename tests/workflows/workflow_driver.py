"""A workflow as a test watches it from outside: its clock, which is moved, its history, what the Web UI shows."""

import asyncio
from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryRequest
from temporalio.client import WorkflowHandle, WorkflowHistory

from tests.workflows.arranged import PATIENCE
from tests.workflows.server import Running

Driven = TypeVar("Driven")


class WorkflowDriver(ABC, Generic[Driven]):
    """`handle` leads to whatever run is the newest."""

    running: Running

    @property
    @abstractmethod
    def handle(self) -> WorkflowHandle[Driven, str]: ...

    async def stops(self) -> None:
        """So that nothing of this test is left for the next."""
        if (await self.handle.describe()).close_time is None:
            await self.handle.terminate()

    # Time.

    async def now(self) -> datetime:
        return await self.running.env.get_current_time(self.handle)

    async def waits(self, duration: timedelta) -> None:
        """Nobody does anything for this long."""
        async with asyncio.timeout(PATIENCE):
            await self.running.env.fast_forward(self.handle, duration)

    async def waits_until(self, at: datetime) -> None:
        """The clock stands at `at` when this returns; what is due then happens next."""
        await self.waits(at - await self.now())

    async def ends(self) -> str:
        async with asyncio.timeout(PATIENCE):
            return await self.handle.result()

    async def rests(self) -> None:
        """Everything that was heard is done, and the workflow waits."""
        async with asyncio.timeout(PATIENCE):
            while await self._is_busy():  # noqa: ASYNC110 - another process has no event
                await asyncio.sleep(0.02)

    async def has_seen(self, event: EventType.ValueType) -> None:
        """Whether or not there is a worker."""
        async with asyncio.timeout(PATIENCE):
            while event not in await self.events():  # noqa: ASYNC110 - another process has no event
                await asyncio.sleep(0.1)

    async def _is_busy(self) -> bool:
        raw = (await self.handle.describe()).raw_description
        return bool(raw.pending_activities) or raw.HasField("pending_workflow_task")

    # What can be seen from outside.

    async def details(self) -> str:
        metadata: WorkflowMetadata = await self.handle.query(
            "__temporal_workflow_metadata", result_type=WorkflowMetadata
        )
        return metadata.current_details

    async def attributes(self) -> dict[str, str]:
        described = await self.handle.describe()
        found = {pair.key.name: str(pair.value) for pair in described.typed_search_attributes}
        return {name: value for name, value in found.items() if name.startswith("Privet")}

    async def history(self) -> WorkflowHistory:
        return await self.handle.fetch_history()

    async def events(self) -> list[EventType.ValueType]:
        return [event.event_type for event in (await self.history()).events]

    async def raw_history(self) -> bytes:
        """As the server has it, with nothing decoded."""
        answer = await self.running.temporal.workflow_service.get_workflow_execution_history(
            GetWorkflowExecutionHistoryRequest(
                namespace=self.running.temporal.namespace,
                execution=WorkflowExecution(workflow_id=self.handle.id),
            )
        )
        described = await self.handle.describe()
        return answer.history.SerializeToString() + described.raw_description.SerializeToString()

    async def runs(self) -> int:
        """How many the newest workflow took so far, by continuing as new."""
        first = (await self.handle.describe()).raw_description.workflow_execution_info.first_run_id
        count, run_id = 0, first
        while run_id:
            count += 1
            handle = self.running.temporal.get_workflow_handle(self.handle.id, run_id=run_id)
            last = [event async for event in handle.fetch_history_events()][-1]
            run_id = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
        return count
