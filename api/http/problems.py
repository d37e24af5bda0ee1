"""The only writer of problem documents (RFC 9457): one table from the code of a refusal to its status and title."""

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
from domain.kernel.refusal import Refusal, Unavailable
from gateways.storage.client import StorageUnavailable

MEDIA_TYPE: Final = "application/problem+json"
NAMESPACE: Final = "urn:privet:problem:"

TABLE: Final[Mapping[str, tuple[int, str]]] = {
    "empty-message": (400, "Пустое сообщение"),
    "otp-invalid": (400, "Код не подходит"),
    "bad-link": (400, "Ссылка не подходит"),
    "bad-request": (400, "Запрос не разобран"),
    "bad-credentials": (401, "Неверные данные для входа"),
    "not-authenticated": (401, "Требуется вход"),
    "not-allowed": (403, "Недостаточно прав"),
    "not-found": (404, "Не найдено"),
    "method-not-allowed": (405, "Метод не поддерживается"),
    "account-taken": (409, "Аккаунт Avito уже подключён"),
    "already-so": (409, "Уже сделано"),
    "amount-mismatch": (409, "Сумма не совпадает"),
    "autosave-changed": (409, "Форму сохранили в другом окне"),
    "bot-in-use": (409, "Бот используется"),
    "bot-taken": (409, "Бот уже подключён"),
    "client-taken": (409, "Клиента ведёт другой менеджер"),
    "contract-missing": (409, "Нет договора"),
    "contract-outdated": (409, "Договор устарел"),
    "contract-signed": (409, "Договор подписан"),
    "device-count-mismatch": (409, "Количество устройств не совпадает"),
    "draft-gone": (409, "Запрос устарел"),
    "email-taken": (409, "Почта занята"),
    "legal-hold": (409, "Данные нельзя удалить"),
    "not-ready": (409, "Заполнено не всё"),
    "not-signed": (409, "Договор не подписан"),
    "passport-duplicate": (409, "Паспорт уже есть у другого клиента"),
    "phone-taken": (409, "Номер занят"),
    "refused": (409, "Отказано"),
    "wrong-step": (409, "Не тот шаг"),
    "otp-expired": (410, "Срок действия кода истёк"),
    "card-changed": (412, "Карточку изменили"),
    "too-large": (413, "Слишком большой запрос"),
    "idempotency-mismatch": (422, "Ключ повтора занят"),
    "invalid-value": (422, "Проверьте данные"),
    "photo-rejected": (422, "Фотография не принята"),
    "otp-locked": (429, "Код заблокирован"),
    "too-many-requests": (429, "Слишком много запросов"),
    "internal": (500, "Внутренняя ошибка"),
    "unavailable": (503, "Сервис временно недоступен"),
}

SECRETIVE: Final = "/api/webhooks"
"""Addresses below this hold a secret of the caller's."""

LOCKED_FOR: Final = 60
"""Seconds in `Retry-After` of a refusal that names none: a locked code asks for a new one, which has that cool-down."""

# SQLSTATE classes: the database is away, full, restarting or asks to try again; no statement of ours is wrong.
_PASSING: Final = ("08", "40", "53", "55", "57")
_HTTP_CODES: Final = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}


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
        # A lone surrogate out of somebody's JSON must not turn a 422 into a 500.
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def status_of(code: str) -> int:
    return TABLE[code][0]


def problem(instance: str, code: str, detail: str, extra: Mapping[str, object] | None = None) -> ProblemResponse:
    """The document with its headers; `extra` members never shadow the standard ones."""
    status, title = TABLE.get(code, TABLE["refused"])
    more = dict(extra or {})
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        more["errors"] = more.get("errors") or [{"loc": ["body"], "msg": detail}]
    headers: dict[str, str] = {}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        more["retry_after"] = more.get("retry_after") or LOCKED_FOR
        headers["Retry-After"] = str(more["retry_after"])
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    standard = {
        "type": NAMESPACE + code,
        "title": title,
        "status": status,
        "detail": detail,
        "instance": instance,
        "code": code,
    }
    return ProblemResponse({**more, **standard}, status, headers)


def instance_of(scope: Scope) -> str:
    """The path that was asked for, unless a secret is part of it."""
    path: str = scope["path"]
    return SECRETIVE if path.startswith(f"{SECRETIVE}/") else path


def refused(request: Request, refusal: Refusal) -> Response:
    return problem(instance_of(request.scope), refusal.type or refusal.code, refusal.detail, refusal.extra)


def problems(*kinds: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route: every refusal that it can give, by status."""
    by_status: dict[int, list[str]] = {}
    for kind in kinds:
        by_status.setdefault(status_of(kind.code), []).append(kind.code)
    return {status: described(status, *codes) for status, codes in by_status.items()}


def described(status: int, *codes: str) -> dict[str, Any]:
    """One entry of `responses` in an OpenAPI document."""
    listed = ", ".join(f"`{code}`" for code in dict.fromkeys(codes))
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": f"{HTTPStatus(status).phrase}: {listed}", "content": {MEDIA_TYPE: {"schema": schema}}}


def install(app: FastAPI) -> None:
    """Whatever is raised under a route becomes a problem document."""

    async def on_refusal(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        return refused(request, error)

    async def on_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        errors = field_errors(error.errors())
        return problem(instance_of(request.scope), "invalid-value", summary(errors), {"errors": errors})

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        answer = problem(
            instance_of(request.scope),
            _HTTP_CODES.get(error.status_code, "bad-request"),
            _http_detail(error.status_code),
        )
        answer.headers.update(error.headers or {})
        return answer

    async def on_gone(request: Request, _: Exception) -> Response:
        return problem(instance_of(request.scope), "bad-request", _http_detail(HTTPStatus.BAD_REQUEST))

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
    """A bug of ours: an id to find it by in the log, and nothing else."""
    trace_id = getattr(request.state, "request_id", None) or str(uuid4())
    detail = f"Внутренняя ошибка. Сообщите в поддержку номер {trace_id}."
    return problem(instance_of(request.scope), "internal", detail, {"trace_id": trace_id})


def _is_passing(error: Exception) -> bool:
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or isinstance(error.orig, (DriverError, OSError)):
            return True
        state = getattr(error.orig, "sqlstate", None)
    else:
        state = getattr(error, "sqlstate", None)
    return isinstance(state, str) and state.startswith(_PASSING)


def _http_detail(status: int) -> str:
    match status:
        case HTTPStatus.NOT_FOUND:
            return NOT_FOUND
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return "Этот адрес не поддерживает такой метод."
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return TOO_LARGE
        case _:
            return "Запрос не удалось разобрать."


NOT_FOUND: Final = "По этому адресу ничего нет."
TOO_LARGE: Final = "Запрос слишком большой."
