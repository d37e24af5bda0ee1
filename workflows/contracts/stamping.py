"""The round over certificates that were sealed while the time stamping authority was away."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from activities.contracts.sealing import SealingActivities
from workflows.kernel.names import SEAL_QUEUE
from workflows.kernel.policies import NOTICED_AFTER

LONGEST = timedelta(minutes=30)
"""Of a round: thousands of certificates wait after an outage of days."""


@workflow.defn
class StampingWorkflow:
    """Started by a Schedule; the next round takes what this one has not stamped."""

    @workflow.run
    async def run(self) -> int:
        return await workflow.execute_activity_method(
            SealingActivities.stamp_certificates,
            task_queue=SEAL_QUEUE,
            start_to_close_timeout=LONGEST,
            heartbeat_timeout=NOTICED_AFTER,
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5)),
        )
