"""Everything that a journey leaves stored: histories, the server's file, logs, the database."""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    GetWorkflowExecutionHistoryRequest,
    ListWorkflowExecutionsRequest,
)
from temporalio.client import Client, WorkflowExecutionStatus

from tests.journeys.product import PROGRAMS, Product
from workflows.onboarding.start import onboarding_id

Findings = Mapping[str, bytes]
"""Where it lies, and the bytes that lie there."""

SHORT: Final = 6
"""Digits of a code or of a passport number: alone they tell something, in a longer number they stand by chance."""

_IDS: Final = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,}", re.IGNORECASE)


async def stranger(product: Product) -> Client:
    """A client of Temporal without our keys."""
    return await Client.connect(product.stack.temporal_address, namespace=product.stack.temporal.namespace)


async def runs_of(product: Product, client_id: str) -> list[WorkflowExecutionStatus | None]:
    """How each run of a client's workflow stands."""
    client = await stranger(product)
    return [run.status async for run in client.list_workflows(f'WorkflowId = "{onboarding_id(UUID(client_id))}"')]


async def events_of(client: Client, execution: WorkflowExecution) -> list[HistoryEvent]:
    """A raw history, all pages of it."""
    events: list[HistoryEvent] = []
    request = GetWorkflowExecutionHistoryRequest(namespace=client.namespace, execution=execution)
    while True:
        page = await client.workflow_service.get_workflow_execution_history(request)
        events += page.history.events
        if not page.next_page_token:
            return events
        request.next_page_token = page.next_page_token


async def activities_of(product: Product, workflow_id: str) -> set[str]:
    """Names of all that its newest run has had done."""
    client = await stranger(product)
    events = await events_of(client, WorkflowExecution(workflow_id=workflow_id))
    scheduled = [one.activity_task_scheduled_event_attributes for one in events]
    return {one.activity_type.name for one in scheduled if one.activity_type.name}


async def executions(client: Client) -> list[WorkflowExecution]:
    """Every run of every workflow."""
    found: list[WorkflowExecution] = []
    request = ListWorkflowExecutionsRequest(namespace=client.namespace)
    while True:
        page = await client.workflow_service.list_workflow_executions(request)
        found += [one.execution for one in page.executions]
        if not page.next_page_token:
            return found
        request.next_page_token = page.next_page_token


async def histories(product: Product) -> dict[str, bytes]:
    """Histories and descriptions of all workflows as the server gives them to anybody."""
    client = await stranger(product)
    found: dict[str, bytes] = {}
    for one in await executions(client):
        events = await events_of(client, one)
        request = DescribeWorkflowExecutionRequest(namespace=client.namespace, execution=one)
        described = await client.workflow_service.describe_workflow_execution(request)
        name = f"{one.workflow_id} {one.run_id}"
        found[f"history of {name}"] = b"\n".join(event.SerializeToString() for event in events)
        found[f"description of {name}"] = described.SerializeToString()
    return found


def temporal_files(product: Product) -> dict[str, bytes]:
    """The server's database with its write-ahead log, byte by byte."""
    return {file.name: file.read_bytes() for file in product.folder.glob("temporal.sqlite*")}


def logs(product: Product) -> dict[str, bytes]:
    names = (*PROGRAMS, "temporal", "postgres", "store")
    return {f"log of {name}": product.log_of(name).encode() for name in names}


async def dump(product: Product) -> dict[str, bytes]:
    """Every column of every table: texts as they are, bytes as bytes; ids, times and numbers of ours left out."""
    connection = await asyncpg.connect(product.stack.owner_url.replace("+asyncpg", ""))
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found: dict[str, list[bytes]] = {}
        for (table,) in tables:
            for row in await connection.fetch(f'SELECT * FROM "{table}"'):
                for column, value in row.items():
                    found.setdefault(f"{table}.{column}", []).extend(_bytes_of(value))
    finally:
        await connection.close()
    return {place: b"\n".join(values) for place, values in found.items()}


def _bytes_of(value: object) -> Iterator[bytes]:
    if value is None or isinstance(value, UUID | datetime | date | bool):
        return
    yield value if isinstance(value, bytes) else str(value).encode()


def where(marks: Mapping[str, str], findings: Findings) -> list[str]:
    """«What in where» for every mark that is there in any spelling."""
    patterns = {what: _pattern(mark) for what, mark in marks.items()}
    return [
        f"{what} in {place}"
        for place, content in findings.items()
        for what, pattern in patterns.items()
        if pattern.search(_IDS.sub(b"", content) if len(marks[what]) == SHORT else content)
    ]


def _pattern(mark: str) -> re.Pattern[bytes]:
    if len(mark) == SHORT:
        return re.compile(rb"(?<![\d.])" + mark.encode() + rb"(?!\d)")
    return re.compile(b"|".join(re.escape(spelling) for spelling in _spellings(mark)))


def _spellings(mark: str) -> Sequence[bytes]:
    """As UTF-8 and UTF-16, as JSON writes it, in hex, and in Base64 wherever it begins, in each case of letters."""
    forms: list[bytes] = []
    for text in {mark, mark.lower(), mark.upper()}:
        raw = text.encode()
        forms += [raw, json.dumps(text)[1:-1].encode(), raw.hex().encode(), text.encode("utf-16-le")]
        forms += [base64.b64encode(b"\0" * shift + raw)[4 if shift else 0 : -4] for shift in range(3)]
    return forms
