"""How an update reaches a workflow, whichever it is, and how its «no» comes back."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.service import RPCError, RPCStatusCode

from domain.kernel.refusal import Unavailable, kinds, revived

Result = TypeVar("Result")

PATIENCE: Final = 10.0
"""Seconds that a person waits for an answer; what was begun goes on without him."""

RUNS: Final = 4
"""How often a workflow may end just as we come before we give up."""

_RUN_CHANGED: Final = (RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION)
"""Answers of a server whose workflow ended, or went on in a new run, just as the update came."""

_ABSENT: Final = (
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.RESOURCE_EXHAUSTED,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.CANCELLED,
    RPCStatusCode.ABORTED,
)


async def execute_update(once: Callable[[], Awaitable[Result]]) -> Result:
    """What `once` comes to, an update-with-start that is made anew for each call; a `Refusal` says why not.

    `Unavailable` leaves open whether it was done: the same update id asks again.
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
        # What a lazy client raises when nobody answers; any other one is a bug.
        if "connect" in str(error).lower():
            raise Unavailable() from None
        raise


async def _in_a_live_run(once: Callable[[], Awaitable[Result]]) -> Result:
    """A workflow that ends while the update arrives has not seen it: the next call begins a new run."""
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
    """The refusal at the bottom of the chain (update, activity, application), or the failure where there is none."""
    cause: BaseException | None = failed.cause
    while cause is not None and not isinstance(cause, ApplicationError):
        cause = cause.cause if isinstance(cause, FailureError) else None
    if cause is None or cause.type is None or cause.type not in kinds():
        return failed
    return revived(cause.type, cause.message, dict(cause.details[0]) if cause.details else {})
