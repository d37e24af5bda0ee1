"""One delivery as a test drives it, and the way through it whose history is kept."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid5

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from domain.deliveries.delivery import DeliveryState
from tests.workflows.conversation_driver import RPC
from tests.workflows.fake_deliveries import FakeDelivery
from tests.workflows.onboarding_driver import HOUSE
from tests.workflows.server import Running
from tests.workflows.workflow_driver import WorkflowDriver
from workflows.deliveries.start import delivery_workflow_id
from workflows.deliveries.starting import begin_delivery
from workflows.deliveries.workflow import DeliveryWorkflow

SECONDS, MINUTE = timedelta(seconds=4), timedelta(minutes=1)


class DeliveryDriver(WorkflowDriver[DeliveryWorkflow]):
    """A delivery named by a test."""

    def __init__(self, running: Running, name: str) -> None:
        self.running = running
        self.id: UUID = uuid5(HOUSE, name)
        self.delivery: FakeDelivery = running.rows.delivery(self.id)

    @property
    def handle(self) -> WorkflowHandle[DeliveryWorkflow, str]:
        return self.running.temporal.get_workflow_handle_for(DeliveryWorkflow.run, delivery_workflow_id(self.id))

    async def begins(self) -> None:
        await begin_delivery(self.running.temporal, self.id, RPC)
        await self.delivery.tried("deliver")

    async def ends_after(self, duration: timedelta) -> str:
        """The server refuses to stop the clock of a workflow that has just ended."""
        with suppress(RPCError):
            await self.waits(duration)
        return await self.ends()


async def late_receipt(server: Running, name: str) -> DeliveryDriver:
    """A second try, then the receipt comes at the second question."""
    driver = DeliveryDriver(server, name)
    pending, sent = DeliveryState.PENDING, DeliveryState.SENT
    driver.delivery.plan.extend([(pending, SECONDS), (sent, MINUTE), (sent, MINUTE)])
    await driver.begins()
    for asked, wait in enumerate((SECONDS, MINUTE), 2):
        await driver.rests()
        await driver.waits(wait)
        await driver.delivery.tried("deliver", asked)
    await driver.rests()
    assert await driver.ends_after(MINUTE) == "delivered"
    return driver


DELIVERY_SCENARIOS: dict[str, Callable[[Running, str], Awaitable[DeliveryDriver]]] = {
    "delivery-late-receipt": late_receipt
}
