"""Writes through a workflow: the input is a sealed draft, a repeated key has one effect and one answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel
from starlette.responses import Response

from activities.kernel.command import kept
from api.context import Context
from api.writes.keys import Asked, claim, json_of, remember, remembered, response
from domain.kernel.refusal import DraftGone, Refusal, Unavailable
from models.kernel.columns import seal
from models.kernel.draft import PAYLOAD, Draft

Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Update(Generic[Outcome]):
    """An update of a subject's workflow. `execute` runs it for a draft's id; `outcome` is the type of its result."""

    execute: Callable[[UUID], Awaitable[Outcome]]
    outcome: type[Outcome]


@dataclass(frozen=True)
class Done(Generic[Outcome]):
    """Input of an answer; a row that a command adds has the id of its draft."""

    draft_id: UUID
    outcome: Outcome


@dataclass(frozen=True)
class Tagged:
    """A body with its `ETag`."""

    body: BaseModel
    etag: str


Body = BaseModel | Tagged | None


async def send(
    ctx: Context,
    asked: Asked,
    update: Update[Outcome],
    payload: dict[str, Any],
    answer: Callable[[Done[Outcome]], Awaitable[Body]],
    *,
    status: HTTPStatus = HTTPStatus.OK,
    expected: int | None = None,
    may_repeat: Callable[[], Awaitable[bool]] | None = None,
) -> Response:
    """Execute the update once and answer. Refusals are not stored under the key.

    `expected` is the required version of the subject; the step's transaction checks it from the draft. `may_repeat` is
    asked before a stored answer is repeated; where it says no, `answer` is asked again.
    """
    tried = 0
    while True:
        tried += 1
        async with ctx.autocommit() as session:
            draft, _ = await claim(ctx, session, asked, seal(ctx.keyring, PAYLOAD, payload), expected)
        if draft.answer is not None:
            if may_repeat is None or await may_repeat():
                return remembered(ctx, draft.answer)
            done = await answer(Done(draft.id, kept(update.outcome, draft.outcome or {})))
            return response(status, *_written(done))
        try:
            outcome = await update.execute(draft.id)
        except Refusal as refusal:
            if refusal.code == Unavailable.code:
                raise
            earlier = await _forget(ctx, draft.id, update.outcome)
            # Another request under the same key was refused and deleted the draft, or the draft is of an earlier try
            # with an unknown outcome and another version.
            stale = refusal.status == HTTPStatus.PRECONDITION_FAILED and draft.expected_version != expected
            if tried == 1 and (refusal.code == DraftGone.code or stale):
                continue
            if earlier is None:
                raise
            outcome = earlier
        done = await answer(Done(draft.id, outcome))
        return await _answered(ctx, asked, draft.id, status, done)


async def _forget(ctx: Context, draft_id: UUID, outcome: type[Outcome]) -> Outcome | None:
    """Delete the draft of a refused write; returns the outcome of a write that was carried out before."""
    async with ctx.autocommit() as session:
        await Draft.forget_refused(session, draft_id)
        draft = await session.get(Draft, draft_id)
    return kept(outcome, draft.outcome or {}) if draft is not None else None


async def _answered(ctx: Context, asked: Asked, draft_id: UUID, status: HTTPStatus, done: Body) -> Response:
    """Store and send the answer; concurrent requests under one key all get the first answer."""
    text, etag = _written(done)
    if asked.key is not None:
        async with ctx.autocommit() as session:
            if not await remember(ctx, session, draft_id, status, text, etag):
                draft = await session.get(Draft, draft_id)
                if draft is not None and draft.answer is not None:
                    return remembered(ctx, draft.answer)
    return response(status, text, etag)


def _written(done: Body) -> tuple[str | None, str | None]:
    return (json_of(done.body), done.etag) if isinstance(done, Tagged) else (json_of(done), None)
