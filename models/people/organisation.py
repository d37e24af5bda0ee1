"""Organisations; onboarding belongs to the first one, conversations to all, with separate rules for each."""

from datetime import datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.conversations.auto_reply import AutoReplyMode
from domain.kernel import sizes
from models.kernel.columns import choice, created, key

FIRST = UUID("00000000-0000-4000-8000-000000000001")
"""Organisation 1, made by the first migration."""


class MarkRead(StrEnum):
    """When a chat is marked read on Avito."""

    ON_DELIVERY = "on_delivery"
    ON_ANSWER = "on_answer"
    NEVER = "never"


def _json(make: type[list[Any]] | type[dict[str, Any]]) -> Any:
    empty = "[]" if make is list else "{}"
    return Field(
        default_factory=make, sa_type=JSONB, nullable=False, sa_column_kwargs={"server_default": text(f"'{empty}'")}
    )


def _flag(default: bool) -> Any:
    word = "true" if default else "false"
    return Field(default=default, nullable=False, sa_column_kwargs={"server_default": text(word)})


class Organisation(SQLModel, table=True):
    """`auto_reply_windows` is `[{days, start, end}]`, days 0 (Monday) to 6, times "HH:MM"; holidays are ISO dates."""

    __tablename__ = "organisations"

    id: UUID = key()
    name: str = Field(max_length=sizes.LINE)
    auto_reply_enabled: bool = _flag(False)
    auto_reply_mode: AutoReplyMode = choice(AutoReplyMode, "auto_reply_mode", default=AutoReplyMode.ALWAYS)
    auto_reply_always: bool = _flag(False)
    auto_reply_start_time: time | None = None
    auto_reply_end_time: time | None = None
    auto_reply_timezone: str | None = Field(default=None, max_length=64)
    auto_reply_text: str | None = None
    auto_reply_delay_seconds: int = Field(default=75, sa_type=Integer, sa_column_kwargs={"server_default": text("75")})
    auto_reply_windows: list[dict[str, Any]] = _json(list)
    auto_reply_holidays: list[str] = _json(list)
    filter_keywords: list[str] = _json(list)
    hide_system_messages: bool = _flag(True)
    mark_read: MarkRead = choice(MarkRead, "mark_read", default=MarkRead.ON_DELIVERY)
    unanswered_minutes: int | None = Field(
        default=30, sa_type=Integer, nullable=True, sa_column_kwargs={"server_default": text("30")}
    )
    canned_replies: dict[str, str] = _json(dict)
    created_at: datetime = created()

    @staticmethod
    async def locked(session: AsyncSession, organisation_id: UUID) -> "Organisation | None":
        query = select(Organisation).where(col(Organisation.id) == organisation_id).with_for_update(key_share=True)
        return (await session.exec(query)).first()
