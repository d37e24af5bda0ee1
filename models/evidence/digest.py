"""What owners are told of a day: signatures, and what the trails were found to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.clients.place import NEARBY
from models.clients.trail import Event, TrailBreak
from models.contracts.contract import Contract
from models.evidence.anchor import AnchorCheck
from models.people.manager import Manager, Role
from models.people.organisation import FIRST


@dataclass(frozen=True)
class Digest:
    """`flags`: acts near which staff was noticed; `breaks`: broken chains that were found; `findings`: trails that
    differ from the anchor before, None if they were not compared."""

    signatures: int
    flags: int
    breaks: int
    findings: int | None


async def digest_of(session: AsyncSession, seq: int, since: datetime, until: datetime) -> Digest:
    """Signatures, flags and breaks from `since` to before `until`, and what the check of anchor `seq` found."""
    signed = select(func.count()).select_from(Contract)
    signed = signed.where(col(Contract.signed_at) >= since, col(Contract.signed_at) < until)
    flagged = select(func.count()).select_from(Event).where(col(Event.verb) == NEARBY)
    flagged = flagged.where(col(Event.at) >= since, col(Event.at) < until)
    broken = select(func.count()).select_from(TrailBreak)
    broken = broken.where(col(TrailBreak.found_at) >= since, col(TrailBreak.found_at) < until)
    check = await session.get(AnchorCheck, seq)
    return Digest(
        signatures=(await session.exec(signed)).one(),
        flags=(await session.exec(flagged)).one(),
        breaks=(await session.exec(broken)).one(),
        findings=check.findings if check else None,
    )


async def owners(session: AsyncSession) -> Sequence[Manager]:
    """Owners of organisation 1 with an e-mail address, who work."""
    query = select(Manager).where(
        col(Manager.organisation_id) == FIRST,
        col(Manager.role) == Role.OWNER,
        col(Manager.disabled_at).is_(None),
        col(Manager.email).is_not(None),
    )
    return (await session.exec(query.order_by(col(Manager.created_at), col(Manager.id)))).all()
