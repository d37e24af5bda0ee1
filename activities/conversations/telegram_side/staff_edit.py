"""Edits of messages of staff: taken over while nothing was posted, told of when the buyer has the earlier words."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.conversations.core.snapshot import Snapshot
from activities.conversations.telegram_side.staff_message import EDIT, content_of, is_file_replaced, point_to_edit
from domain.conversations.content import INTERNAL, Kind
from domain.conversations.edit import Stage, Verdict, judge
from domain.conversations.limits import EDIT_SENDS_NOTHING, EDITED
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from models import Message, Send
from models.conversations.message import BODY, Delivery, SendStatus
from models.conversations.sends import attachments_of, drop_unposted, sends_of
from models.kernel.columns import seal

AT_ONCE: Final = timedelta(seconds=2)
"""A message that is edited sooner counts as sent: it is on its way at this moment, and what staff are told must not
depend on which comes first."""

_TOLD: Final[Mapping[Verdict, str]] = {Verdict.TELL: EDITED, Verdict.TELL_UNSENT: EDIT_SENDS_NOTHING}


class Overtaken(Exception):
    """Another worker has begun to send the message: nothing is committed, and the activity is repeated."""


class StaffEdits:
    def __init__(self, keyring: Keyring, now: Clock) -> None:
        self.keyring, self.now = keyring, now

    async def apply(self, session: AsyncSession, snapshot: Snapshot, edit: Message) -> Message | None:
        """Does what the edit means, in the open transaction; returns the message if it has to be planned anew.

        Raises Overtaken.
        """
        edit.status, edit.settled_at = Delivery.DELIVERED, self.now()
        message, last = await self._known(session, snapshot, edit)
        if message is None:
            return None
        sends = snapshot.sends.get(message.id) or list(await sends_of(session, [message.id]))
        sent, before, new = (content_of(row, snapshot.body(self.keyring, row)) for row in (message, last, edit))
        verdict = judge(sent, before, new, _stage(message, sends, edit))
        if verdict in _TOLD:
            snapshot.add_notice(session, self.keyring, f"edited:{edit.id}", _TOLD[verdict], self.now(), edit)
        if verdict not in (Verdict.REPLACE, Verdict.WITHDRAW):
            return None
        await self._drop(session, snapshot, message, sends)
        if verdict is Verdict.WITHDRAW:
            message.kind, message.failure = Kind.NOTE, None
            message.status, message.settled_at = Delivery.DELIVERED, self.now()
            return None
        await self._replace(session, snapshot, message, edit)
        return message if sends and message.status is Delivery.PENDING else None

    async def _known(self, session: AsyncSession, snapshot: Snapshot, edit: Message) -> tuple[Message | None, Message]:
        """The message, null if it is unknown, and its state before this edit."""
        key = edit.source_key.partition(EDIT)[0]
        # The rows in hand, not others of the same identity.
        session.add_all([row for row in snapshot.rows if row.source_key == key])
        found = await Message.with_edits(session, edit.dialog_id, key, key + EDIT)
        before = [row for row in found if row.number < edit.number]
        return (before[0], before[-1]) if before and before[0].source_key == key else (None, edit)

    async def _drop(self, session: AsyncSession, snapshot: Snapshot, message: Message, sends: list[Send]) -> None:
        """Takes back the plan of a message of which nothing was posted."""
        snapshot.sends.pop(message.id, None)
        await session.flush()
        if await drop_unposted(session, message.id) != len(sends):
            raise Overtaken
        for send in sends:
            if send in session:
                session.expunge(send)

    async def _replace(self, session: AsyncSession, snapshot: Snapshot, message: Message, edit: Message) -> None:
        """Of a failed message, too: a retry sends what it says now."""
        body, new = snapshot.body(self.keyring, message), snapshot.body(self.keyring, edit)
        if is_file_replaced(body, new):
            files = snapshot.attachments.get(message.id) or await attachments_of(session, [message.id])
            session.add_all(files)
            for file in files:
                point_to_edit(self.keyring, file, new)
        body |= {name: new[name] for name in ("text", "unique") if name in new}
        message.body_sealed = seal(self.keyring, BODY, body)


def _stage(message: Message, sends: list[Send], edit: Message) -> Stage:
    """An album that is planned counts as sent: its captions go together."""
    posted = any(one.status in (SendStatus.CLAIMED, SendStatus.SENT) or one.started_at is not None for one in sends)
    if posted or (message.album is not None and sends):
        return Stage.SENT
    if message.status is Delivery.PENDING:
        return Stage.WAITS if edit.received_at - message.received_at >= AT_ONCE else Stage.SENT
    return Stage.UNSENT if message.status is Delivery.FAILED or message.kind in INTERNAL else Stage.SENT
