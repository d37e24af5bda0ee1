"""Routes of dialogs with buyers: list, read, answer, close, reopen."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.conversations.core.reply import queue_reply
from activities.conversations.core.wake import Side
from activities.kernel.command import NoOutcome
from api.context import Context, Ctx
from api.conversations.access import AtDialog
from api.conversations.messages import view, views
from api.conversations.shapes import DialogCounts, DialogDetail, DialogView, MessageView
from api.conversations.updates import update_dialog
from api.http.fields import Body, Text4000
from api.http.paging import Cursor, Limit, link_next, read_cursor, write_cursor
from api.http.problems import ASKED, LISTING, READING, problems
from api.http.route import router
from api.http.search import Search
from api.people.access import CurrentStaff, caller_of
from api.writes.keys import Asked
from api.writes.once import IdempotencyKey, once
from api.writes.send import Done, send
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.refusal import EmptyMessage, IdempotencyMismatch, WrongStep
from models import Dialog
from models.conversations.dialog import DialogState
from models.conversations.dialog_list import Mark, Wanted, count_dialogs, list_dialogs, messages_before, stuck_since
from models.people.manager import Manager

PAGE: Final = 200
"""Largest number of messages in an answer."""

EMPTY: Final = "Напишите сообщение."

LATE: Final = timedelta(minutes=1)
"""A message that waits for its topic for so long is stuck; while the bot fails, at once."""

Before = Annotated[str | None, Query(max_length=500, description="From the `Link` header: the messages before these.")]

Unanswered = Annotated[bool, Query(description="Only those where the buyer waits for a person; active ones.")]
Failed = Annotated[bool, Query(description="Only those with a message that failed for good; active ones.")]
Stuck = Annotated[bool, Query(description="Only those with a message that waits for a topic that lags; active ones.")]

routes = router("conversations: dialogs", "/dialogs")


class Reply(Body):
    text: Text4000


@routes.get("", response_model=list[DialogView], responses=problems(*LISTING))
async def show_list(
    request: Request,
    response: Response,
    ctx: Ctx,
    staff: CurrentStaff,
    q: Search = "",
    state: DialogState | None = None,
    account_id: UUID | None = None,
    unanswered: Unanswered = False,
    failed: Failed = False,
    stuck: Stuck = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> list[DialogView]:
    """The one with the newest message first."""
    wanted = Wanted(staff.organisation_id, q, state, account_id, unanswered, failed, stuck, ctx.now() - LATE)
    after = read_cursor(cursor, _mark)
    async with ctx.autocommit() as session:
        found = await list_dialogs(session, wanted, after, limit + 1)
    if len(found) > limit:
        last = found[limit - 1]
        at = last.dialog.last_message_at
        link_next(request, response, write_cursor(last.rank, at.isoformat() if at else None, last.dialog.id))
    return [_view(one.dialog, one.stuck_since) for one in found[:limit]]


@routes.get("/counts", response_model=DialogCounts, responses=problems(*ASKED))
async def show_counts(ctx: Ctx, staff: CurrentStaff) -> DialogCounts:
    """For badges: active dialogs, and those of them that `unanswered`, `failed` and `stuck` list."""
    async with ctx.autocommit() as session:
        return DialogCounts.model_validate(dict(await count_dialogs(session, staff.organisation_id, ctx.now() - LATE)))


@routes.get("/{dialog_id}", response_model=DialogDetail, responses=problems(*READING))
async def show(
    request: Request,
    response: Response,
    ctx: Ctx,
    dialog: AtDialog,
    before: Before = None,
) -> DialogDetail:
    """The last 200 messages, the oldest first; internal notes and commands are not among them."""
    number = read_cursor(before, _number, "before")
    async with ctx.autocommit() as session:
        found = await messages_before(session, dialog.id, number, PAGE + 1)
        messages = await views(ctx, session, found[:PAGE][::-1])
        stuck = await stuck_since(session, dialog.id, ctx.now() - LATE)
    if len(found) > PAGE:
        link_next(request, response, write_cursor(found[PAGE - 1].number), "before")
    return DialogDetail(dialog=_view(dialog, stuck), messages=messages)


@routes.post(
    "/{dialog_id}/messages",
    status_code=HTTPStatus.CREATED,
    response_model=MessageView,
    responses=problems(*READING, EmptyMessage, WrongStep, IdempotencyMismatch),
)
async def reply(body: Reply, ctx: Ctx, staff: CurrentStaff, dialog: AtDialog, key: IdempotencyKey = None) -> Response:
    """Kept at once, sent by the dialog's workflow in its turn; a long text goes in several messages."""
    if not body.text:
        raise EmptyMessage(EMPTY)

    async def make(session: AsyncSession) -> MessageView:
        return view(ctx, await queue_reply(session, ctx.keyring, staff, dialog.id, body.text, ctx.now()), {})

    asked = Asked(caller_of(staff), "POST /dialogs/{id}/messages", key, [str(dialog.id), body.text])
    answer = await once(ctx, asked, make, HTTPStatus.CREATED)
    ctx.wakes.conversation(dialog.avito_account_id, dialog.avito_dialog_id, Side.STAFF)
    return answer


@routes.post("/{dialog_id}/close", response_model=DialogView, responses=problems(*READING, WrongStep))
async def close(ctx: Ctx, staff: CurrentStaff, dialog: AtDialog, key: IdempotencyKey = None) -> Response:
    """Nothing is asked or answered by itself any more; the buyer's next message opens it again."""
    return await _change(ctx, staff, dialog, "close", key)


@routes.post("/{dialog_id}/reopen", response_model=DialogView, responses=problems(*READING, WrongStep))
async def reopen(ctx: Ctx, staff: CurrentStaff, dialog: AtDialog, key: IdempotencyKey = None) -> Response:
    return await _change(ctx, staff, dialog, "reopen", key)


@routes.post("/{dialog_id}/retry", response_model=DialogView, responses=problems(*READING, WrongStep))
async def retry(ctx: Ctx, staff: CurrentStaff, dialog: AtDialog, key: IdempotencyKey = None) -> Response:
    """Sends again what failed for good, and asks Avito again for files that have not come."""
    return await _change(ctx, staff, dialog, "retry", key)


async def _change(ctx: Context, staff: Manager, dialog: Dialog, verb: str, key: str | None) -> Response:
    async def answer(_: Done[NoOutcome]) -> DialogView:
        async with ctx.autocommit() as session:
            stuck = await stuck_since(session, dialog.id, ctx.now() - LATE)
            return _view(await session.get_one(Dialog, dialog.id), stuck)

    asked = Asked(caller_of(staff), f"POST /dialogs/{{id}}/{verb}", key, [dialog.id])
    update = update_dialog(ctx.temporal, dialog, verb, Actor(ActorKind.MANAGER, staff.id))
    return await send(ctx, asked, update, {}, answer)


def _view(dialog: Dialog, stuck_since: datetime | None) -> DialogView:
    return DialogView.model_validate(dialog).model_copy(update={"stuck_since": stuck_since})


def _mark(rank: int, at: str | None, dialog_id: str) -> Mark:
    moment = datetime.fromisoformat(at) if at is not None else None
    if rank not in (0, 1) or (moment is not None and moment.tzinfo is None):
        raise ValueError
    return Mark(rank, moment.astimezone(UTC) if moment else None, UUID(dialog_id))


def _number(number: int) -> int:
    if not isinstance(number, int) or not 0 <= number < 2**63:
        raise ValueError
    return number
