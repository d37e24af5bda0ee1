"""Openings of contracts in sessions of their clients, and the hashes of verify links."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.contracts.status import ContractStatus
from domain.kernel import sizes
from models.contracts.contract import Contract
from models.kernel.columns import created, reference

_PORTION: Final = 1000


class ContractOpening(SQLModel, table=True):
    """The client opened the PDF in a session: the first time with its origin, and the last one.

    `sha256` is of the bytes that were served. A session ends and is deleted, what was done in it stays.
    """

    __tablename__ = "contract_openings"

    contract_id: UUID = Field(foreign_key="manager_contracts.id", primary_key=True, ondelete="CASCADE")
    session_id: UUID = Field(primary_key=True)
    sha256: str = Field(primary_key=True, max_length=64)
    first_at: datetime = created()
    last_at: datetime = created()
    ip: str | None = Field(default=None, max_length=64)
    user_agent: str | None = Field(default=None, max_length=sizes.LONG_LINE)

    @staticmethod
    async def note(session: AsyncSession, opening: "ContractOpening") -> None:
        """The first opening, or the new time of the last one."""
        first = insert(ContractOpening).values(opening.model_dump())
        again = first.on_conflict_do_update(
            index_elements=["contract_id", "session_id", "sha256"], set_={"last_at": opening.last_at}
        )
        await (await session.connection()).execute(again)

    @staticmethod
    async def of_session(session: AsyncSession, contract_id: UUID, session_id: UUID) -> Sequence["ContractOpening"]:
        own = select(ContractOpening).where(
            col(ContractOpening.contract_id) == contract_id, col(ContractOpening.session_id) == session_id
        )
        return (await session.exec(own.order_by(col(ContractOpening.first_at)))).all()


class VerifyLink(SQLModel, table=True):
    """A token of a contract's verify link as its SHA-256: by these alone the API knows a link that was printed."""

    __tablename__ = "contract_verify_links"

    contract_id: UUID = reference("manager_contracts.id", cascade=True, index=True)
    token_sha256: bytes = Field(sa_type=LargeBinary, primary_key=True)

    @staticmethod
    async def add(session: AsyncSession, links: Iterable["VerifyLink"]) -> None:
        """What is there already stays."""
        rows = [link.model_dump() for link in links]
        connection = await session.connection()
        for begin in range(0, len(rows), _PORTION):
            portion = insert(VerifyLink).values(rows[begin : begin + _PORTION])
            await connection.execute(portion.on_conflict_do_nothing(index_elements=["token_sha256"]))

    @staticmethod
    async def is_known(session: AsyncSession, contract_id: UUID, token_sha256: bytes) -> bool:
        own = exists().where(col(VerifyLink.token_sha256) == token_sha256, col(VerifyLink.contract_id) == contract_id)
        return bool((await session.exec(select(own))).one())

    @staticmethod
    async def signed(session: AsyncSession) -> Sequence[tuple[UUID, str, str]]:
        """Id, number and digest of every signed contract."""
        query = select(Contract.id, Contract.number, Contract.sha256).where(
            col(Contract.status) == ContractStatus.SIGNED
        )
        return [(one, number, sha256 or "") for one, number, sha256 in (await session.exec(query)).all()]
