"""The only writer of problem documents (RFC 9457)."""

import json
import socket
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from asyncpg.exceptions import InterfaceError as DriverError
from asyncpg.exceptions import PostgresError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Scope

from api.http.wording import field_errors, summary
from domain.kernel.refusal import InvalidValue, NotAllowed, NotAuthenticated, NotFound, Refusal, TooLarge, Unavailable
from gateways.storage.client import StorageUnavailable

ASKED: Final = (NotAuthenticated, NotAllowed, Unavailable)
"""Refusals of all routes that require a bearer token."""

LISTING: Final = (*ASKED, InvalidValue)
READING: Final = (*LISTING, NotFound)

MEDIA_TYPE: Final = "application/problem+json"
NAMESPACE: Final = "urn:privet:problem:"


class BadRequest(Refusal):
    """The request cannot be read."""

    code, status, title = "bad-request", 400, "Запрос не разобран"


class MethodNotAllowed(Refusal):
    code, status, title = "method-not-allowed", 405, "Метод не поддерживается"


class Internal(Refusal):
    """An unknown exception; `trace_id` finds it in the log."""

    code, status, title = "internal", 500, "Внутренняя ошибка"


SECRETIVE: Final = "/api/webhooks"
"""Paths below this contain a secret."""

LOCKED_FOR: Final = 60
"""Default seconds in `Retry-After`: a locked code requires a new one, which has this cool-down."""

# SQLSTATE classes of transient errors: connection, rollback, resources, restart.
_PASSING: Final = ("08", "40", "53", "55", "57")
NOT_FOUND: Final = "По этому адресу ничего нет."
TOO_LARGE: Final = "Запрос слишком большой."
_HTTP: Final[Mapping[int, Refusal]] = {
    404: NotFound(NOT_FOUND),
    405: MethodNotAllowed("Этот адрес не поддерживает такой метод."),
    413: TooLarge(TOO_LARGE),
}
UNREADABLE: Final = BadRequest("Запрос не удалось разобрать.")


class FieldProblem(BaseModel):
    loc: list[str]
    msg: str


class Problem(BaseModel):
    """RFC 9457; `detail` is a sentence for the person who has to act, `code` is for programs."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:privet:problem:client-taken"])
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: list[FieldProblem] | None = Field(default=None, description="For 422: what is wrong where.")


class ProblemResponse(JSONResponse):
    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:
        # A lone surrogate in the request's JSON must not turn a 422 into a 500.
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def problem(instance: str, refusal: Refusal) -> ProblemResponse:
    """The document with its headers; members of `extra` cannot replace the standard ones."""
    status, more = refusal.status, dict(refusal.extra)
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        more["errors"] = more.get("errors") or [{"loc": ["body"], "msg": refusal.detail}]
    headers: dict[str, str] = {}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        more["retry_after"] = more.get("retry_after") or LOCKED_FOR
        headers["Retry-After"] = str(more["retry_after"])
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    standard = {
        "type": NAMESPACE + refusal.code,
        "title": refusal.title,
        "status": status,
        "detail": refusal.detail,
        "instance": instance,
        "code": refusal.code,
    }
    return ProblemResponse({**more, **standard}, status, headers)


def instance_of(scope: Scope) -> str:
    """The request's path, unless it contains a secret."""
    path: str = scope["path"]
    return SECRETIVE if path.startswith(f"{SECRETIVE}/") else path


def refused(request: Request, refusal: Refusal) -> Response:
    return problem(instance_of(request.scope), refusal)


def problems(*kinds: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route: its refusals by status."""
    by_status: dict[int, list[str]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind.code)
    return {status: described(status, *codes) for status, codes in by_status.items()}


def described(status: int, *codes: str) -> dict[str, Any]:
    """One entry of `responses` in an OpenAPI document."""
    listed = ", ".join(f"`{code}`" for code in dict.fromkeys(codes))
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": f"{HTTPStatus(status).phrase}: {listed}", "content": {MEDIA_TYPE: {"schema": schema}}}


def install(app: FastAPI) -> None:
    """Turns every exception of a route into a problem document."""

    async def on_refusal(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        return refused(request, error)

    async def on_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        errors = field_errors(error.errors())
        return refused(request, InvalidValue(summary(errors), errors))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        answer = refused(request, _HTTP.get(error.status_code, UNREADABLE))
        answer.headers.update(error.headers or {})
        return answer

    async def on_gone(request: Request, _: Exception) -> Response:
        return refused(request, UNREADABLE)

    async def on_absent(request: Request, _: Exception) -> Response:
        return refused(request, Unavailable())

    async def on_database(request: Request, error: Exception) -> Response:
        if not _is_passing(error):
            raise error
        return refused(request, Unavailable())

    app.add_exception_handler(Refusal, on_refusal)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(ClientDisconnect, on_gone)
    for absent in (StorageUnavailable, ConnectionError, TimeoutError, socket.gaierror, PoolExhausted, DriverError):
        app.add_exception_handler(absent, on_absent)
    for database in (DBAPIError, PostgresError):
        app.add_exception_handler(database, on_database)


def unknown(request: Request) -> Response:
    """The answer to an unknown exception: only its trace id in the log."""
    trace_id = getattr(request.state, "request_id", None) or str(uuid4())
    detail = f"Внутренняя ошибка. Сообщите в поддержку номер {trace_id}."
    return refused(request, Internal(detail, trace_id=trace_id))


def _is_passing(error: Exception) -> bool:
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or isinstance(error.orig, (DriverError, OSError)):
            return True
        state = getattr(error.orig, "sqlstate", None)
    else:
        state = getattr(error, "sqlstate", None)
    return isinstance(state, str) and state.startswith(_PASSING)
