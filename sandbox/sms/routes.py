"""SMS.ru's protocol: /sms/send and /sms/status by GET and POST, as JSON or as lines; HTTP 200 also for errors."""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from sandbox.dropped import Dropped
from sandbox.faults import Fault, Faults, Setting, Side
from sandbox.journal import Journal
from sandbox.sms.state import KEY, PRICE, Json, Telephones, parts

OK, ERROR = "OK", "ERROR"
MOST_NUMBERS: Final = 100
MOST_PARTS: Final = 8
NO_ROUTE: Final = 207
_NUMBER: Final = re.compile(r"7\d{10}")
_MULTI: Final = re.compile(r"to\[(\d+)\]")

TEXTS: Final[Mapping[int, str]] = {
    -1: "Сообщение не найдено",
    100: "Запрос выполнен или сообщение находится в очереди",
    101: "Сообщение передается оператору",
    102: "Сообщение отправлено (в пути)",
    103: "Сообщение доставлено",
    104: "Не может быть доставлено: время жизни истекло",
    200: "Неправильный api_id",
    201: "Не хватает средств на лицевом счету",
    202: "Неправильно указан номер телефона получателя, либо на него нет маршрута",
    203: "Нет текста сообщения",
    205: "Сообщение слишком длинное (превышает 8 СМС)",
    206: "Будет превышен или уже превышен дневной лимит на отправку сообщений",
    207: "На этот номер нет маршрута для доставки сообщений",
    209: "Вы добавили этот номер в стоп-лист",
    213: "Указано более 100 номеров в списке получателей",
    220: "Сервис временно недоступен, попробуйте чуть позже",
    230: "Превышен общий лимит количества сообщений на этот номер в день",
    231: "Превышен лимит одинаковых сообщений на этот номер в минуту",
    232: "Превышен лимит одинаковых сообщений на этот номер в день",
    233: "Превышен лимит отправки повторных сообщений с кодом на этот номер за короткий промежуток времени",
    500: "Ошибка на сервере. Повторите запрос",
}
OF_THE_REQUEST: Final = frozenset({200, 201, 206, 213, 220, 300, 301, 302, 500})
"""Codes that are said of the whole call; the others of its numbers."""


class Refused(Exception):
    """The call as a whole."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Sending:
    def __init__(self, phones: Telephones, faults: Faults, journal: Journal, changed: Callable[[], None]) -> None:
        self._phones, self._faults, self._journal, self._changed = phones, faults, journal, changed

    async def send(self, request: Request) -> Response:
        return await self._answer(request, self._send)

    async def status(self, request: Request) -> Response:
        return await self._answer(request, self._status)

    async def _answer(self, request: Request, work: Callable[[Mapping[str, str]], Json]) -> Response:
        fields, path = await _fields(request), request.url.path
        if slow := self._strikes(Fault.SLOW, path):
            await asyncio.sleep(slow.seconds)
        if self._strikes(Fault.SERVER_ERROR, path):
            return self._noted(path, fields, PlainTextResponse("500", 500))
        if self._strikes(Fault.HTML, path):
            return self._noted(path, fields, HTMLResponse("<h1>502 Bad Gateway</h1>", 502))
        try:
            said = work(fields)
        except Refused as refused:
            said = {"status": ERROR, "status_code": refused.code, "status_text": TEXTS.get(refused.code, "Ошибка")}
        self._changed()
        if late := self._strikes(Fault.LATE_ANSWER, path):
            await asyncio.sleep(late.seconds)
        if self._strikes(Fault.HTML_AFTER, path):
            return self._noted(path, fields, HTMLResponse("<h1>502 Bad Gateway</h1>", 502))
        answer = JSONResponse(said) if fields.get("json") == "1" else PlainTextResponse(_lines(said))
        self._noted(path, fields, answer, said)
        return Dropped() if self._strikes(Fault.DROPPED, path) else answer

    def _send(self, fields: Mapping[str, str]) -> Json:
        _check_key(fields)
        wanted = _messages(fields)
        if len(wanted) > MOST_NUMBERS:
            raise Refused(213)
        refusal = self._strikes(Fault.REFUSED, "/sms/send")
        code = None if refusal is None else refusal.code or NO_ROUTE
        if code is not None and code in OF_THE_REQUEST:
            raise Refused(code)
        ttl = fields.get("ttl", "")
        listed = {
            number: self._one(number, text, float(ttl) * 60 if ttl.isdecimal() else None, code)
            for number, text in wanted
        }
        balance = round(self._phones.kept.balance, 2)
        return {"status": OK, "status_code": 100, "sms": listed, "balance": balance}

    def _one(self, number: str, text: str, ttl: float | None, code: int | None) -> Json:
        code = code or _fault_of(number, text)
        if code:
            return {"status": ERROR, "status_code": code, "status_text": TEXTS.get(code, "Ошибка")}
        copies = 2 if self._strikes(Fault.TWICE, "/sms/send") else 1
        message = self._phones.take(number, text, ttl, copies)
        self._phones.arrive()
        return {"status": OK, "status_code": 100, "sms_id": message.id, "cost": str(PRICE * parts(text))}

    def _status(self, fields: Mapping[str, str]) -> Json:
        _check_key(fields)
        listed = {}
        for sms_id in fields.get("sms_id", "").split(","):
            message = self._phones.find(sms_id)
            code = self._phones.status(message) if message else -1
            listed[sms_id] = {"status": OK if message else ERROR, "status_code": code, "status_text": TEXTS[code]}
        return {"status": OK, "status_code": 100, "sms": listed, "balance": round(self._phones.kept.balance, 2)}

    def _strikes(self, fault: Fault, path: str) -> Setting | None:
        return self._faults.strikes(Side.SMS, fault, path)

    def _noted(self, path: str, fields: Mapping[str, str], answer: Response, said: Json | None = None) -> Response:
        """In the journal: the number, and what was answered; not the text."""
        outcome = str(answer.status_code) if said is None else f"{answer.status_code} {said['status_code']}"
        told = {name: value for name, value in fields.items() if name not in ("api_id", "msg")}
        self._journal.note(Side.SMS, "POST", path, told, outcome)
        return answer


def build(phones: Telephones, faults: Faults, journal: Journal, changed: Callable[[], None]) -> APIRouter:
    sending = Sending(phones, faults, journal, changed)
    router = APIRouter()
    for path, endpoint in (("/sms/send", sending.send), ("/sms/status", sending.status)):
        router.add_api_route(path, endpoint, methods=["GET", "POST"], response_model=None)
    return router


async def _fields(request: Request) -> Mapping[str, str]:
    form: FormData | Mapping[str, str] = await request.form() if request.method == "POST" else {}
    return {name: value for name, value in [*request.query_params.items(), *form.items()] if isinstance(value, str)}


def _check_key(fields: Mapping[str, str]) -> None:
    if fields.get("api_id") != KEY:
        raise Refused(200)


def _messages(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    several = [(found[1], text) for name, text in fields.items() if (found := _MULTI.fullmatch(name))]
    return several or [(number.strip(), fields.get("msg", "")) for number in fields.get("to", "").split(",")]


def _fault_of(number: str, text: str) -> int:
    if not _NUMBER.fullmatch(number):
        return 202
    if not text:
        return 203
    return 205 if parts(text) > MOST_PARTS else 0


def _lines(said: Json) -> str:
    """The answer to a caller that did not ask for JSON."""
    if said["status"] != OK:
        return str(said["status_code"])
    ones = [str(one.get("sms_id") or one["status_code"]) for one in said["sms"].values()]
    return "\n".join(["100", *ones, f"balance={said['balance']}"])
