"""The mailbox over HTTP: list, one letter, its HTML, its attachments."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from sandbox.mail.state import Letter, Mailbox

HTML_HEADERS = {
    # No script, no request to anywhere, no form: a letter is shown as a mail program shows it.
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Control:
    def __init__(self, mailbox: Mailbox, changed: Callable[[], None]) -> None:
        self._mailbox, self._changed = mailbox, changed

    async def letters(self, to: str | None = None) -> list[dict[str, Any]]:
        """Newest first; `to`: of one recipient."""
        return [one for one in self._mailbox.view() if to is None or to in one["to"]]

    async def letter(self, letter_id: int) -> dict[str, Any]:
        return self._mailbox.show(self._found(letter_id))

    async def html(self, letter_id: int) -> Response:
        html = self._mailbox.html(self._found(letter_id))
        if html is None:
            raise HTTPException(404, "no HTML")
        return Response(html, media_type="text/html", headers=HTML_HEADERS)

    async def attachment(self, letter_id: int, number: int) -> Response:
        found = self._mailbox.attachment(self._found(letter_id), number)
        if found is None:
            raise HTTPException(404, "no such attachment")
        name, mime, data = found
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": "sandbox",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(data, media_type=mime, headers=headers)

    async def source(self, letter_id: int) -> Response:
        """The bytes as they came."""
        content = self._mailbox.content(self._found(letter_id))
        return Response(content, media_type="text/plain", headers={"X-Content-Type-Options": "nosniff"})

    async def clear(self) -> dict[str, bool]:
        self._mailbox.clear()
        self._changed()
        return {"ok": True}

    def _found(self, letter_id: int) -> Letter:
        if letter_id not in self._mailbox.letters:
            raise HTTPException(404, "no such letter")
        return self._mailbox.letters[letter_id]


def build(mailbox: Mailbox, changed: Callable[[], None]) -> APIRouter:
    control = Control(mailbox, changed)
    router = APIRouter(prefix="/sandbox/mail")
    router.add_api_route("", control.letters, methods=["GET"])
    router.add_api_route("", control.clear, methods=["DELETE"])
    router.add_api_route("/{letter_id}", control.letter, methods=["GET"])
    router.add_api_route("/{letter_id}/html", control.html, methods=["GET"], response_model=None)
    router.add_api_route("/{letter_id}/source", control.source, methods=["GET"], response_model=None)
    router.add_api_route("/{letter_id}/attachments/{number}", control.attachment, methods=["GET"], response_model=None)
    return router
