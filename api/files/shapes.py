"""Upload tickets in the API."""

from typing import Literal

from api.context import Context
from api.http.fields import Body
from api.http.shapes import Shape

ContentType = Literal["image/jpeg", "image/png", "image/webp"]


class TicketWanted(Body):
    content_type: ContentType


class UploadTicket(Shape):
    """Send `fields`, then `file`, as multipart form data to `url`; any 2xx means stored."""

    url: str
    method: Literal["POST"] = "POST"
    fields: dict[str, str]
    headers: dict[str, str]
    file_key: str


class StoredPhoto(Shape):
    file_key: str
    url: str


async def issue_ticket(ctx: Context, place: str, content_type: str) -> UploadTicket:
    key, url, fields = await ctx.uploads.ticket(place, content_type)
    return UploadTicket(url=url, fields=fields, headers={}, file_key=key)
