"""Writes without a workflow: one transaction does the write and stores its answer."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import Response

from api.context import Context
from api.writes.keys import (
    REMEMBERED,
    Asked,
    IdempotencyKey,
    claim,
    json_of,
    remember,
    remembered,
    require_same,
    response,
)
from domain.kernel.refusal import Unavailable
from models.kernel.draft import Draft

__all__ = ["Asked", "IdempotencyKey", "once", "recalled"]


async def once(
    ctx: Context,
    asked: Asked,
    make: Callable[[AsyncSession], Awaitable[BaseModel]],
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    """Answer with the result of `make`, which runs in the transaction that stores the answer."""
    async with ctx.sessions.begin() as session:
        if asked.key is None:
            return response(status, json_of(await make(session)))
        # A second request waits here until the first has committed or rolled back.
        draft, is_new = await claim(ctx, session, asked, None)
        if not is_new:
            if draft.answer is None:
                raise Unavailable()
            return remembered(ctx, draft.answer)
        answer = json_of(await make(session))
        await remember(ctx, session, draft.id, status, answer)
        return response(status, answer)


async def recalled(ctx: Context, asked: Asked) -> Response | None:
    """The stored answer of `once` to this request, if any; for routes that call another server before `once`."""
    if asked.key is None:
        return None
    async with ctx.autocommit() as session:
        draft = await Draft.of_key(session, asked.caller, asked.route, asked.key)
    if draft is None or draft.answer is None or draft.created_at <= ctx.now() - REMEMBERED:
        return None
    require_same(ctx, draft, asked)
    return remembered(ctx, draft.answer)
