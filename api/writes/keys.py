"""Idempotency keys: one draft per caller, route and key; its answer is repeated for a day."""

import json
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final, NamedTuple
from uuid import UUID, uuid4

from fastapi import Header
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import Response

from api.context import Context
from domain.kernel.refusal import IdempotencyMismatch
from models.kernel.columns import seal, unseal
from models.kernel.draft import ANSWER, Draft

REMEMBERED: Final = timedelta(hours=24)
DIGEST: Final = "drafts.digest"
"""Purpose of the keyed hash of a body; the million codes could be tried out against a plain hash."""

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Repeats with the same key have one effect and one answer for 24 hours.",
    ),
]


class Asked(NamedTuple):
    """Identity of a request for idempotency.

    A key belongs to `caller` and `route` (method and template, the same under every mount); `body` is the content of
    the request, including ids of the path.
    """

    caller: str
    route: str
    key: str | None
    body: object

    @property
    def text(self) -> str:
        return json.dumps(self.body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


async def claim(
    ctx: Context, session: AsyncSession, asked: Asked, payload: bytes | None, expected: int | None = None
) -> tuple[Draft, bool]:
    """A new draft and True, or the earlier draft of the same key and False. Keys expire after 24 h."""
    while True:
        new = _draft(ctx, asked, payload, expected)
        if await Draft.claim(session, new) is not None:
            return new, True
        draft = await Draft.of_key(session, asked.caller, asked.route, new.key)
        if draft is None:
            continue
        if draft.created_at > ctx.now() - REMEMBERED:
            require_same(ctx, draft, asked)
            return draft, False
        await Draft.forget(session, draft.id)


def _draft(ctx: Context, asked: Asked, payload: bytes | None, expected: int | None) -> Draft:
    """A new draft; without a payload it is marked applied, because the storing transaction applies it."""
    draft_id, now = uuid4(), ctx.now()
    return Draft(
        id=draft_id,
        caller=asked.caller,
        route=asked.route,
        key=asked.key or str(draft_id),
        digest=ctx.keyring.blind_index(DIGEST, asked.text),
        payload=payload,
        applied_at=now if payload is None else None,
        expected_version=expected,
        created_at=now,
    )


def require_same(ctx: Context, draft: Draft, asked: Asked) -> None:
    if draft.digest not in ctx.keyring.blind_indexes(DIGEST, asked.text):
        raise IdempotencyMismatch("Этот ключ повтора уже использован с другими данными.")


async def remember(
    ctx: Context, session: AsyncSession, draft_id: UUID, status: HTTPStatus, text: str | None, etag: str | None = None
) -> bool:
    """Store an answer under the key; False if another request has stored its answer before."""
    return await Draft.remember(
        session, draft_id, seal(ctx.keyring, ANSWER, {"status": status, "text": text, "etag": etag})
    )


def remembered(ctx: Context, sealed: bytes) -> Response:
    answer = unseal(ctx.keyring, ANSWER, sealed)
    return response(HTTPStatus(answer["status"]), answer["text"], answer.get("etag"))


def response(status: HTTPStatus, text: str | None, etag: str | None = None) -> Response:
    headers = {"ETag": etag} if etag is not None else None
    return Response(text, status, headers, media_type="application/json" if text is not None else None)


def json_of(body: BaseModel | None) -> str | None:
    return body.model_dump_json() if body is not None else None
