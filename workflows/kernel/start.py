"""Common options for starting workflows."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TypedDict

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes, WorkflowIDConflictPolicy


class StartOptions(TypedDict):
    """Keyword arguments for starting a workflow."""

    id: str
    task_queue: str
    id_conflict_policy: WorkflowIDConflictPolicy
    search_attributes: TypedSearchAttributes
    static_summary: str
    task_timeout: timedelta


def start_options(
    workflow_id: str, queue: str, summary: str, attributes: Mapping[SearchAttributeKey[str], str]
) -> StartOptions:
    """Options of a start; a workflow of the same id that runs already is used."""
    return StartOptions(
        id=workflow_id,
        task_queue=queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        search_attributes=TypedSearchAttributes([SearchAttributePair(key, value) for key, value in attributes.items()]),
        static_summary=summary,
        task_timeout=timedelta(seconds=5),
    )
