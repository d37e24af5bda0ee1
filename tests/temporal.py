"""A namespace of its own for a group of tests, so that no other worker takes its tasks."""

import asyncio
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from workflows.kernel.names import ACCOUNT_ID, CLIENT_ID, MANAGER_ID, STATUS, STEP

RETENTION = timedelta(days=1)
PATIENCE = 30.0
"""Seconds until a new namespace is known to every part of the server."""


async def namespace_of_tests(address: str, name: str) -> None:
    """Register it with our search attributes and wait until it can be used."""
    client = await Client.connect(address, namespace=name)
    retention = Duration(seconds=int(RETENTION.total_seconds()))
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=retention)
    )
    names = [key.name for key in (STATUS, CLIENT_ID, MANAGER_ID, ACCOUNT_ID, STEP)]
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    async with asyncio.timeout(PATIENCE):
        while not await _is_known(client, name):  # noqa: ASYNC110 - another process has no event
            await asyncio.sleep(0.2)
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=name, search_attributes=dict.fromkeys(names, keyword))
        )


async def _is_known(client: Client, name: str) -> bool:
    try:
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=name))
        await client.count_workflows()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    return True
