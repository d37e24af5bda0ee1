"""Regular jobs, each started by a Schedule."""

from datetime import timedelta

from temporalio import workflow

from activities.onboarding.photo import PhotoActivities
from activities.operations.adoption import BATCH, AdoptionActivities, ConnectionAdoptionActivities
from activities.operations.upkeep import UpkeepActivities
from workflows.kernel.names import DOCUMENTS_QUEUE
from workflows.kernel.policies import ERRANDS, PATIENT

NOTED_AFTER = timedelta(seconds=5)


@workflow.defn
class AdoptionWorkflow:
    """Starts workflows of clients without one: of an adopted database, or registered during an outage of Temporal."""

    @workflow.run
    async def run(self) -> int:
        adopted = 0
        while True:
            found = await workflow.execute_activity_method(AdoptionActivities.adopt_clients, **PATIENT)
            adopted += found
            if found < BATCH or workflow.info().is_continue_as_new_suggested():
                return adopted
            await workflow.sleep(NOTED_AFTER, summary="the begun workflows note themselves on their cards")


@workflow.defn
class ConnectionAdoptionWorkflow:
    """Starts workflows of accounts and bots without one: seeded, or connected during an outage of Temporal."""

    @workflow.run
    async def run(self) -> int:
        return await workflow.execute_activity_method(ConnectionAdoptionActivities.begin_accounts_and_bots, **PATIENT)


@workflow.defn
class UpkeepWorkflow:
    """Deletes abandoned uploads and rows past their retention time."""

    @workflow.run
    async def run(self) -> int:
        while keys := await workflow.execute_activity_method(UpkeepActivities.abandoned_uploads, **PATIENT):
            await workflow.execute_activity_method(
                PhotoActivities.delete_objects, keys, task_queue=DOCUMENTS_QUEUE, **ERRANDS
            )
            await workflow.execute_activity_method(UpkeepActivities.forget_uploads, keys, **PATIENT)
            if workflow.info().is_continue_as_new_suggested():
                break
        return await workflow.execute_activity_method(UpkeepActivities.delete_leftovers, **PATIENT)
