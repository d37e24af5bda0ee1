"""Organisations; onboarding belongs to the first one, conversations have many."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.columns import created, key

FIRST = UUID("00000000-0000-4000-8000-000000000001")
"""Organisation 1, made by the first migration."""


class Organisation(SQLModel, table=True):
    __tablename__ = "organisations"

    id: UUID = key()
    name: str = Field(max_length=200)
    created_at: datetime = created()
