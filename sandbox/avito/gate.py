"""What every call to the API passes: faults, token, rate, journal, and the answer in Avito's own shapes."""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from sandbox.avito.records import Account, Chat, Json
from sandbox.avito.refused import ANTIBOT, BAD_GATEWAY, Refused, invalid
from sandbox.avito.state import Avito
from sandbox.dropped import Dropped
from sandbox.faults import Fault, Setting, Side

BEFORE = (Fault.TOO_MANY, Fault.TOO_MANY_BARE, Fault.SERVER_ERROR, Fault.HTML)
AFTER = (Fault.HTML_AFTER, Fault.DROPPED)
UNLIMITED = 60_000
"""Calls a minute that the header tells of an account without a limit."""
MINUTE = 60

Later: TypeAlias = Callable[[], Awaitable[None]]
Body = TypeVar("Body", bound=BaseModel)


@dataclass
class Ask:
    """One call that has a valid token."""

    request: Request
    account: Account
    origin: str
    path: str
    """`POST /messenger/…`, which faults are matched with."""
    summary: Json = field(default_factory=dict)
    """What the journal tells of the body."""
    later: Later | None = None
    """What happens after the answer."""


Work: TypeAlias = Callable[[Ask], Awaitable[Response]]
OpenWork: TypeAlias = Callable[[Request, Json], Awaitable[Response]]
"""Needs no token; fills the summary."""
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


def origin_of(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def path_of(request: Request) -> str:
    return f"{request.method} {request.url.path}"


async def body_of(ask: Ask, model: type[Body]) -> Body:
    """Refused: not JSON, not announced as JSON, or not what the schema says."""
    if ask.request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise invalid(content_type="application/json is expected")
    try:
        return model.model_validate_json(await ask.request.body(), strict=True)
    except ValidationError as error:
        raise invalid(**{".".join(map(str, one["loc"])) or "body": one["msg"] for one in error.errors()}) from error


class Gate:
    def __init__(self, avito: Avito, changed: Callable[[], None]) -> None:
        self._avito = avito
        self._changed = changed

    def chat_of(self, ask: Ask) -> Chat:
        """The chat in the path; an employee's key opens none."""
        if ask.account.employee:
            raise Refused(403)
        return self._avito.chat(ask.account, ask.request.path_params["chat_id"])

    def behind_token(self, work: Work, *, posts: bool = False, changes: bool = False) -> Endpoint:
        """`posts`: the call is to send a message, so its attempts are counted; `changes`: so the page is told."""

        async def endpoint(request: Request) -> Response:
            ask: Ask | None = None
            headers: dict[str, str] = {}
            if posts:
                self._attempted(request)
            try:
                if struck := self._before(request):
                    return struck
                ask = self._admit(request)
                headers = self._rate(ask.account)
                _check_rate(ask.account)
                answer = await work(ask)
            except Refused as refusal:
                answer = refusal.answer()
                if refusal.status == 429:
                    answer.headers["Retry-After"] = str(self._seconds_left())
                answer.headers.update(headers)
                self._note(request, ask.summary if ask else {}, str(refusal.status), refusal.violation)
                return answer
            if changes:
                self._changed()
            answer.headers.update(headers)
            return await self._after(request, ask.summary, answer, ask.later)

        return endpoint

    def open(self, work: OpenWork) -> Endpoint:
        """For calls without a token."""

        async def endpoint(request: Request) -> Response:
            summary: Json = {}
            try:
                if struck := self._before(request):
                    return struck
                answer = await work(request, summary)
            except Refused as refusal:
                self._note(request, summary, str(refusal.status), refusal.violation)
                return refusal.answer()
            return await self._after(request, summary, answer, None)

        return endpoint

    def unknown(self) -> Endpoint:
        """For paths and methods that are not published."""

        async def endpoint(request: Request) -> Response:
            self._note(request, {}, "404", "no such method in the published API")
            return Refused(404).answer()

        return endpoint

    def _attempted(self, request: Request) -> None:
        params = request.path_params
        account = self._avito.kept.accounts.get(int(params["user_id"])) if params["user_id"].isdigit() else None
        if account and (chat := account.chats.get(params["chat_id"])):
            chat.attempts += 1

    def _before(self, request: Request) -> Response | None:
        """The answer of a fault without effect."""
        setting = self._avito.faults.first(Side.AVITO, BEFORE, path_of(request))
        if setting is None:
            return None
        answer = _spoilt(setting)
        self._note(request, {}, f"{answer.status_code} {setting.fault}", None)
        return answer

    async def _after(self, request: Request, summary: Json, answer: Response, later: Later | None) -> Response:
        setting = self._avito.faults.first(Side.AVITO, AFTER, path_of(request))
        if setting is not None and setting.fault is Fault.DROPPED:
            self._note(request, summary, Fault.DROPPED, None)
            if later:
                await later()
            return Dropped()
        outcome = str(answer.status_code)
        if setting is not None:
            answer, outcome = HTMLResponse(BAD_GATEWAY, 502), f"502 {setting.fault}"
        self._note(request, summary, outcome, None)
        answer.background = BackgroundTask(later) if later else None
        return answer

    def _admit(self, request: Request) -> Ask:
        """Who calls. Refused: no valid token, not their account, no subscription."""
        path = path_of(request)
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not value:
            raise Refused(401, violation=True)
        if self._avito.faults.strikes(Side.AVITO, Fault.EXPIRED_TOKEN, path):
            self._avito.tokens.spoil(value)
        account = self._avito.tokens.bearer(value)
        user_id = request.path_params.get("user_id")
        if user_id is not None and not user_id.isdigit():
            raise invalid(user_id="an integer is expected")
        if user_id is not None and int(user_id) != account.user_id:
            raise Refused(403)
        if "/messenger/" in path and self._avito.faults.strikes(Side.AVITO, Fault.PAYMENT_REQUIRED, path):
            raise Refused(402)
        return Ask(request, account, origin_of(request), path)

    def _rate(self, account: Account) -> dict[str, str]:
        """Counts the call; the headers that tell how many are left in this minute."""
        minute = int(self._avito.now() // MINUTE)
        if account.minute != minute:
            account.minute, account.calls = minute, 0
        account.calls += 1
        limit = UNLIMITED if account.per_minute is None else account.per_minute
        return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(max(0, limit - account.calls))}

    def _seconds_left(self) -> int:
        return MINUTE - int(self._avito.now()) % MINUTE

    def _note(self, request: Request, summary: Json, outcome: str, violation: str | None) -> None:
        self._avito.journal.note(Side.AVITO, request.method, request.url.path, summary, outcome, violation)


def _check_rate(account: Account) -> None:
    if account.per_minute is not None and account.calls > account.per_minute:
        raise Refused(429)


def _spoilt(setting: Setting) -> Response:
    match setting.fault:
        case Fault.TOO_MANY:
            answer = Refused(429).answer()
            answer.headers["Retry-After"] = str(math.ceil(setting.seconds))
            return answer
        case Fault.TOO_MANY_BARE:
            return HTMLResponse(ANTIBOT, 429)
        case Fault.SERVER_ERROR:
            return Refused(500).answer()
        case _:
            return HTMLResponse(BAD_GATEWAY, 502)


def ok() -> Response:
    return JSONResponse({"ok": True})
