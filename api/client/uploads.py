"""Photos for the support chat: an upload ticket of the client's own, or the file at once."""

from typing import Annotated, Literal

from fastapi import File, UploadFile
from pydantic import BaseModel

from api.attachment import store
from api.client.access import SIGNED_IN, CurrentUser
from api.context import Ctx
from api.fields import Body
from api.problems import problems
from api.route import router as new_router
from api.uploading import MAX_BYTES
from domain.errors import PhotoRejected
from models.upload import user_place

router = new_router("client: uploads")


class TicketFor(Body):
    content_type: Literal["image/jpeg", "image/png", "image/webp"]


class ClientUploadTicket(BaseModel):
    """Send `fields`, then `file`, as multipart form data to `url`; any 2xx means stored."""

    url: str
    method: Literal["POST"] = "POST"
    fields: dict[str, str]
    headers: dict[str, str] = {}
    file_key: str


class Stored(BaseModel):
    file_key: str
    url: str | None


@router.post("/uploads/presigned", responses=SIGNED_IN)
async def issue_ticket(asked: TicketFor, user: CurrentUser, ctx: Ctx) -> ClientUploadTicket:
    ticket = await ctx.uploads.ticket(user_place(user.id), asked.content_type)
    return ClientUploadTicket(url=ticket.url, fields=ticket.fields, file_key=ticket.file_key)


@router.post("/uploads/direct", responses=SIGNED_IN | problems(PhotoRejected))
async def upload(
    file: Annotated[UploadFile, File(description="JPEG, PNG or WEBP, at most 10 MB.")], user: CurrentUser, ctx: Ctx
) -> Stored:
    """For callers that cannot reach the object store; the content decides what the file is."""
    data = await file.read(MAX_BYTES + 1)
    key = await ctx.uploads.issue(user_place(user.id), "image/jpeg")
    return Stored(file_key=key, url=ctx.link(await store(ctx, key, data)))
