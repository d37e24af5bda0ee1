"""Anchors with their stamps and checks: rows are only added, an anchor's progress is which rows there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, text
from sqlmodel import Field, SQLModel, col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.evidence.anchor import Anchor, Finding, name_of
from domain.kernel import sizes
from models.kernel.columns import choice, created, key

_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtext('privet anchors'))")


class AnchorRow(SQLModel, table=True):
    """`file_key` is the stamped text, `leaves_key` the leaves under the root, one in a line, which stay private."""

    __tablename__ = "anchors"
    __table_args__ = (Index("uq_anchors_day", "day", "extra", unique=True),)

    seq: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    day: date
    extra: int = Field(sa_type=Integer)
    made_at: datetime = created()
    leaves: int = Field(sa_type=BigInteger)
    root: bytes = Field(sa_type=LargeBinary)
    previous_root: bytes | None = Field(default=None, sa_type=LargeBinary)
    previous_sha256: str | None = Field(default=None, max_length=64)
    file_key: str = Field(max_length=sizes.FILE_KEY)
    sha256: str = Field(max_length=64)
    leaves_key: str = Field(max_length=sizes.FILE_KEY)
    leaves_sha256: str = Field(max_length=64)

    @property
    def name(self) -> str:
        return name_of(self.day, self.extra)

    def anchor(self) -> Anchor:
        """What was stamped, as the row says it."""
        return Anchor(
            seq=self.seq,
            day=self.day,
            extra=self.extra,
            made_at=self.made_at,
            leaves=self.leaves,
            root=self.root,
            previous_root=self.previous_root,
            previous_sha256=self.previous_sha256,
        )

    @staticmethod
    async def lock(session: AsyncSession) -> None:
        """One anchor is added at a time; until the transaction ends."""
        await (await session.connection()).execute(_LOCK)

    @staticmethod
    async def newest(session: AsyncSession, before: int | None = None) -> "AnchorRow | None":
        """The last one, or the last before the one with that `seq`."""
        query = select(AnchorRow).order_by(col(AnchorRow.seq).desc()).limit(1)
        return (await session.exec(query if before is None else query.where(col(AnchorRow.seq) < before))).first()

    @staticmethod
    async def newest_day(session: AsyncSession) -> date | None:
        return (await session.exec(select(func.max(col(AnchorRow.day))))).one()

    @staticmethod
    async def of_day(session: AsyncSession, day: date, extra: int) -> "AnchorRow | None":
        query = select(AnchorRow).where(col(AnchorRow.day) == day, col(AnchorRow.extra) == extra)
        return (await session.exec(query)).first()

    @staticmethod
    async def next_extra(session: AsyncSession, day: date) -> int:
        """0 for the first of a day."""
        query = select(func.max(col(AnchorRow.extra))).where(col(AnchorRow.day) == day)
        last = (await session.exec(query)).one()
        return 0 if last is None else last + 1


class AnchorStamp(SQLModel, table=True):
    """The RFC 3161 stamp of an anchor's text; `token_key` is a whole response, as `openssl ts` reads it."""

    __tablename__ = "anchor_stamps"

    anchor_seq: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="anchors.seq")
    stamped_at: datetime
    authority: str = Field(max_length=sizes.LINE)
    token_key: str = Field(max_length=sizes.FILE_KEY)
    token_sha256: str = Field(max_length=64)
    created_at: datetime = created()


class AnchorCheck(SQLModel, table=True):
    """That the trails were compared with the leaves of the anchor before this one."""

    __tablename__ = "anchor_checks"

    anchor_seq: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="anchors.seq")
    against_seq: int | None = Field(default=None, sa_type=BigInteger, foreign_key="anchors.seq")
    clients: int = Field(sa_type=BigInteger)
    findings: int = Field(sa_type=BigInteger)
    checked_at: datetime = created()


class AnchorFinding(SQLModel, table=True):
    """A trail that is not what the anchor `anchor_seq` says it was. `client_id` may name a client who is gone."""

    __tablename__ = "anchor_findings"
    __table_args__ = (Index("uq_anchor_findings", "anchor_seq", "client_id", unique=True),)

    id: UUID = key()
    anchor_seq: int = Field(sa_type=BigInteger, foreign_key="anchors.seq")
    client_id: UUID
    finding: Finding = choice(Finding, "anchor_finding")
    expected_count: int = Field(sa_type=BigInteger)
    found_count: int = Field(sa_type=BigInteger)
    found_at: datetime = created()


@dataclass(frozen=True)
class Published:
    anchor: AnchorRow
    stamp: AnchorStamp | None
    check: AnchorCheck | None


async def published(session: AsyncSession, limit: int, seq: int | None = None) -> Sequence[Published]:
    """Newest first; with `seq` that one alone."""
    query = (
        select(AnchorRow, AnchorStamp, AnchorCheck)
        .outerjoin(AnchorStamp, col(AnchorStamp.anchor_seq) == col(AnchorRow.seq))
        .outerjoin(AnchorCheck, col(AnchorCheck.anchor_seq) == col(AnchorRow.seq))
        .order_by(col(AnchorRow.seq).desc())
        .limit(limit)
    )
    rows = await session.exec(query if seq is None else query.where(col(AnchorRow.seq) == seq))
    return [Published(anchor, stamp, check) for anchor, stamp, check in rows.all()]


async def published_since(session: AsyncSession, at: datetime) -> Sequence[Published]:
    """Anchors that were made at `at` or later, oldest first."""
    query = (
        select(AnchorRow, AnchorStamp)
        .outerjoin(AnchorStamp, col(AnchorStamp.anchor_seq) == col(AnchorRow.seq))
        .where(col(AnchorRow.made_at) >= at)
        .order_by(col(AnchorRow.seq))
    )
    return [Published(anchor, stamp, None) for anchor, stamp in (await session.exec(query)).all()]


async def unfinished(session: AsyncSession, limit: int, *, stamps: bool) -> Sequence[AnchorRow]:
    """Anchors without a check or, where there are stamps, without a stamp; oldest first."""
    unchecked = col(AnchorCheck.anchor_seq).is_(None)
    unstamped = col(AnchorStamp.anchor_seq).is_(None)
    query = (
        select(AnchorRow)
        .outerjoin(AnchorStamp, col(AnchorStamp.anchor_seq) == col(AnchorRow.seq))
        .outerjoin(AnchorCheck, col(AnchorCheck.anchor_seq) == col(AnchorRow.seq))
        .where(or_(unchecked, unstamped) if stamps else unchecked)
        .order_by(col(AnchorRow.seq))
        .limit(limit)
    )
    return (await session.exec(query)).all()


_COUNTS: Final = text(
    """
    SELECT (SELECT count(*) FROM anchors a WHERE a.made_at < now() - interval '3 hours'
               AND NOT EXISTS (SELECT FROM anchor_stamps s WHERE s.anchor_seq = a.seq)) AS late,
           (SELECT coalesce(sum(findings), 0) FROM anchor_checks) AS findings
    """
)


async def count_anchors(session: AsyncSession) -> Mapping[str, int]:
    """Anchors that are late with their stamp, and all findings; both more than 0 are alarms."""
    row = (await (await session.connection()).execute(_COUNTS)).one()
    return {"late": int(row.late), "findings": int(row.findings)}
