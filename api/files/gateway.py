"""The upload gateway: where the object store takes no POST policies, files come through here with the same limits."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from api.context import Ctx
from api.files.multipart import FILE, received
from api.http.problems import problems
from api.http.route import router
from api.machines.uploads import GATEWAY_PATH
from domain.kernel.refusal import InvalidValue, NotAllowed, PhotoRejected, TooLarge, Unavailable
from models.kernel.upload import UploadTicket

routes = router("uploads")

_TEXT: Final = {"type": "string", "maxLength": 400}
_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["key", "Content-Type", "expires", "signature", FILE],
                    "properties": {
                        **dict.fromkeys(("key", "Content-Type", "expires", "signature"), _TEXT),
                        FILE: {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
}

USED: Final = "Файл по этому разрешению уже принят. Запросите новое."
EMPTY: Final = "Файл пуст. Загрузите фотографию ещё раз."


@routes.post(
    GATEWAY_PATH,
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses=problems(NotAllowed, InvalidValue, PhotoRejected, TooLarge, Unavailable),
    openapi_extra=_FORM,
)
async def receive_upload(request: Request, ctx: Ctx) -> Response:
    """The fields of a ticket, then the file; the ticket alone authorises, and may be used again while it is good."""

    def authorise(fields: dict[str, str]) -> None:
        ctx.uploads.check(*(fields.get(name, "") for name in ("key", "Content-Type", "expires", "signature")))

    async with received(request, authorise) as form:
        assert form.file is not None
        if not form.size:
            raise PhotoRejected(EMPTY)
        key = form.fields["key"]
        async with ctx.autocommit() as session:
            ticket = await session.get(UploadTicket, key)
        if ticket is None or ticket.used_at is not None:
            raise NotAllowed(USED)
        await ctx.storage.put_stream(key, form.file, form.size, form.fields["Content-Type"])
    return Response(status_code=HTTPStatus.NO_CONTENT)
