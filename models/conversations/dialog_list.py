"""The staff's list of dialogs, and messages of a dialog by pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    ScalarSelect,
    Select,
    Uuid,
    and_,
    exists,
    func,
    literal,
    literal_column,
    or_,
    true,
    tuple_,
)
from sqlalchemy import select as select_rows
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar
from sqlmodel.sql.sqltypes import UTCDateTime

from domain.conversations.content import INTERNAL
from models.channels.account import Account
from models.channels.bot import Bot, BotStatus
from models.conversations.dialog import Dialog, DialogState
from models.conversations.message import Attachment, Author, Delivery, Direction, Message
from models.kernel.words import Words


@dataclass(frozen=True)
class Wanted:
    """Filter of an organisation's dialogs.

    `unanswered`: the buyer waits for a person; `failed`: a message failed and was not retried; `stuck`: a message waits
    for its topic. They mean active dialogs unless `state` is given. `late`: what waits since before then is stuck.
    """

    organisation_id: UUID
    query: str = ""
    state: DialogState | None = None
    account_id: UUID | None = None
    unanswered: bool = False
    failed: bool = False
    stuck: bool = False
    late: datetime | None = None


@dataclass(frozen=True)
class Found:
    """A dialog in the list: the rank of its match, and since when a message is stuck on the way to its topic."""

    dialog: Dialog
    rank: int
    stuck_since: datetime | None


@dataclass(frozen=True)
class Mark:
    """Position behind the last row of a page; a dialog without messages has no `at` and comes first."""

    rank: int
    at: datetime | None
    id: UUID


async def list_dialogs(session: AsyncSession, wanted: Wanted, after: Mark | None, limit: int) -> Sequence[Found]:
    """By rank of the match, then the newest message first."""
    words = Words(wanted.query, col(Dialog.search_text))
    rank, stuck = words.rank, _stuck_since(wanted.late)
    query = select(Dialog, rank.label("rank"), stuck.label("stuck")).where(
        col(Dialog.organisation_id) == wanted.organisation_id, *words.meant
    )
    if wanted.state is not None:
        query = query.where(col(Dialog.state) == wanted.state)
    elif wanted.unanswered or wanted.failed or wanted.stuck:
        query = query.where(_active())
    if wanted.unanswered:
        query = query.where(col(Dialog.first_unanswered_at).is_not(None))
    if wanted.failed:
        query = query.where(_failed())
    if wanted.stuck:
        query = query.where(col(Dialog.id).in_(_stuck_dialogs(wanted.organisation_id, wanted.late)))
    if wanted.account_id is not None:
        query = query.where(col(Dialog.avito_account_id) == wanted.account_id)
    order = (col(Dialog.last_message_at).desc(), col(Dialog.id).desc())
    # A constant rank would keep PostgreSQL from using the list's index.
    query = query.order_by(rank, *order) if words.meant else query.order_by(*order)
    if after is not None and words.meant:
        query = query.where(or_(rank > after.rank, and_(rank == after.rank, _older(after))))
    elif after is not None:
        query = query.where(_older(after))
    return [Found(*row) for row in (await session.exec(query.limit(limit))).all()]


async def stuck_since(session: AsyncSession, dialog_id: UUID, late: datetime) -> datetime | None:
    """Since when a message of the dialog is stuck on the way to its topic."""
    return (await session.exec(select(_stuck_since(late)).where(col(Dialog.id) == dialog_id))).first()


async def count_dialogs(session: AsyncSession, organisation_id: UUID, late: datetime | None = None) -> RowMapping:
    """Counts of `active`, `unanswered`, `failed` and `stuck` dialogs."""
    statement = (
        select_rows(
            func.count().label("active"),
            func.count(col(Dialog.first_unanswered_at)).label("unanswered"),
            func.count().filter(_failed()).label("failed"),
            func.count().filter(col(Dialog.id).in_(_stuck_dialogs(organisation_id, late))).label("stuck"),
        )
        .select_from(Dialog)
        .where(col(Dialog.organisation_id) == organisation_id, _active())
    )
    return (await (await session.connection()).execute(statement)).mappings().one()


async def dialog_of(
    session: AsyncSession, organisation_id: UUID, dialog_id: UUID, *, lock: bool = False
) -> Dialog | None:
    query = select(Dialog).where(col(Dialog.id) == dialog_id, col(Dialog.organisation_id) == organisation_id)
    return (await session.exec(query.with_for_update(key_share=True) if lock else query)).first()


async def messages_before(session: AsyncSession, dialog_id: UUID, before: int | None, limit: int) -> Sequence[Message]:
    """The last messages before a number, newest first."""
    query = _shown(dialog_id).order_by(col(Message.number).desc()).limit(limit)
    return (await session.exec(query if before is None else query.where(col(Message.number) < before))).all()


async def messages_after(session: AsyncSession, dialog_id: UUID, after: int, limit: int) -> Sequence[Message]:
    """The next messages after a number, oldest first."""
    query = _shown(dialog_id).where(col(Message.number) > after).order_by(col(Message.number)).limit(limit)
    return (await session.exec(query)).all()


async def attachments_of(session: AsyncSession, messages: Sequence[Message]) -> dict[UUID, list[Attachment]]:
    """Files by message, in order."""
    ids = [message.id for message in messages]
    by_message: dict[UUID, list[Attachment]] = {}
    if ids:
        query = select(Attachment).where(col(Attachment.message_id).in_(ids)).order_by(col(Attachment.ordinal))
        for one in (await session.exec(query)).all():
            by_message.setdefault(one.message_id, []).append(one)
    return by_message


def _shown(dialog_id: UUID) -> SelectOfScalar[Message]:
    return select(Message).where(
        col(Message.dialog_id) == dialog_id, ~col(Message.hidden), col(Message.kind).not_in(INTERNAL)
    )


def _active() -> ColumnElement[bool]:
    """Condition as in the partial index of unanswered dialogs."""
    return col(Dialog.state) == literal_column("'active'")


def _failed() -> ColumnElement[bool]:
    """Messages that `retry` would send again."""
    return exists().where(
        col(Message.dialog_id) == col(Dialog.id),
        # As in the partial index of failed messages.
        col(Message.status) == literal_column("'failed'"),
        col(Message.direction) == Direction.TELEGRAM,
        ~col(Message.hidden),
        col(Message.kind).not_in(INTERNAL),
    )


def _stuck_since(late: datetime | None) -> ScalarSelect[datetime]:
    """Since when a message of the row's dialog is stuck on the way to its topic."""
    stuck = select_rows(func.min(col(Message.received_at))).where(*_stuck(Dialog, late))
    return stuck.correlate(Dialog).scalar_subquery()


