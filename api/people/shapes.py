"""Managers and organisations in the API."""

from datetime import date, time
from typing import Annotated
from uuid import UUID

from pydantic import Field, PlainSerializer, WithJsonSchema

from api.http.shapes import Moment, Shape
from domain.conversations.auto_reply import AutoReplyMode, Reason
from models.people.manager import Role
from models.people.organisation import MarkRead

Hour = Annotated[
    time,
    PlainSerializer(lambda value: f"{value:%H:%M}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "examples": ["09:30"]}),
]


class Me(Shape):
    id: UUID
    email: str | None
    name: str
    is_super_admin: bool
    created_at: Moment
    updated_at: Moment


class StaffMember(Shape):
    id: UUID
    organisation_id: UUID
    email: str | None
    name: str
    role: Role
    is_super_admin: bool
    can_onboard: bool = Field(description="Whether the onboarding of clients is open to him as well.")


class AutoReplyWindow(Shape):
    days: list[int] = Field(description="0 is Monday.")
    start: str
    end: str


class AutoReplyNow(Shape):
    """What the first message of a new buyer would get at this moment."""

    answer: bool
    reason: Reason
    because: str


class OrganisationView(Shape):
    id: UUID
    name: str
    auto_reply_enabled: bool
    auto_reply_mode: AutoReplyMode
    auto_reply_always: bool
    auto_reply_start_time: Hour | None
    auto_reply_end_time: Hour | None
    auto_reply_timezone: str | None
    auto_reply_text: str | None
    auto_reply_delay_seconds: int
    auto_reply_windows: list[AutoReplyWindow]
    auto_reply_holidays: list[date]
    filter_keywords: list[str]
    hide_system_messages: bool
    mark_read: MarkRead
    unanswered_minutes: int | None
    canned_replies: dict[str, str]
    auto_reply_now: AutoReplyNow
