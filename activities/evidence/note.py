"""The anchor by mail to the owners, with the digest of the day: their mailboxes are out of our reach."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.deliveries.queue import Attached, Letter, NewDelivery, queue_delivery
from domain.deliveries.delivery import Channel, Purpose
from domain.evidence.note import Note
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from models.evidence.anchor import Published, published
from models.evidence.digest import digest_of, owners
from models.kernel.database import Sessions

_NOTES: Final = UUID("c5f1a1f0-3f0c-4f55-8a36-0f7a5d0b9e42")


class NoteActivities:
    def __init__(self, sessions: Sessions, keyring: Keyring, zone: ZoneInfo, now: Clock) -> None:
        self.sessions, self.keyring, self.zone, self.now = sessions, keyring, zone, now

    @activity.defn
    async def note_owners(self, seq: int) -> int:
        """Queue a mail to each owner, once without a stamp and once with it; returns the number of new mails.

        The sweep of deliveries starts them.
        """
        async with self.sessions.begin() as session:
            (one,) = await published(session, 1, seq)
            note = await self._note(session, one)
            letter = Letter(note.subject(), note.text(), attachments=_files(one))
            kind = "stamped" if one.stamp else "unstamped"
            added = [
                await queue_delivery(
                    session,
                    self.keyring,
                    NewDelivery(
                        id=uuid5(_NOTES, f"{seq} {kind} {owner.id}"),
                        purpose=Purpose.OWNER_NOTE,
                        channels=(Channel.MAIL,),
                        letter=letter,
                        at=self.now(),
                        manager_id=owner.id,
                    ),
                )
                for owner in await owners(session)
            ]
        return sum(added)

    async def _note(self, session: AsyncSession, one: Published) -> Note:
        row, stamp = one.anchor, one.stamp
        until = datetime.combine(row.day, time(), self.zone)
        digest = await digest_of(session, row.seq, until - timedelta(days=1), until)
        daily = row.extra == 0
        return Note(
            name=row.name,
            day=row.day,
            leaves=row.leaves,
            sha256=row.sha256,
            root=row.root.hex(),
            signatures=digest.signatures if daily else None,
            flags=digest.flags if daily else None,
            breaks=digest.breaks if daily else None,
            findings=digest.findings,
            stamped_at=stamp.stamped_at.astimezone(self.zone) if stamp else None,
            authority=stamp.authority if stamp else None,
        )


def _files(one: Published) -> tuple[Attached, ...]:
    name = one.anchor.name
    files = [Attached(one.anchor.file_key, f"anchor-{name}.json", "application/json")]
    if one.stamp is not None:
        files.append(Attached(one.stamp.token_key, f"anchor-{name}.tsr", "application/timestamp-reply"))
    return tuple(files)
