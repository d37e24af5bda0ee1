"""The page of a certificate's QR code: shows whether a contract or a file is genuine."""

from html import escape
from pathlib import Path
from string import Template
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from activities.kernel.limits import VERIFY_ADDRESS
from api.client.anchors import PublicAnchor, PublicSeal, newest_anchors
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

ANCHOR: Final = (
    "Каждый день истории всех договоров сводятся в один корень с меткой времени. По нему видно, если историю перепишут "
    "задним числом. Сравните с ним файл anchor.json из комплекта доказательств."
)
SHOWN: Final = 10
"""Anchors on the page."""

routes = APIRouter(include_in_schema=False)


@routes.get("/verify/{number}")
async def page(
    number: str, ctx: Ctx, origin: CallerOrigin, h: Annotated[str | None, Query(max_length=200)] = None
) -> HTMLResponse:
    """The same answer as the API's."""
    verified = await verify_number(number, ctx, origin, h)
    return await _verdict(verified, ctx, COMPARE if verified.valid else ASK)


@routes.get("/verify")
async def show_form(ctx: Ctx, origin: CallerOrigin) -> HTMLResponse:
    try:
        await ctx.limits.spend(VERIFY_ADDRESS, origin.network)
    except Refusal as refusal:
        return _page("unknown", CHECKING, refusal.detail, status=refusal.status)
    return _page("", CHECKING, PICK, anchors=await _anchors(ctx))


@routes.post("/verify")
async def check_file(request: Request, ctx: Ctx, origin: CallerOrigin) -> HTMLResponse:
    """The API's answer to an uploaded file."""
    try:
        verified = await verify_file(request, ctx, origin)
    except Refusal as refusal:
        return _page("unknown", CHECKING, refusal.detail, status=refusal.status)
    return await _verdict(verified, ctx, SAME_FILE if verified.valid else OTHER_FILE)


async def _verdict(verified: Verified, ctx: Ctx, advice: str) -> HTMLResponse:
    anchors = await _anchors(ctx)
    if verified.valid:
        return _page("genuine", GENUINE, advice, _facts(verified, ctx), anchors=anchors)
    return _page("unknown", UNKNOWN, advice, anchors=anchors)


def _page(kind: str, title: str, advice: str, facts: str = "", status: int = 200, anchors: str = "") -> HTMLResponse:
    text = Template(PAGE.read_text(encoding="utf-8")).substitute(
        kind=kind, title=title, facts=facts, advice=escape(advice), anchors=anchors
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


async def _anchors(ctx: Ctx) -> str:
    """The newest anchors and the seals' fingerprints, for whoever checks a bundle of evidence."""
    known = await newest_anchors(ctx, SHOWN)
    if not known.anchors and not known.seals:
        return ""
    items = "".join(f"<li>{_anchor(one, ctx)}</li>" for one in known.anchors)
    seals = "".join(f"<li><code>{escape(one.sha256)}</code>{_revoked(one, ctx)}</li>" for one in known.seals)
    return (
        f"<section><h2>Ежедневный якорь</h2><p>{ANCHOR}</p><ul>{items}</ul>"
        f"<p>SHA-256 сертификатов печати:</p><ul>{seals}</ul></section>"
    )


def _anchor(one: PublicAnchor, ctx: Ctx) -> str:
    zone = ctx.settings.zone
    stamp = "метки времени ещё нет"
    if one.stamped_at is not None:
        stamp = f"{one.stamped_at.astimezone(zone):%d.%m.%Y в %H:%M:%S}, {escape(one.authority or '')}"
    links = [
        f'<a href="{escape(url)}" download>{name}</a>'
        for name, url in (("anchor.json", one.file_url), ("anchor.tsr", one.stamp_url))
        if url
    ]
    return (
        f"<b>{escape(one.name)}</b>: историй {one.count}; метка времени: {stamp}<br>"
        f"корень <code>{escape(one.root)}</code><br>SHA-256 файла <code>{escape(one.sha256)}</code><br>"
        + ", ".join(links)
    )


def _revoked(one: PublicSeal, ctx: Ctx) -> str:
    return f" (отозван с {one.revoked_from.astimezone(ctx.settings.zone):%d.%m.%Y})" if one.revoked_from else ""
