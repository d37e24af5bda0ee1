"""Uploads of photos for the support chat, under the client's own prefix."""

from fastapi import Request

from api.client.access import CurrentUser
from api.context import Ctx
from api.files.multipart import FILE_FORM, store_photo
from api.files.shapes import StoredPhoto, TicketWanted, UploadTicket, issue_ticket
from api.http.problems import LISTING, problems
from api.http.route import router
from domain.kernel.refusal import PhotoRejected, TooLarge
from models.kernel.upload import user_place

routes = router("client: uploads", "/uploads")


@routes.post("/presigned", responses=problems(*LISTING))
async def ticket(asked: TicketWanted, user: CurrentUser, ctx: Ctx) -> UploadTicket:
    return await issue_ticket(ctx, user_place(user.id), asked.content_type)


@routes.post("/direct", responses=problems(*LISTING, PhotoRejected, TooLarge), openapi_extra=FILE_FORM)
async def upload(request: Request, user: CurrentUser, ctx: Ctx) -> StoredPhoto:
    """The photo itself, checked at once; for callers that cannot reach the object store."""
    key = await store_photo(ctx, request, user_place(user.id))
    return StoredPhoto(file_key=key, url=ctx.link(key) or "")
