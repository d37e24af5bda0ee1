"""The page behind the QR code of a certificate: is this contract genuine, in words for whoever holds the paper."""

from html import escape
from pathlib import Path
from string import Template
from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.client.verification import Verified, verify_number
from api.context import Ctx
from api.origin import CallerOrigin

PAGE: Final = Path(__file__).with_name("verify.html")
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

GENUINE: Final = "Договор подписан, подпись действительна"
UNKNOWN: Final = "Подпись не подтверждена"
COMPARE: Final = (
    "Чтобы убедиться, что файл у вас на руках — тот самый, сравните его контрольную сумму SHA-256 с указанной здесь."
)
ASK: Final = "Проверьте, что ссылка открыта целиком, как в QR-коде протокола, или обратитесь к исполнителю по договору."

routes = APIRouter(include_in_schema=False)


@routes.get("/verify/{number}")
async def page(
    number: str, ctx: Ctx, origin: CallerOrigin, h: Annotated[str | None, Query(max_length=200)] = None
) -> HTMLResponse:
    """The same answer as the API's, without a person's name."""
    verified = await verify_number(number, ctx, origin, h)
    text = Template(PAGE.read_text(encoding="utf-8")).substitute(
        kind="genuine" if verified.valid else "unknown",
        title=GENUINE if verified.valid else UNKNOWN,
        facts=_facts(verified, ctx),
        advice=COMPARE if verified.valid else ASK,
    )
    return HTMLResponse(text, headers={"Content-Security-Policy": POLICY})


def _facts(verified: Verified, ctx: Ctx) -> str:
    if not verified.valid or verified.signed_at is None:
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
