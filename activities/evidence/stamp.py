"""The RFC 3161 stamp of an anchor: the root is stored first, the stamp comes when the authority answers."""

import hashlib
import logging
from datetime import datetime
from typing import Final, Protocol

from temporalio import activity

from activities.evidence.tokens import as_response
from domain.kernel.clock import Clock
from gateways.stamping.token import Stamp
from gateways.storage.client import Storage
from models.evidence.anchor import AnchorRow, AnchorStamp
from models.kernel.database import Sessions

log = logging.getLogger("privet.evidence")

REPLY: Final = "application/timestamp-reply"


class Authority(Protocol):
    """`gateways.stamping.client.Stamping`."""

    async def stamp(self, sha256: bytes) -> Stamp: ...


class StampActivities:
    """`authority` is None where there is none: anchors then stay without a stamp."""

    def __init__(self, sessions: Sessions, storage: Storage, authority: Authority | None, now: Clock) -> None:
        self.sessions, self.storage, self.authority, self.now = sessions, storage, authority, now

    @activity.defn
    async def stamp_anchor(self, seq: int) -> bool:
        """Stamp the anchor's text, once; False if there is no authority. Raises the outcomes of the authority's call,
        which Temporal repeats for days."""
        async with self.sessions() as session:
            row = await session.get_one(AnchorRow, seq)
            if await session.get(AnchorStamp, seq) is not None:
                return True
        if self.authority is None:
            return False
        stamp = await self.authority.stamp(bytes.fromhex(row.sha256))
        response = as_response(stamp.token)
        digest = hashlib.sha256(response).hexdigest()
        # Each stamp has other bytes, so that two that run at once use different keys.
        key = f"anchors/{row.name}/anchor-{digest[:16]}.tsr"
        await self.storage.put(key, response, REPLY)
        async with self.sessions.begin() as session:
            await AnchorRow.lock(session)
            kept = await session.get(AnchorStamp, seq)
            if kept is None:
                session.add(_row(seq, stamp, key, digest, self.now()))
        if kept is not None and kept.token_key != key:
            await self.storage.delete(key)
        return True

    @activity.defn
    async def report_unstamped(self, seq: int) -> None:
        """An alarm in the log: the authority has not answered for hours. The anchor waits on."""
        async with self.sessions() as session:
            row = await session.get_one(AnchorRow, seq)
        log.error("the anchor %s has no time stamp after hours: is TSA_URL reachable?", row.name)


def _row(seq: int, stamp: Stamp, key: str, digest: str, at: datetime) -> AnchorStamp:
    return AnchorStamp(
        anchor_seq=seq,
        stamped_at=stamp.at,
        authority=stamp.authority[:200],
        token_key=key,
        token_sha256=digest,
        created_at=at,
    )
