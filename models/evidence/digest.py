"""What owners are told of a day: signatures, and what the trails were found to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contracts.contract import Contract
from models.evidence.anchor import AnchorCheck
from models.people.manager import Manager, Role
from models.people.organisation import FIRST


@dataclass(frozen=True)
class Digest:
    """`findings`: trails that differ from the anchor before; None if they were not compared."""

    signatures: int
    findings: int | None


async def digest_of(session: AsyncSession, seq: int, since: datetime, until: datetime) -> Digest:
    """Signatures from `since` to before `until`, and what anchor `seq` was found by its check."""
    signed = select(func.count()).select_from(Contract)
    signed = signed.where(col(Contract.signed_at) >= since, col(Contract.signed_at) < until)
    check = await session.get(AnchorCheck, seq)
    return Digest((await session.exec(signed)).one(), check.findings if check else None)


async def owners(session: AsyncSession) -> Sequence[Manager]:
    """Owners of organisation 1 with an e-mail address, who work."""
    query = select(Manager).where(
        col(Manager.organisation_id) == FIRST,
        col(Manager.role) == Role.OWNER,
        col(Manager.disabled_at).is_(None),
        col(Manager.email).is_not(None),
    )
    return (await session.exec(query.order_by(col(Manager.created_at), col(Manager.id)))).all()
