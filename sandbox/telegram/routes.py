"""The addresses of the Bot API: /bot{token}/{method} and /file/bot{token}/{path}."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.faults import Side
from sandbox.telegram import struck
from sandbox.telegram.calls import Call
from sandbox.telegram.errors import Refused
from sandbox.telegram.methods import BY_NAME, CHANGING
from sandbox.telegram.params import Params, parse
from sandbox.telegram.state import Telegram


def build(telegram: Telegram, changed: Callable[[], None]) -> APIRouter:
    """`changed` is called after every call that may have changed something."""
    router = APIRouter(include_in_schema=False)
    door = _Door(telegram, changed)
    router.add_route("/bot{token}/{method}", door.call, methods=["GET", "POST"])
    router.add_route("/file/bot{token}/{path:path}", door.file, methods=["GET"])
    return router


class _Door:
    def __init__(self, telegram: Telegram, changed: Callable[[], None]) -> None:
        self._telegram, self._changed = telegram, changed

    async def call(self, request: Request) -> Response:
        named = request.path_params["method"]
        bot = self._telegram.bots.get(request.path_params["token"])
        if bot is None:
            return self._refuse(Refused(401, "Unauthorized"), named, "", Params({}, {}))
        if named.lower() not in BY_NAME:
            return self._refuse(Refused(404, "Not Found", violation=True), named, "", Params({}, {}))
        name, _ = BY_NAME[named.lower()]
        try:
            params = await parse(request)
        except Refused as refusal:
            return self._refuse(refusal, name, name, Params({}, {}))
        call = Call(self._telegram, bot, params)
        path = struck.path_of(call, name)
        try:
            return await self._answer(call, name, path)
        except Refused as refusal:
            return self._refuse(refusal, name, path, params)

    async def _answer(self, call: Call, name: str, path: str) -> Response:
        """Refused: as the method says."""
        if hit := struck.before(call, name, path):
            self._note(name, path, call.params, hit.fault)
            return struck.answer(hit)
        struck.on_the_way(call, name, path)
        result = await BY_NAME[name.lower()][1](call)
        if name in CHANGING:
            self._changed()
        if hit := struck.after(call, name, path):
            self._note(name, path, call.params, hit.fault)
            return struck.answer(hit)
        if name not in struck.BY_ITSELF:
            self._note(name, path, call.params, "200")
        return JSONResponse({"ok": True, "result": result})

    async def file(self, request: Request) -> Response:
        """What getFile told the address of."""
        path = request.path_params["path"]
        file_id = self._telegram.paths.get(path)
        if request.path_params["token"] not in self._telegram.bots or file_id is None:
            return JSONResponse(Refused(404, "Not Found").body(), 404)
        file = self._telegram.files[file_id]
        self._note("getFile", path, Params({}, {}), "200")
        return Response(self._telegram.blobs.get(file.sha256), media_type="application/octet-stream")

    def _refuse(self, refusal: Refused, method: str, path: str, params: Params) -> Response:
        wrong = refusal.description if refusal.violation else None
        self._note(method, path, params, f"{refusal.code} {refusal.description}", wrong)
        retry = (refusal.parameters or {}).get("retry_after")
        return JSONResponse(refusal.body(), refusal.code, {"Retry-After": str(retry)} if retry else None)

    def _note(self, method: str, path: str, params: Params, outcome: str, violation: str | None = None) -> None:
        self._telegram.journal.note(Side.TELEGRAM, method, path, params.summary(), outcome, violation)