def _stuck_dialogs(organisation_id: UUID, late: datetime | None) -> Select[UUID]:
    """From the messages that are open, which are few, not from the dialogs."""
    dialog = aliased(Dialog)
    of_organisation = col(dialog.organisation_id) == organisation_id
    return select_rows(col(dialog.id)).distinct().select_from(Message).where(of_organisation, *_stuck(dialog, late))


def _stuck(dialog: type[Dialog], late: datetime | None) -> Sequence[ColumnElement[bool]]:
    """Conditions of a message that waits for the dialog's topic: of a bot that fails any, else one from before `late`.

    Notices of the product are no messages; what a deleted account has left waits for nothing.
    """
    waits = or_(
        col(Message.direction) == Direction.AVITO,
        and_(col(Message.author) != Author.STAFF, col(Message.status).in_((Delivery.SENT, Delivery.DELIVERED))),
    )
    fails = or_(col(Bot.failing_since).is_not(None), col(Bot.status) == BotStatus.ERROR)
    lags = exists().where(
        col(Account.id) == col(dialog.avito_account_id),
        col(Account.deleted_at).is_(None),
        col(Bot.id) == col(Account.bot_id),
        or_(fails, col(Message.received_at) < late) if late is not None else true(),
    )
    return (
        col(Message.dialog_id) == col(dialog.id),
        # As in the partial index of open messages.
        col(Message.settled_at).is_(None),
        ~col(Message.hidden),
        col(Message.kind).not_in(INTERNAL),
        waits,
        lags.correlate(Message, dialog),
    )


def _older(after: Mark) -> ColumnElement[bool]:
    """Rows behind the mark; PostgreSQL sorts nulls as the greatest."""
    at, own = col(Dialog.last_message_at), col(Dialog.id)
    if after.at is None:
        return or_(and_(at.is_(None), own < after.id), at.is_not(None))
    return tuple_(at, own) < tuple_(literal(after.at, UTCDateTime()), literal(after.id, Uuid()))
