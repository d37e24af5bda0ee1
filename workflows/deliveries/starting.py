"""Starts the workflow of a delivery, after the commit of its row."""

from datetime import timedelta
from uuid import UUID

from temporalio.client import Client

from workflows.deliveries.start import StartDelivery, delivery_workflow_id
from workflows.deliveries.workflow import DeliveryWorkflow
from workflows.kernel.names import CORE_QUEUE, STATUS
from workflows.kernel.start import start_options


async def begin_delivery(temporal: Client, delivery_id: UUID, patience: timedelta) -> None:
    """Start it unless it runs; raises `RPCError` or `RuntimeError` if Temporal does not answer in time.

    The caller need not repeat it: the sweep starts within two minutes what was left.
    """
    options = start_options(delivery_workflow_id(delivery_id), CORE_QUEUE, "Отправка", {STATUS: "pending"})
    await temporal.start_workflow(DeliveryWorkflow.run, StartDelivery(delivery_id), rpc_timeout=patience, **options)
