"""The managers' list of clients: tabs, the quick search, and pages by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Uuid, and_, case, exists, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import Mapped
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
from models.people.manager import Manager
from models.people.user import User


class Tab(StrEnum):
    NEW = "new"
    IN_WORK = "in_work"
    PROCESSED = "processed"
    MINE = "mine"


class Scope(StrEnum):
    """Whose clients `in_work` and `processed` hold."""

    MINE = "mine"
    TEAM = "team"


@dataclass(frozen=True)
class Mark:
    """The last row of a page; `rank` is 0 for an exact match and 1 for a match with a typo."""

    rank: int
    created_at: datetime
    id: UUID


@dataclass(frozen=True)
class Wanted:
    """Filter of the list, for the asking manager. `progress` adds the columns that `models.onboarding.next_step`
    needs."""

    reader: Manager
    tab: Tab
    query: str = ""
    progress: bool = False
    scope: Scope = Scope.MINE


async def list_clients(session: AsyncSession, wanted: Wanted, after: Mark | None, limit: int) -> Sequence[RowMapping]:
    """Exact matches first, then the newest; `passport` is sealed."""
    devices = select(func.count()).select_from(Device).where(col(Device.client_id) == col(Client.id)).scalar_subquery()
    words = Words(wanted.query, _searched(wanted.reader, wanted.scope))
    rank = words.rank
    statement = (
        select(
            col(Client.id),
            col(Client.user_id),
            func.coalesce(col(Client.contact_name), col(User.name)).label("name"),
            col(Client.full_name),
            func.coalesce(col(Client.contact_phone), col(User.phone), col(User.new_phone)).label("phone"),
            and_(
                col(User.phone).is_not(None),
                col(User.phone_confirmed_at).is_not(None),
                col(User.phone_confirmed_by).is_not(None),
            ).label("phone_confirmed"),
            func.coalesce(col(Client.contact_email), col(User.email), col(User.new_email)).label("email"),
            col(Client.status),
            col(Client.assigned_manager_id),
            col(Client.support_ticket_id),
            col(Client.created_at),
            col(Client.updated_at),
            devices.label("devices_count"),
            func.coalesce(col(Client.contact_address), col(User.address)).label("address"),
            col(PassportRow.data).label("passport"),
            rank.label("rank"),
        )
        .join(User, col(User.id) == col(Client.user_id))
        .outerjoin(PassportRow, col(PassportRow.user_id) == col(Client.user_id))
        .where(
            col(Client.organisation_id) == wanted.reader.organisation_id,
            _tab(wanted.tab, wanted.reader.id, wanted.scope),
            *words.meant,
        )
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


async def count_clients(session: AsyncSession, reader: Manager, query: str, scope: Scope) -> RowMapping:
    """Number of clients per tab, by its name."""
    tabs = {tab: _tab(tab, reader.id, scope) for tab in Tab}
    counts = [func.count().filter(condition).label(tab.value) for tab, condition in tabs.items()]
    statement = (
        select(*counts)
        .select_from(Client)
        .join(User, col(User.id) == col(Client.user_id))
        .where(
            col(Client.organisation_id) == reader.organisation_id,
            # The same conditions again, so that only cards of a tab are read.
            or_(*tabs.values()),
            *Words(query, _searched(reader, scope)).meant,
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


def _searched(reader: Manager, scope: Scope) -> Mapped[str] | ColumnElement[str]:
    """The text that a query is looked up in: of a colleague's card only what the card shows, so not the address of the
    passport, which could be guessed word by word."""
    if scope is Scope.MINE or reader.is_super_admin:
        return col(Client.search_text)
    shown = (
        col(Client.full_name),
        func.coalesce(col(Client.contact_name), col(User.name)),
        *_phone_forms(func.coalesce(col(Client.contact_phone), col(User.phone))),
        func.coalesce(col(Client.contact_email), col(User.email)),
        func.coalesce(col(Client.contact_address), col(User.address)),
    )
    foreign = col(Client.assigned_manager_id) != reader.id
    return case(
        (foreign, func.replace(func.lower(func.concat_ws(" ", *shown)), "ё", "е")), else_=col(Client.search_text)
    )


def _phone_forms(phone: ColumnElement[str]) -> Sequence[ColumnElement[str]]:
    """As `domain.kernel.search.search_text` has them."""
    national = func.right(func.regexp_replace(phone, "[^0-9]", "", "g"), 10)
    return literal("7") + national, literal("8") + national


def _tab(tab: Tab, manager_id: UUID, scope: Scope) -> ColumnElement[bool]:
    mine = col(Client.assigned_manager_id) == manager_id
    held = mine if scope is Scope.MINE else col(Client.assigned_manager_id).is_not(None)
    processed = col(Client.status) == ClientStatus.PROCESSED
    match tab:
        case Tab.NEW:
            return and_(col(Client.assigned_manager_id).is_(None), ~processed)
        case Tab.IN_WORK:
            return and_(held, ~processed)
        case Tab.PROCESSED:
            return and_(mine, processed) if scope is Scope.MINE else processed
        case Tab.MINE:
            return mine
