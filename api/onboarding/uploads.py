"""Photos under the manager's own prefix."""

from fastapi import Request

from api.context import Ctx
from api.files.multipart import FILE_FORM, store_photo
from api.files.shapes import ContentType, StoredPhoto, TicketWanted, UploadTicket, issue_ticket
from api.http.problems import ASKED, problems
from api.http.route import router
from api.people.access import CurrentManager
from domain.kernel.refusal import InvalidValue, PhotoRejected, TooLarge
from models.kernel.upload import manager_place

routes = router("uploads", "/uploads")


@routes.post("/presigned", response_model=UploadTicket, responses=problems(*ASKED, InvalidValue))
async def ticket(body: TicketWanted, ctx: Ctx, manager: CurrentManager) -> UploadTicket:
    return await issue_ticket(ctx, manager_place(manager.id), body.content_type)


@routes.get("/presigned", response_model=UploadTicket, responses=problems(*ASKED, InvalidValue))
async def ticket_by_query(content_type: ContentType, ctx: Ctx, manager: CurrentManager) -> UploadTicket:
    return await issue_ticket(ctx, manager_place(manager.id), content_type)


@routes.post(
    "/direct",
    response_model=StoredPhoto,
    responses=problems(*ASKED, InvalidValue, PhotoRejected, TooLarge),
    openapi_extra=FILE_FORM,
)
async def upload(request: Request, ctx: Ctx, manager: CurrentManager) -> StoredPhoto:
    """The photo itself, checked at once; for callers that cannot reach the object store."""
    key = await store_photo(ctx, request, manager_place(manager.id))
    return StoredPhoto(file_key=key, url=ctx.link(key) or "")
