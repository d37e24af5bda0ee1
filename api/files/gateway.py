"""The upload gateway, for object stores without POST policies: uploads through the API with the same limits."""

from http import HTTPStatus
from typing import Final

from fastapi import Request
from starlette.responses import Response

from activities.files.uploads import GATEWAY_PATH
from api.context import Ctx
from api.files.multipart import form_of, received
from api.http.problems import problems
from api.http.route import router
from domain.kernel.refusal import InvalidValue, NotAllowed, PhotoRejected, TooLarge, Unavailable

routes = router("uploads")

FIELDS: Final = ("key", "Content-Type", "expires", "signature")


@routes.post(
    GATEWAY_PATH,
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses=problems(NotAllowed, InvalidValue, PhotoRejected, TooLarge, Unavailable),
    openapi_extra=form_of(*FIELDS),
)
async def receive_upload(request: Request, ctx: Ctx) -> Response:
    """The fields of a ticket, then the file; the ticket alone authorises, and may be used again while it is good."""

    def authorise(fields: dict[str, str]) -> None:
        ctx.uploads.check(*(fields.get(name, "") for name in FIELDS))

    async with received(request, authorise) as form:
        assert form.file is not None
        await ctx.uploads.receive(form.fields["key"], form.fields["Content-Type"], form.file, form.size)
    return Response(status_code=HTTPStatus.NO_CONTENT)
