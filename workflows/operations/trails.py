"""The daily check of all chains."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from activities.operations.trails import TrailActivities, Walked
from workflows.kernel.policies import WatchedPolicy

WALKING = WatchedPolicy(
    start_to_close_timeout=timedelta(hours=6),
    heartbeat_timeout=timedelta(seconds=60),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5)),
)
"""A heartbeat per batch of clients; a retry goes on after the last one."""


@workflow.defn
class TrailsWorkflow:
    """Its last result is kept by the Schedule, outside of the database that it judges."""

    @workflow.run
    async def run(self) -> Walked:
        last = workflow.get_last_completion_result(Walked) if workflow.has_last_completion_result() else None
        all_keyed = last is not None and last.all_keyed
        walked = await workflow.execute_activity_method(TrailActivities.verify_trails, all_keyed, **WALKING)
        if not walked.all_keyed:
            await workflow.execute_activity_method(TrailActivities.key_trails, **WALKING)
        return walked
