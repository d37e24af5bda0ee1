"""Calls that do something to a chat: send, upload, delete, block."""

import asyncio
from typing import Literal

from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from sandbox.avito import shapes
from sandbox.avito.gate import Ask, Gate, body_of
from sandbox.avito.records import Chat, Message, Via
from sandbox.avito.refused import Refused, invalid
from sandbox.avito.state import Avito
from sandbox.faults import Fault, Side

MAX_TEXT = 1000
"""UTF-16 units: the unit is not published, and this one is the strictest."""
DELETABLE_SECONDS = 3600
ECHO_PATIENCE = 5.0
"""Seconds that an answer waits for its webhook, with the fault early-echo."""
UPLOAD = "uploadfile[]"


class Text(BaseModel):
    text: str


class TextToSend(BaseModel):
    message: Text
    type: Literal["text"]


class ImageToSend(BaseModel):
    image_id: str


class WhyBlocked(BaseModel):
    item_id: int | None = None
    reason_id: Literal[1, 2, 3, 4]


class Blocked(BaseModel):
    user_id: int
    context: WhyBlocked


class ToBlock(BaseModel):
    users: list[Blocked]


class Sending:
    def __init__(self, avito: Avito, gate: Gate) -> None:
        self._avito = avito
        self._gate = gate

    async def text(self, ask: Ask) -> Response:
        body = await body_of(ask, TextToSend)
        text = body.message.text
        ask.summary.update(type="text", units=_units(text))
        if not text.strip():
            raise invalid(**{"message.text": "empty"})
        if _units(text) > MAX_TEXT:
            raise invalid(**{"message.text": f"{_units(text)} characters, {MAX_TEXT} at most"})
        chat = self._gate.chat_of(ask)
        message = self._avito.write_text(ask.account, chat, Via.API, text, late=self._late(ask))
        await self._sent(ask, chat, message)
        return JSONResponse(shapes.sent_json(message, text))

    async def image(self, ask: Ask) -> Response:
        body = await body_of(ask, ImageToSend)
        ask.summary.update(type="image", image_id=body.image_id)
        chat = self._gate.chat_of(ask)
        self._avito.media.image_of(ask.account.user_id, body.image_id)
        content = {"image": {"sizes": self._avito.media.sizes(body.image_id)}}
        message = self._avito.write(ask.account, chat, Via.API, "image", content, late=self._late(ask))
        await self._sent(ask, chat, message)
        return JSONResponse(shapes.sent_image_json(message, ask.origin))

    async def upload(self, ask: Ask) -> Response:
        if ask.account.employee:
            raise Refused(403)
        if not ask.request.headers.get("content-type", "").startswith("multipart/form-data"):
            raise invalid(content_type="multipart/form-data is expected")
        async with ask.request.form() as form:
            fields = form.multi_items()
            if len(fields) != 1 or fields[0][0] != UPLOAD or not isinstance(fields[0][1], UploadFile):
                raise invalid(**{UPLOAD: "exactly one file is expected, and nothing else"})
            data = await fields[0][1].read()
        ask.summary.update(bytes=len(data))
        image_id = self._avito.media.add_image(ask.account.user_id, data)
        return JSONResponse({image_id: shapes.with_origin(self._avito.media.sizes(image_id), ask.origin)})

    async def delete(self, ask: Ask) -> Response:
        """Own messages, within an hour; they stay as `deleted`."""
        chat = self._gate.chat_of(ask)
        message = self._avito.message(chat, ask.request.path_params["message_id"])
        if message.direction != "out":
            raise Refused(403, "Message of another user", violation=True)
        if self._avito.now() - message.created > DELETABLE_SECONDS:
            raise Refused(400, "Message is older than one hour")
        self._avito.remove(message)
        return JSONResponse({})

    async def block(self, ask: Ask) -> Response:
        if ask.account.employee:
            raise Refused(403)
        body = await body_of(ask, ToBlock)
        ask.summary.update(users=len(body.users))
        if not body.users:
            raise invalid(users="empty")
        for user in body.users:
            ask.account.blocked[user.user_id] = user.context.reason_id
        return Response()

    def _late(self, ask: Ask) -> float:
        late = self._avito.faults.strikes(Side.AVITO, Fault.LATE_LISTS, ask.path)
        return late.seconds if late else 0.0

    async def _sent(self, ask: Ask, chat: Chat, message: Message) -> None:
        """Own messages are announced like the buyer's: after the answer, or before it with early-echo."""
        chat.posts += 1

        async def echo() -> None:
            self._avito.announce(ask.account, chat, message, ask.origin)

        if not self._avito.faults.strikes(Side.AVITO, Fault.EARLY_ECHO, ask.path):
            ask.later = echo
        elif hooks := self._avito.announce(ask.account, chat, message, ask.origin):
            await asyncio.wait(hooks, timeout=ECHO_PATIENCE)


def _units(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
