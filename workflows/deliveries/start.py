"""The argument of a delivery's workflow; a module of its own, which the sandbox shares between workflows."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class StartDelivery:
    delivery_id: UUID


def delivery_workflow_id(delivery_id: UUID) -> str:
    return f"delivery-{delivery_id}"
