"""The managers' list of clients: tabs, the quick search, and pages by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Uuid, and_, exists, func, literal, or_, select, true, tuple_
from sqlalchemy.sql.selectable import LateralFromClause
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from domain.clients.status import ClientStatus
from domain.contracts.status import GONE
from models.clients.client import Client
from models.clients.device import Device
from models.clients.passport import PassportRow
from models.clients.tariff import ClientTariff
from models.contracts.contract import Contract
from models.kernel.words import Words
from models.people.user import User


class Tab(StrEnum):
    NEW = "new"
    IN_WORK = "in_work"
    PROCESSED = "processed"
    MINE = "mine"


@dataclass(frozen=True)
class Mark:
    """The last row of a page; `rank` is 0 for an exact match and 1 for a match with a typo."""

    rank: int
    created_at: datetime
    id: UUID


@dataclass(frozen=True)
class Wanted:
    """Filter of the list; `manager_id` is the asking manager. `progress` adds the columns that
    `models.onboarding.next_step` needs."""

    organisation_id: UUID
    manager_id: UUID
    tab: Tab
    query: str = ""
    progress: bool = False


async def list_clients(session: AsyncSession, wanted: Wanted, after: Mark | None, limit: int) -> Sequence[RowMapping]:
    """Exact matches first, then the newest; `passport` is sealed."""
    devices = select(func.count()).select_from(Device).where(col(Device.client_id) == col(Client.id)).scalar_subquery()
    words = Words(wanted.query, col(Client.search_text))
    rank = words.rank
    statement = (
        select(
            col(Client.id),
            col(Client.user_id),
            func.coalesce(col(Client.contact_name), col(User.name)).label("name"),
            col(Client.full_name),
            func.coalesce(col(Client.contact_phone), col(User.phone)).label("phone"),
            func.coalesce(col(Client.contact_email), col(User.email)).label("email"),
            col(Client.status),
            col(Client.assigned_manager_id),
            col(Client.support_ticket_id),
            col(Client.created_at),
            col(Client.updated_at),
            devices.label("devices_count"),
            col(PassportRow.data).label("passport"),
            rank.label("rank"),
        )
        .join(User, col(User.id) == col(Client.user_id))
        .outerjoin(PassportRow, col(PassportRow.user_id) == col(Client.user_id))
        .where(col(Client.organisation_id) == wanted.organisation_id, _tab(wanted.tab, wanted.manager_id), *words.meant)
        .order_by(rank, col(Client.created_at).desc(), col(Client.id).desc())
        .limit(limit)
    )
    if wanted.progress:
        newest = _newest_contract()
        statement = statement.outerjoin(newest, true()).add_columns(
            col(Client.card_version),
            col(PassportRow.complete).label("passport_complete"),
            exists().where(col(ClientTariff.client_id) == col(Client.id)).label("tariff_applied"),
            *newest.c,
        )
    if after is not None:
        older = tuple_(col(Client.created_at), col(Client.id)) < tuple_(
            literal(after.created_at, UTCDateTime()), literal(after.id, Uuid())
        )
        statement = statement.where(or_(rank > after.rank, and_(rank == after.rank, older)))
    connection = await session.connection()
    return (await connection.execute(statement)).mappings().all()


async def count_clients(session: AsyncSession, organisation_id: UUID, manager_id: UUID, query: str) -> RowMapping:
    """Number of clients per tab, by its name."""
    tabs = {tab: _tab(tab, manager_id) for tab in Tab}
    counts = [func.count().filter(condition).label(tab.value) for tab, condition in tabs.items()]
    statement = (
        select(*counts)
        .select_from(Client)
        .where(
            col(Client.organisation_id) == organisation_id,
            # The same conditions again, so that only cards of a tab are read.
            or_(tabs[Tab.NEW], tabs[Tab.MINE]),
            *Words(query, col(Client.search_text)).meant,
        )
    )
    return (await (await session.connection()).execute(statement)).mappings().one()


def _newest_contract() -> LateralFromClause:
    """The newest contract in force, as in `Contract.newest`."""
    return (
        select(
            col(Contract.id).label("contract_id"),
            col(Contract.number),
            col(Contract.version),
            col(Contract.status).label("contract_status"),
            col(Contract.card_version).label("contract_card_version"),
        )
        .where(col(Contract.client_id) == col(Client.id), col(Contract.status).not_in(GONE))
        .order_by(col(Contract.version).desc())
        .limit(1)
        .correlate(Client)
        .lateral("newest")
    )


def _tab(tab: Tab, manager_id: UUID) -> ColumnElement[bool]:
    mine = col(Client.assigned_manager_id) == manager_id
    processed = col(Client.status) == ClientStatus.PROCESSED
    match tab:
        case Tab.NEW:
            return and_(col(Client.assigned_manager_id).is_(None), ~processed)
        case Tab.IN_WORK:
            return and_(mine, ~processed)
        case Tab.PROCESSED:
            return and_(mine, processed)
        case Tab.MINE:
            return mine
