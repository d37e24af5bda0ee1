"""Codec server of the Temporal Web UI: decodes payloads for logged-in super admins."""

from contextlib import suppress
from html import escape
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload, Payloads

from api.context import Ctx
from api.http.edge import CorsBelow
from api.http.observability import note_caller
from api.http.origin import CallerOrigin
from domain.kernel import sizes
from domain.kernel.crypto import CannotDecrypt
from domain.kernel.refusal import InvalidValue, NotAllowed, NotAuthenticated, Refusal
from gateways.temporal.codec import EncryptionCodec
from models import Manager, ManagerSession
from models.people.manager_session import Bearer, SessionKind
from settings import Settings

COOKIE: Final = "privet_codec"
PATH: Final = "/codec"
WRONG: Final = "Неверный e-mail или пароль."
STAFF_ONLY: Final = "Содержимое процессов видит только оператор установки (super admin)."
ASK: Final = f"Чтобы видеть содержимое процессов, войдите на {PATH}/login."
LOCAL: Final = ("127.0.0.1", "localhost")
ALLOWED: Final = ("content-type", "x-namespace")

PAGE: Final = """<!doctype html><html lang="ru"><meta charset="utf-8"><title>Privet: содержимое процессов</title>
<h1>Содержимое процессов в Temporal Web UI</h1><p role="status">{message}</p>{next_step}
<form method="post" action="{path}/login"><p><label>E-mail <input name="email" type="email" autocomplete="username"
required></label></p><p><label>Пароль <input name="password" type="password" autocomplete="current-password" required>
</label></p><p><button>Войти</button></p></form>
<form method="post" action="{path}/logout"><p><button>Выйти</button></p></form></html>"""
HOW: Final = """<p>Откройте <a href="{web_ui}">{web_ui}</a>. Если там написано «Codec Server could not connect», один
раз в этом браузере нажмите на значок очков справа вверху, выберите «Use my browser setting and ignore Cluster-level
setting», вставьте адрес <code>{endpoint}</code>, включите «Include cross-origin credentials» и нажмите «Apply».</p>"""
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}

router = APIRouter(prefix=PATH, include_in_schema=False)


def allow_web_ui(app: FastAPI, settings: Settings) -> None:
    """Allow only pages of the Web UI to call these routes with the cookie."""
    app.add_middleware(
        CorsBelow,
        path=f"{PATH}/",
        allow_origins=web_ui_origins(settings),
        allow_methods=("POST",),
        allow_headers=ALLOWED,
        allow_credentials=True,
    )


def web_ui_origins(settings: Settings) -> tuple[str, ...]:
    """Origins of the Web UI; a local one has several host names."""
    if settings.temporal_ui_url:
        parts = urlsplit(settings.temporal_ui_url)
        return (f"{parts.scheme}://{parts.netloc}",)
    return tuple(f"http://{name}:{settings.temporal_ui_port}" for name in sorted({settings.host, *LOCAL}))


async def operator(request: Request, ctx: Ctx) -> Manager:
    """The super admin of the cookie; refuses requests from pages other than the Web UI."""
    origin = request.headers.get("origin")
    if origin is not None and origin not in web_ui_origins(ctx.settings):
        raise NotAllowed("Этой странице содержимое процессов не показывают.")
    token = request.cookies.get(COOKIE)
    if token is None:
        raise NotAuthenticated(ASK)
    claims = ctx.codec_tokens.read(token)
    async with ctx.autocommit() as session:
        found = await ManagerSession.manager_of(session, Bearer(claims.subject, claims.session, ctx.now()))
    note_caller(request, "manager", claims.subject)
    if found is None:
        raise NotAuthenticated(ASK)
    return _operator(found)


@router.post("/decode", dependencies=[Depends(operator)])
async def decode(request: Request, ctx: Ctx) -> Response:
    """Decrypted payloads; a payload that none of our keys opens is returned unchanged."""
    codec = EncryptionCodec(ctx.keyring)
    return _answer([await _opened(codec, payload) for payload in await _payloads(request)])


@router.post("/encode", dependencies=[Depends(operator)])
async def encode(request: Request, ctx: Ctx) -> Response:
    """Encrypts arguments that an operator types into the Web UI."""
    return _answer(await EncryptionCodec(ctx.keyring).encode(await _payloads(request)))


@router.get("/login")
async def show_login() -> Response:
    return _page("Войдите как оператор установки.")


@router.post("/login")
async def log_in(
    request: Request, ctx: Ctx, origin: CallerOrigin, email: Annotated[str, Form()], password: Annotated[str, Form()]
) -> Response:
    """The cookie is valid for eight hours, or until a log-out; each call checks session and rights again."""
    try:
        _same_origin(request)
        manager = await ctx.sign_in.manager(email[: sizes.EMAIL], password, origin, _operator, WRONG)
    except Refusal as refusal:
        return _page(refusal.detail, refusal.status)
    opened = await ctx.manager_sessions.open_without_refresh(
        manager, origin, SessionKind.CODEC, ctx.codec_tokens.lifetime
    )
    answer = _page(f"Вы вошли: {manager.name}.", next_step=_how(request, ctx.settings))
    answer.set_cookie(
        COOKIE,
        ctx.codec_tokens.issue(manager.id, opened.id),
        max_age=ctx.codec_tokens.expires_in,
        path=PATH,
        secure=ctx.settings.web_url.startswith("https://"),
        httponly=True,
        samesite="strict",
    )
    return answer


@router.post("/logout")
async def log_out(request: Request, ctx: Ctx) -> Response:
    """Also for a cookie that is no longer good."""
    with suppress(NotAuthenticated):
        await ctx.manager_sessions.log_out(None, ctx.codec_tokens.read(request.cookies.get(COOKIE, "")).session)
    answer = _page("Вы вышли.")
    answer.delete_cookie(COOKIE, path=PATH)
    return answer


def _operator(manager: Manager | None) -> Manager:
    if manager is None or not manager.is_super_admin or manager.disabled_at is not None:
        raise NotAllowed(STAFF_ONLY)
    return manager


def _same_origin(request: Request) -> None:
    """Refuses log-ins from a form on another site."""
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise NotAllowed(f"Откройте {PATH}/login в новом окне.")


async def _payloads(request: Request) -> list[Payload]:
    try:
        return list(Parse(await request.body(), Payloads()).payloads)
    except (ParseError, UnicodeDecodeError, RecursionError):
        raise InvalidValue('Ожидается JSON вида {"payloads": […]}.') from None


async def _opened(codec: EncryptionCodec, payload: Payload) -> Payload:
    try:
        return (await codec.decode([payload]))[0]
    except (CannotDecrypt, DecodeError):
        return payload


def _answer(payloads: list[Payload]) -> Response:
    return Response(MessageToJson(Payloads(payloads=payloads), indent=None), media_type="application/json")


def _how(request: Request, settings: Settings) -> str:
    """Both addresses use the host name of this page, because the cookie is sent only to it."""
    here = settings.web_url if settings.public_web_url else str(request.base_url).rstrip("/")
    web_ui = settings.temporal_ui_url or f"http://{request.url.hostname}:{settings.temporal_ui_port}"
    return HOW.format(web_ui=escape(web_ui), endpoint=escape(f"{here}{PATH}"))


def _page(message: str, status: int = 200, next_step: str = "") -> HTMLResponse:
    return HTMLResponse(PAGE.format(message=escape(message), path=PATH, next_step=next_step), status, HEADERS)
