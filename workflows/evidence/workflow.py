"""An anchor is made, compared, stamped and mailed; a Schedule begins those that are due."""

import asyncio
from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.evidence.anchor import AnchorActivities, AnchorOf
from activities.evidence.check import CheckActivities
from activities.evidence.note import NoteActivities
from activities.evidence.stamp import StampActivities
from workflows.kernel.names import DOCUMENTS_QUEUE
from workflows.kernel.policies import NOTICED_AFTER, PATIENT, WatchedPolicy

ANCHORING = WatchedPolicy(
    start_to_close_timeout=timedelta(minutes=30),
    heartbeat_timeout=NOTICED_AFTER,
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=5)),
)
"""All trails are read."""

STAMPING = WatchedPolicy(
    start_to_close_timeout=timedelta(seconds=60),
    heartbeat_timeout=NOTICED_AFTER,
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=15)),
)
"""Repeated for days: the anchor waits for its authority, other days go on."""

ALARM_AFTER: Final = timedelta(hours=3)
"""Without a stamp."""


@workflow.defn
class AnchorWorkflow:
    """`anchor-{day}`, `anchor-{day}-2` for the second one of a day. Returns the number of findings."""

    @workflow.run
    async def run(self, anchor: AnchorOf) -> int:
        seq = await workflow.execute_activity_method(
            AnchorActivities.make_anchor, anchor, task_queue=DOCUMENTS_QUEUE, **ANCHORING
        )
        findings = await workflow.execute_activity_method(
            CheckActivities.check_anchor, seq, task_queue=DOCUMENTS_QUEUE, **ANCHORING
        )
        stamping = asyncio.create_task(_stamp(seq))
        try:
            await workflow.wait_condition(
                stamping.done, timeout=ALARM_AFTER, timeout_summary="the anchor has no time stamp"
            )
        except TimeoutError:
            await workflow.execute_activity_method(StampActivities.report_unstamped, seq, **PATIENT)
            await _note(seq)
        await stamping
        await _note(seq)
        return findings


async def _stamp(seq: int) -> bool:
    return await workflow.execute_activity_method(
        StampActivities.stamp_anchor, seq, task_queue=DOCUMENTS_QUEUE, **STAMPING
    )


async def _note(seq: int) -> None:
    await workflow.execute_activity_method(NoteActivities.note_owners, seq, **PATIENT)


@workflow.defn
class AnchorsDueWorkflow:
    """Begins the anchors of days without one, and those that were left; returns their number.

    Each is made before the next one is begun, so that the days follow each other.
    """

    @workflow.run
    async def run(self) -> int:
        due = await workflow.execute_activity_method(
            AnchorActivities.due_anchors, task_queue=DOCUMENTS_QUEUE, **ANCHORING
        )
        for anchor in due:
            await workflow.execute_activity_method(
                AnchorActivities.make_anchor, anchor, task_queue=DOCUMENTS_QUEUE, **ANCHORING
            )
            try:
                await workflow.start_child_workflow(
                    AnchorWorkflow.run,
                    anchor,
                    id=f"anchor-{anchor.name}",
                    parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                    static_summary=f"Якорь {anchor.name}",
                )
            except WorkflowAlreadyStartedError:
                continue
        return len(due)
