"""Writes through a workflow: their input waits as a sealed draft, a repeated key has one effect and one answer."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final, NamedTuple
from uuid import UUID, uuid4

from fastapi import Header
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import Response

from activities.kernel.command import Command, Outcome
from api.context import Context
from api.onboarding.updates import Update, execute
from domain.kernel.refusal import DraftGone, IdempotencyMismatch, Refusal, Unavailable
from domain.onboarding.refusals import CardChanged
from models.kernel.columns import seal, unseal
from models.kernel.draft import ANSWER, PAYLOAD, Draft

REMEMBERED: Final = timedelta(hours=24)
DIGEST: Final = "drafts.digest"
"""Purpose of the keyed hash of a body: a plain one could be tried out, a code has a million values."""

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


@dataclass(frozen=True)
class Done:
    """What an answer is built from; what a command adds gets the id of its draft."""

    draft_id: UUID
    outcome: Outcome


@dataclass(frozen=True)
class Tagged:
    """A body with its `ETag`."""

    body: BaseModel
    etag: str


Answer = Callable[[Done], Awaitable[BaseModel | Tagged | None]]
"""The body of the answer, None for none."""


async def write(
    ctx: Context,
    *,
    caller: str,
    route: str,
    key: str | None,
    body: object,
    payload: dict[str, Any],
    command: Callable[[UUID], Command],
    update: Update,
    answer: Answer,
    status: HTTPStatus = HTTPStatus.OK,
    expected: int | None = None,
) -> Response:
    """Do it once and answer.

    `caller` and `route` are what a key belongs to (route: method and template, the same under every mount), `body` is
    all that makes two requests the same one, ids of the path included. Refusals are not remembered under a key.
    `expected` is the version of the card that the write is for: it waits in the draft for the step's transaction.
    """
    tried = 0
    while True:
        tried += 1
        async with ctx.autocommit() as session:
            sealed = seal(ctx.keyring, PAYLOAD, payload)
            draft, _ = await _claim(ctx, session, caller, route, key, _canonical(body), sealed, expected)
        if draft.answer is not None:
            return _remembered(ctx, draft.answer)
        try:
            outcome = await execute(ctx.temporal, update, command(draft.id))
        except Refusal as refusal:
            if refusal.code == Unavailable.code:
                raise
            earlier = await _forget(ctx, draft.id)
            # Another one under the same key was refused meanwhile and took the draft with it, or this is its repeat
            # for a newer card.
            if tried == 1 and (refusal.code == DraftGone.code or _is_for_a_newer_card(refusal, draft, expected)):
                continue
            if earlier is None:
                raise
            outcome = earlier
        done = await answer(Done(draft.id, outcome))
        return await _answered(ctx, draft.id, status, done) if key else _response(status, *_parts(done))


class Asked(NamedTuple):
    """What makes two requests the same one, as `once` and `recalled` take it."""

    caller: str
    route: str
    key: str | None
    body: object


async def once(
    ctx: Context,
    *,
    caller: str,
    route: str,
    key: str | None,
    body: object,
    make: Callable[[AsyncSession], Awaitable[BaseModel]],
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    """The same for a write that belongs to no process: `make` works in the transaction that remembers its answer."""
    async with ctx.sessions.begin() as session:
        if key is None:
            return _response(status, _text(await make(session)))
        # A second one waits here until the first has committed or given up.
        draft, is_new = await _claim(ctx, session, caller, route, key, _canonical(body), None)
        if not is_new:
            if draft.answer is None:
                raise Unavailable()
            return _remembered(ctx, draft.answer)
        answer = _text(await make(session))
        await Draft.remember(session, draft.id, seal(ctx.keyring, ANSWER, {"status": status, "text": answer}))
        return _response(status, answer)


async def recalled(ctx: Context, *, caller: str, route: str, key: str | None, body: object) -> Response | None:
    """The answer of `once` to this very request, if there is one: for a route that asks somebody outside before it."""
    if key is None:
        return None
    async with ctx.autocommit() as session:
        draft = await Draft.of_key(session, caller, route, key)
    if draft is None or draft.answer is None or draft.created_at <= ctx.now() - REMEMBERED:
        return None
    _same(ctx, draft, _canonical(body))
    return _remembered(ctx, draft.answer)


async def _claim(
    ctx: Context,
    session: AsyncSession,
    caller: str,
    route: str,
    key: str | None,
    text: str,
    payload: bytes | None,
    expected: int | None = None,
) -> tuple[Draft, bool]:
    """This request's own draft and True, or the one of the same request before it; a day later a key is new again."""
    while True:
        new = _draft(ctx, caller, route, key, text, payload)
        new.expected_card_version = expected
        if await Draft.claim(session, new) is not None:
            return new, True
        draft = await Draft.of_key(session, caller, route, new.key)
        if draft is None:
            continue
        if draft.created_at > ctx.now() - REMEMBERED:
            _same(ctx, draft, text)
            return draft, False
        await Draft.forget(session, draft.id)


