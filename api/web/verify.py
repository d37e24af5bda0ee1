"""The page of a certificate's QR code: shows whether a contract or a file is genuine."""

from html import escape
from pathlib import Path
from string import Template
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.client.verification import Verified, verify_file, verify_number
from api.context import Ctx
from api.http.origin import CallerOrigin
from domain.kernel.refusal import Refusal

PAGE: Final = Path(__file__).with_name("verify.html")
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

GENUINE: Final = "Договор подписан, подпись действительна"
UNKNOWN: Final = "Подпись не подтверждена"
COMPARE: Final = "Чтобы убедиться, что файл у вас на руках — тот самый, выберите его здесь."
SAME_FILE: Final = "Файл тот самый: с подписания в нём не изменилось ничего."
OTHER_FILE: Final = "Такого файла среди подписанных нет: он изменён, пересохранён или выдан не нами."
PICK: Final = "Выберите PDF, который вам прислали: страница сравнит его с подписанным."
CHECKING: Final = "Проверка договора"
ASK: Final = "Проверьте, что ссылка открыта целиком, как в QR-коде протокола, или обратитесь к исполнителю по договору."

routes = APIRouter(include_in_schema=False)


@routes.get("/verify/{number}")
async def page(
    number: str, ctx: Ctx, origin: CallerOrigin, h: Annotated[str | None, Query(max_length=200)] = None
) -> HTMLResponse:
    """The same answer as the API's."""
    verified = await verify_number(number, ctx, origin, h)
    return _verdict(verified, ctx, COMPARE if verified.valid else ASK)


@routes.get("/verify")
async def show_form() -> HTMLResponse:
    return _page("", CHECKING, PICK)


@routes.post("/verify")
async def check_file(request: Request, ctx: Ctx, origin: CallerOrigin) -> HTMLResponse:
    """The API's answer to an uploaded file."""
    try:
        verified = await verify_file(request, ctx, origin)
    except Refusal as refusal:
        return _page("unknown", CHECKING, refusal.detail, status=refusal.status)
    return _verdict(verified, ctx, SAME_FILE if verified.valid else OTHER_FILE)


def _verdict(verified: Verified, ctx: Ctx, advice: str) -> HTMLResponse:
    if verified.valid:
        return _page("genuine", GENUINE, advice, _facts(verified, ctx))
    return _page("unknown", UNKNOWN, advice)


def _page(kind: str, title: str, advice: str, facts: str = "", status: int = 200) -> HTMLResponse:
    text = Template(PAGE.read_text(encoding="utf-8")).substitute(
        kind=kind, title=title, facts=facts, advice=escape(advice)
    )
    return HTMLResponse(text, status, headers={"Content-Security-Policy": POLICY})


def _facts(verified: Verified, ctx: Ctx) -> str:
    if verified.signed_at is None:
        return ""
    signed = verified.signed_at.astimezone(ctx.settings.zone)
    rows = (
        ("Номер договора", "", verified.contract_number),
        ("Подписан", "", f"{signed:%d.%m.%Y в %H:%M} ({ctx.settings.business_timezone})"),
        ("SHA-256 документа", ' class="hash"', verified.sha256),
    )
    return (
        "<dl>" + "".join(f"<dt>{name}</dt><dd{kind}>{escape(value or '')}</dd>" for name, kind, value in rows) + "</dl>"
    )
