"""The queue for the turns of an Avito account, shared by all workers."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, bindparam, delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel.turns import Place, Urgency

WHO: Final = 200


class AvitoWait(SQLModel, table=True):
    """A place in the queue (`domain.kernel.turns.Place`); without a return in time it is lost.

    `who` is Avito's id of the chat whose conversation waits, or the account's own keeper.
    """

    __tablename__ = "avito_waits"

    account_id: UUID = Field(foreign_key="avito_accounts.id", primary_key=True)
    who: str = Field(max_length=WHO, primary_key=True)
    urgency: int = Field(sa_type=Integer, primary_key=True)
    asked_at: datetime
    retry_at: datetime

    @property
    def place(self) -> Place:
        return Place(self.who, Urgency(self.urgency), self.asked_at, self.retry_at)

    @staticmethod
    async def queue(session: AsyncSession, account_id: UUID, came_back_since: datetime) -> Sequence[Place]:
        """The account's row is to be locked."""
        found = (await session.exec(_QUEUE, params={"account": account_id, "since": came_back_since})).all()
        return [one.place for one in found]

    @staticmethod
    async def enter(session: AsyncSession, account_id: UUID, place: Place) -> None:
        """Adds the place or updates its times."""
        times = {"asked_at": place.asked_at, "retry_at": place.retry_at}
        row = insert(AvitoWait).values(account_id=account_id, who=place.who, urgency=int(place.urgency), **times)
        again = row.on_conflict_do_update(index_elements=["account_id", "who", "urgency"], set_=times)
        await (await session.connection()).execute(again)

    @staticmethod
    async def leave(session: AsyncSession, account_id: UUID, who: str, urgencies: Iterable[Urgency]) -> None:
        mine = (col(AvitoWait.account_id) == account_id, col(AvitoWait.who) == who)
        done = delete(AvitoWait).where(*mine, col(AvitoWait.urgency).in_([int(one) for one in urgencies]))
        await (await session.connection()).execute(done)


_QUEUE = select(AvitoWait).where(
    col(AvitoWait.account_id) == bindparam("account"), col(AvitoWait.retry_at) >= bindparam("since")
)
