"""The base class of all answers."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_utc)]


class Shape(BaseModel):
    """Base of answers; every field is present, unknown values are null."""

    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)
