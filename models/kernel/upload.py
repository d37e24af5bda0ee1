"""Upload tickets: object keys and the places they were issued for."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from domain.kernel import sizes
from models.kernel.columns import created


class UploadTicket(SQLModel, table=True):
    """`place` is the photo's purpose: `passport:{client_id}`, `device:{device_id}`, `manager:{id}` or `user:{id}`."""

    __tablename__ = "upload_tickets"

    file_key: str = Field(primary_key=True, max_length=sizes.FILE_KEY)
    place: str = Field(max_length=80)
    content_type: str = Field(max_length=40)
    expires_at: datetime
    used_at: datetime | None = None
    created_at: datetime = created()


def passport_place(client_id: UUID) -> str:
    return f"passport:{client_id}"


def device_place(device_id: UUID) -> str:
    return f"device:{device_id}"


def manager_place(manager_id: UUID) -> str:
    return f"manager:{manager_id}"


def user_place(user_id: UUID) -> str:
    return f"user:{user_id}"
