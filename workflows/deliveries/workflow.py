"""One delivery: sent by the first channel that takes it, then asked after for a day; and the sweep of lost starts."""

from datetime import timedelta

from temporalio import workflow

from activities.deliveries.deliver import DeliveryActivities
from activities.deliveries.messages import DeliveryStanding
from activities.deliveries.starts import BATCH, DeliveryStarts
from domain.deliveries.delivery import DeliveryState
from workflows.deliveries.details import delivery_details
from workflows.deliveries.start import StartDelivery
from workflows.kernel.alarm import SHORTEST_TIMER
from workflows.kernel.base import DurableWorkflow
from workflows.kernel.names import CLIENT_ID, NOBODY, STATUS
from workflows.kernel.policies import DELIVERING, PATIENT

GONE = "gone"
NOTED_AFTER = timedelta(seconds=5)


@workflow.defn
class DeliveryWorkflow(DurableWorkflow):
    """`delivery-{delivery_id}`: owns the waiting; the rows own what was sent. A second run finds nothing to do."""

    @workflow.init
    def __init__(self, start: StartDelivery) -> None:
        super().__init__(STATUS, CLIENT_ID)
        self.delivery_id = start.delivery_id

    @workflow.run
    async def run(self, start: StartDelivery) -> str:
        while True:
            standing = await workflow.execute_activity_method(
                DeliveryActivities.deliver, self.delivery_id, summary="отправляем", **DELIVERING
            )
            self.show_standing(standing)
            if standing.state is None or standing.due_at is None:
                return standing.state.value if standing.state else GONE
            if self.is_long():
                workflow.continue_as_new(start)
            await workflow.sleep(
                max(standing.due_at - workflow.now(), SHORTEST_TIMER),
                summary="новая попытка" if standing.state is DeliveryState.PENDING else "отчёт о доставке",
            )

    def show_standing(self, standing: DeliveryStanding) -> None:
        status = standing.state.value if standing.state else GONE
        self.show(delivery_details(standing), {STATUS: status, CLIENT_ID: str(standing.client_id or NOBODY)})


@workflow.defn
class DeliverySweepWorkflow:
    """Starts deliveries whose start was lost."""

    @workflow.run
    async def run(self) -> int:
        started = 0
        while True:
            found = await workflow.execute_activity_method(DeliveryStarts.sweep_deliveries, **PATIENT)
            started += found
            if found < BATCH or workflow.info().is_continue_as_new_suggested():
                return started
            await workflow.sleep(NOTED_AFTER, summary="the started workflows do what is due")