def _draft(ctx: Context, caller: str, route: str, key: str | None, text: str, payload: bytes | None) -> Draft:
    """One without a payload is applied by the very transaction that stores it."""
    draft_id, now = uuid4(), ctx.now()
    return Draft(
        id=draft_id,
        caller=caller,
        route=route,
        key=key or str(draft_id),
        digest=ctx.keyring.blind_index(DIGEST, text),
        payload=payload,
        applied_at=now if payload is None else None,
        created_at=now,
    )


def _same(ctx: Context, draft: Draft, text: str) -> None:
    if draft.digest not in ctx.keyring.blind_indexes(DIGEST, text):
        raise IdempotencyMismatch("Этот ключ повтора уже использован с другими данными.")


async def _forget(ctx: Context, draft_id: UUID) -> Outcome | None:
    """Nothing is kept of a refused write; one that was carried out before, its answer lost, has its outcome still."""
    async with ctx.autocommit() as session:
        await Draft.forget_refused(session, draft_id)
        draft = await session.get(Draft, draft_id)
    return Outcome.kept(draft.outcome or {}) if draft is not None else None


async def _answered(ctx: Context, draft_id: UUID, status: HTTPStatus, done: BaseModel | Tagged | None) -> Response:
    """What stands under the key: of many at once the first one's answer is everybody's."""
    text, etag = _parts(done)
    sealed = seal(ctx.keyring, ANSWER, {"status": status, "text": text, "etag": etag})
    async with ctx.autocommit() as session:
        if not await Draft.remember(session, draft_id, sealed):
            draft = await session.get(Draft, draft_id)
            if draft is not None and draft.answer is not None:
                return _remembered(ctx, draft.answer)
    return _response(status, text, etag)


def _is_for_a_newer_card(refusal: Refusal, draft: Draft, expected: int | None) -> bool:
    """The draft of an earlier try, whose outcome was unknown, expected another version than this request does."""
    return refusal.code == CardChanged.code and draft.expected_card_version != expected


def _remembered(ctx: Context, sealed: bytes) -> Response:
    answer = unseal(ctx.keyring, ANSWER, sealed)
    return _response(HTTPStatus(answer["status"]), answer["text"], answer.get("etag"))


def _response(status: HTTPStatus, text: str | None, etag: str | None = None) -> Response:
    headers = {"ETag": etag} if etag is not None else None
    return Response(text, status, headers, media_type="application/json" if text is not None else None)


def _parts(done: BaseModel | Tagged | None) -> tuple[str | None, str | None]:
    """The text of an answer and its tag."""
    return (_text(done.body), done.etag) if isinstance(done, Tagged) else (_text(done), None)


def _text(done: BaseModel | None) -> str | None:
    return done.model_dump_json() if done is not None else None


def _canonical(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
