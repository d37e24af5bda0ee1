"""Status of a conversation, an account or a bot, for lists in the Web UI."""

from enum import StrEnum


class WorkflowStatus(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"
    STUCK = "stuck"
    OFF = "off"
