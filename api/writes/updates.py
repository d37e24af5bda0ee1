"""Execution of workflow updates, and conversion of their failures to refusals."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.service import RPCError, RPCStatusCode

from domain.kernel.refusal import Unavailable, kinds, revived

Result = TypeVar("Result")

PATIENCE: Final = 10.0
"""Seconds to wait for an answer; the update goes on afterwards."""

RUNS: Final = 4
"""Attempts while the workflow ends at the arrival of the update."""

_RUN_CHANGED: Final = (RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION)
"""Statuses of an update whose workflow ended or continued as new at its arrival."""

_ABSENT: Final = (
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.RESOURCE_EXHAUSTED,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.CANCELLED,
    RPCStatusCode.ABORTED,
)


async def execute_update(once: Callable[[], Awaitable[Result]]) -> Result:
    """The result of `once`, which makes a new update-with-start for each call; raises the update's `Refusal`.

    After `Unavailable` the effect is unknown: repeat with the same update id.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            return await _in_a_live_run(once)
    except WorkflowUpdateFailedError as failed:
        raise _refusal(failed) from None
    except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError):
        raise Unavailable() from None
    except RPCError as error:
        if error.status in _ABSENT:
            raise Unavailable() from None
        raise
    except RuntimeError as error:
        # A lazy client raises it when the server does not answer; any other RuntimeError is a bug.
        if "connect" in str(error).lower():
            raise Unavailable() from None
        raise


async def _in_a_live_run(once: Callable[[], Awaitable[Result]]) -> Result:
    """A workflow that ends while the update arrives does not process it: the next call starts a new run."""
    for _ in range(RUNS - 1):
        try:
            return await once()
        except RPCError as error:
            if error.status not in _RUN_CHANGED:
                raise
        except WorkflowUpdateFailedError as failed:
            if not _ended_under_us(failed):
                raise
    return await once()


def _ended_under_us(failed: WorkflowUpdateFailedError) -> bool:
    return isinstance(failed.cause, ApplicationError) and failed.cause.type == "AcceptedUpdateCompletedWorkflow"


def _refusal(failed: WorkflowUpdateFailedError) -> Exception:
    """The refusal at the bottom of the chain (update, activity, application), or the failure if there is none."""
    cause: BaseException | None = failed.cause
    while cause is not None and not isinstance(cause, ApplicationError):
        cause = cause.cause if isinstance(cause, FailureError) else None
    if cause is None or cause.type is None or cause.type not in kinds():
        return failed
    return revived(cause.type, cause.message, dict(cause.details[0]) if cause.details else {})
