"""Webhooks of Telegram and Avito: store the body, answer, and wake the affected workflows."""

import json
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel

from activities.channels.webhook_secret import WrongSecret, secret_matches
from api.context import Ctx
from api.http.edge import JSON_BYTES
from api.http.problems import NOT_FOUND, TOO_LARGE, problems
from api.http.route import router
from domain.kernel import sizes
from domain.kernel.refusal import NotFound, TooLarge, Unavailable
from models import Bot

PROOF: Final = "x-telegram-bot-api-secret-token"

_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
}
_REFUSALS: Final = problems(NotFound, TooLarge, Unavailable)

routes = router("webhooks")


class Taken(BaseModel):
    ok: bool = True


@routes.post("/api/webhooks/telegram/{bot_id}/{secret}", response_model=Taken, responses=_REFUSALS, openapi_extra=_BODY)
async def hear_telegram(bot_id: str, secret: str, request: Request, ctx: Ctx) -> Taken:
    """An `Update` of the Bot API. 503 while the database is away: Telegram says it again."""
    bot = await _bot(ctx, bot_id, secret, request.headers.get(PROOF))
    update = _object(await _body(request))
    if update is not None:
        for news in await ctx.inbox.store_update(bot, update):
            ctx.wakes.woken(news)
    return Taken()


@routes.post(
    "/api/webhooks/avito/{account_id}/{secret}", response_model=Taken, responses=_REFUSALS, openapi_extra=_BODY
)
async def hear_avito(account_id: str, secret: str, request: Request, ctx: Ctx) -> Taken:
    """A webhook of Avito's messenger, any version and any content type: a hint, what it says is read from Avito."""
    try:
        news = await ctx.inbox.receive_hook(_id(account_id), secret, await _body(request))
    except WrongSecret:
        raise NotFound(NOT_FOUND) from None
    if news is not None:
        ctx.wakes.woken(news)
    return Taken()


async def _bot(ctx: Ctx, bot_id: str, secret: str, proof: str | None) -> Bot:
    async with ctx.autocommit() as session:
        bot = await Bot.live(session, _id(bot_id))
    given = secret_matches(ctx.keyring, bot, secret)
    # Addresses are kept in logs of proxies; the header is not. Every webhook is registered with it.
    proven = secret_matches(ctx.keyring, bot, proof or "")
    if bot is None or not (given and proven):
        raise NotFound(NOT_FOUND)
    return bot


def _id(text: str) -> UUID:
    """The id, or an unused one for an invalid text, so that all wrong addresses get the same answer."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


async def _body(request: Request) -> bytes:
    """The raw body, of any content type."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > JSON_BYTES:
            raise TooLarge(TOO_LARGE)
    return bytes(body)


def _object(raw: bytes) -> dict[str, object] | None:
    """The parsed object; None for an invalid body, which a repetition would not correct."""
    try:
        read = _storable(json.loads(raw))
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _storable(value: Any) -> Any:
    """Remove characters that no column can store (NUL, surrogates). Raises ValueError for numbers beyond 64 bits."""
    match value:
        case int() if not -sizes.BIGINT <= value <= sizes.BIGINT:
            raise ValueError("a number beyond 64 bits")
        case str():
            return value.encode("utf-8", "replace").decode().replace("\0", "")
        case list():
            return [_storable(one) for one in value]
        case dict():
            return {_storable(name): _storable(one) for name, one in value.items()}
    return value
