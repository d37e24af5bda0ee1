"""`POST /tsa`: time stamps as RFC 3161, 3.4 has them over HTTP. `GET /tsa/ca.pem`: the root to trust."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from asn1crypto import cms, core, tsp
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from sandbox.dropped import Dropped
from sandbox.faults import Fault, Faults, Side
from sandbox.stamping.authority import Authority, Refusal, load_or_make

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
PATH = "/tsa"
LONGEST_REQUEST = 16 * 1024


class Answer(core.Sequence):  # type: ignore[misc]  # asn1crypto is untyped
    """`TimeStampResp` of RFC 3161, 2.4.2; the library's own cannot be without a token."""

    _fields: Final = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


class Stamping:
    """Stamps have the time of the machine, not of the sandbox's movable clock: they are evidence."""

    def __init__(self, folder: Path | None, faults: Faults, changed: Callable[[], None]) -> None:
        self._folder, self._faults, self._changed = folder, faults, changed
        self._authority: Authority | None = None
        self.granted = 0

    @property
    def authority(self) -> Authority:
        """Made at the first use: two keys cost a start some milliseconds."""
        if self._authority is None:
            self._authority = load_or_make(self._folder)
        return self._authority

    def _strikes(self, fault: Fault) -> float | None:
        setting = self._faults.strikes(Side.STAMPING, fault, PATH)
        return setting.seconds if setting else None

    async def stamp(self, request: Request) -> Response:
        if (wait := self._strikes(Fault.TOO_MANY)) is not None:
            return JSONResponse({"detail": "too many"}, 429, headers={"Retry-After": str(max(1, round(wait)))})
        if self._strikes(Fault.SERVER_ERROR) is not None:
            return JSONResponse({"detail": "internal error"}, 500)
        if self._strikes(Fault.HTML) is not None:
            return HTMLResponse("<html><h1>502 Bad Gateway</h1></html>", 502)
        if (seconds := self._strikes(Fault.SLOW)) is not None:
            await asyncio.sleep(seconds)
        if request.headers.get("content-type", "").split(";")[0].strip() != QUERY:
            return JSONResponse({"detail": f"{QUERY} is expected"}, 415)
        body = await request.body()
        answer = refused("unaccepted_policy") if self._strikes(Fault.REJECTED) is not None else self._answer(body)
        if self._strikes(Fault.DROPPED) is not None:
            return Dropped()
        self._changed()
        return Response(answer, media_type=REPLY)

    def _answer(self, body: bytes) -> bytes:
        try:
            asked = tsp.TimeStampReq.load(body, strict=True) if len(body) <= LONGEST_REQUEST else None
            if asked is None or asked["version"].native != "v1":
                return refused("bad_request")
            wrong = self._strikes(Fault.WRONG_IMPRINT) is not None
            token = self.authority.token(asked, datetime.now(UTC), wrong_imprint=wrong)
        except Refusal as refusal:
            return refused(refusal.failure)
        except (ValueError, TypeError, LookupError):
            return refused("bad_data_format")
        self.granted += 1
        return bytes(Answer({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    async def root(self) -> Response:
        return Response(self.authority.root_pem, media_type="application/x-pem-file")


def refused(failure: str) -> bytes:
    """An answer without a token."""
    return bytes(Answer({"status": {"status": "rejection", "fail_info": {failure}}}).dump())


def build(stamping: Stamping) -> APIRouter:
    router = APIRouter()
    router.add_api_route(PATH, stamping.stamp, methods=["POST"], response_model=None)
    router.add_api_route(f"{PATH}/ca.pem", stamping.root, methods=["GET"], response_model=None)
    return router
