"""Sends waiting messages to Avito, in order and never twice: claimed before a POST, looked up before a second one.

Killed before a claim: nothing has happened. Killed after it: the send is looked up three times before one more POST;
found, it is adopted. Killed after settling: the next send follows.
"""

from datetime import datetime, timedelta
from typing import Final

from activities.avito.account import Accounts, Opened
from activities.conversations.avito_side.delete_and_block import AvitoCommands
from activities.conversations.avito_side.echo import mark_sent
from activities.conversations.avito_side.needless_reply import can_withdraw, is_needless, withdraw
from activities.conversations.avito_side.refusal import said_by_avito
from activities.conversations.avito_side.send_lookup import POSTS, SendLookup
from activities.conversations.core.later import Later, later_of_avito
from activities.conversations.core.snapshot import Snapshot, all_sent, mark_accepted, want
from activities.conversations.telegram_side.attachment import Files, NoFile
from activities.conversations.telegram_side.document import Documents
from activities.conversations.telegram_side.send_plan import album_complete_at, refuse
from domain.conversations.content import Kind
from domain.conversations.limits import CAPTION_WENT, refusal_of
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.trouble import Trouble
from gateways.avito.client import AvitoAccount
from gateways.avito.shapes import Sent
from gateways.outcome import NotDone, PaymentRequired, Rejected, Unauthorised, Unknown
from models import Message, Send
from models.conversations.message import SEND_BODY, Author, SendStatus
from models.conversations.send_claims import claim, claim_new, settle, unclaim
from models.kernel.columns import unseal
from models.kernel.database import Sessions, at_once

SLOW: Final = timedelta(seconds=5)
UNCERTAIN: Final = "неизвестно, дошло ли"


class MessageSender:
    def __init__(
        self,
        sessions: Sessions,
        keyring: Keyring,
        accounts: Accounts,
        files: Files,
        avito_commands: AvitoCommands,
        now: Clock,
    ) -> None:
        self.sessions, self.keyring, self.accounts, self.files = sessions, keyring, accounts, files
        self.avito_commands, self.now = avito_commands, now
        self.documents = Documents(sessions, keyring, files)
        self.lookup = SendLookup(sessions, keyring, accounts, now)
        self.at_once = at_once(sessions)

    async def send_waiting(self, snapshot: Snapshot, opened: Opened, until: datetime) -> None:
        """Sends what waits until `until`. Raises Later if a message and those behind it must wait.

        A picture that cannot be had from Telegram keeps back what staff have written in the topic, and nothing else.
        """
        waits: Later | None = None
        for row in snapshot.to_send:
            if self.now() >= until:
                return
            if waits is not None and row.author is Author.STAFF:
                continue
            try:
                await self._next(snapshot, row, opened)
            except Later as later:
                if later.trouble is not Trouble.TELEGRAM:
                    raise
                waits = later
        if waits is not None:
            raise waits

    async def _next(self, snapshot: Snapshot, row: Message, opened: Opened) -> None:
        if can_withdraw(snapshot, row):
            await self._withdraw(snapshot, row)
        elif row.kind == Kind.COMMAND and row.id not in snapshot.sends:
            await self.avito_commands.run(snapshot, row, opened)
        else:
            await self._message(snapshot, row, opened)

    def claim_first(self, snapshot: Snapshot, row: Message) -> None:
        """Claims the first send of `row` in the transaction that plans it, if nothing waits before it.

        To be followed by `send_waiting` at once; otherwise the chat is looked at first.
        """
        for send in snapshot.sends.get(row.id, [])[:1]:
            claim_new(send, self.now())
            snapshot.claimed_sends.add(send.id)

    async def mark_delayed(self, snapshot: Snapshot, later: Later) -> None:
        """Reacts on messages of staff that wait longer than a moment."""
        rows = [row for row in snapshot.to_send if row.reaction is None and row.reaction_wanted is None]
        if later.at - self.now() <= SLOW or not rows:
            return
        async with self.sessions.begin() as session:
            session.add_all(rows)
            for row in rows:
                want(row, "✍")

    async def _withdraw(self, snapshot: Snapshot, row: Message) -> None:
        async with self.sessions.begin() as session:
            withdraw(session, row, snapshot.sends.get(row.id, []), self.now())

    async def _message(self, snapshot: Snapshot, row: Message, opened: Opened) -> None:
        sends = snapshot.sends.get(row.id, [])
        if not sends:
            # Its album is incomplete or its document unread, and later messages wait for it.
            raise snapshot.unplanned or Later(
                None, album_complete_at([one for one in snapshot.to_send if one.album == row.album])
            )
        for send in sends:
            if send.status is not SendStatus.SENT and not await self._send(snapshot, row, send, opened):
                return

    async def _send(self, snapshot: Snapshot, row: Message, send: Send, opened: Opened) -> bool:
        """Whether the next part may follow."""
        if send.started_at is not None and send.id not in snapshot.claimed_sends:
            if (found := await self.lookup.find(snapshot, send, opened)) is not None:
                await self._settle(snapshot, row, send, found)
                return True
            if send.attempts >= POSTS:
                await self._give_up(snapshot, row, send)
                return False
            if send.ordinal == 0 and is_needless(snapshot, row):
                await self._withdraw(snapshot, row)
                return False
        return await self._post(snapshot, row, send, opened)

    async def _post(self, snapshot: Snapshot, row: Message, send: Send, opened: Opened) -> bool:
        try:
            if send.kind == Kind.IMAGE and send.avito_image_id is None:
                send.avito_image_id = await self._upload(snapshot, row, send, opened)
        except NoFile as missing:
            await self._fail(snapshot, row, send, refusal_of(missing.what))
            return False
        except Rejected as refusal:
            await self._fail(snapshot, row, send, said_by_avito(refusal))
            return False
        try:
            sent = await self._call(snapshot, send, opened)
        except Rejected as refusal:
            await self._fail(snapshot, row, send, said_by_avito(refusal))
            return False
        await self._settle(snapshot, row, send, sent.id)
        return True

    async def _call(self, snapshot: Snapshot, send: Send, opened: Opened) -> Sent:
        """Posts when it is the account's turn: what waits for it is not claimed. Raises Later or Rejected."""
        with later_of_avito(lambda: snapshot.next_try(self.now())):
            try:
                return await self.accounts.call(opened, lambda avito: self._claimed(avito, snapshot, send))
            except NotDone:
                if send.id in snapshot.claimed_sends:
                    # Claimed with the row, and never its turn.
                    snapshot.claimed_sends.remove(send.id)
                    await self._unclaim(send, None)
                await self._keep_image(send)
                raise
            except Unknown:
                raise Later(Trouble.AVITO, self.lookup.next_at(send)) from None

    async def _claimed(self, avito: AvitoAccount, snapshot: Snapshot, send: Send) -> Sent:
        """Posts under a claim and gives it back if nothing was posted."""
        before = await self._claim(snapshot, send)
        try:
            return await self._do(avito, snapshot, send)
        except (NotDone, Unauthorised, PaymentRequired):
            await self._unclaim(send, before)
            raise

    async def _do(self, avito: AvitoAccount, snapshot: Snapshot, send: Send) -> Sent:
        if send.kind == Kind.IMAGE:
            return await avito.send_image(snapshot.conversation.chat_id, send.avito_image_id or "")
        assert send.body_sealed is not None
        text = str(unseal(self.keyring, SEND_BODY, send.body_sealed))
        return await avito.send_text(snapshot.conversation.chat_id, text)

    async def _upload(self, snapshot: Snapshot, row: Message, send: Send, opened: Opened) -> str:
        """The id of an uploaded image; safe to repeat. Raises NoFile, Rejected or Later."""
        file = next((one for one in snapshot.attachments.get(row.id, []) if one.id == send.attachment_id), None)
        if file is None:
            raise NoFile("image_broken")
        found = await self.files.from_telegram(snapshot, row, file)
        name = f"image.{found.extension}"
        with later_of_avito(lambda: snapshot.next_try(self.now())):
            try:
                return await self.accounts.call(
                    opened, lambda avito: avito.upload_image(name, found.data, found.content_type or "image/jpeg")
                )
            except Unknown as error:
                if not await self.files.is_stuck(file):
                    raise
                # Avito answers about the chat and never about this picture; else that raises, and all wait for Avito.
                await self.accounts.read(opened, lambda avito: avito.chat(snapshot.conversation.chat_id))
                raise NoFile("image_stuck") from error

    async def _keep_image(self, send: Send) -> None:
        """An uploaded image is not uploaded again by the next attempt."""
        if send.avito_image_id is not None:
            async with self.sessions.begin() as session:
                session.add(send)

    async def _claim(self, snapshot: Snapshot, send: Send) -> datetime | None:
        """Claims the send before its POST; returns the `started_at` of an earlier claim."""
        if send.id in snapshot.claimed_sends:
            snapshot.claimed_sends.remove(send.id)
            return None
        before, at = send.started_at, self.now()
        async with self.at_once.connect() as connection:
            mine = await claim(connection, send, at)
        if not mine:
            # Another worker handles this conversation: its rows are read again soon.
            raise Later(None, at + timedelta(seconds=1))
        return before

    async def _unclaim(self, send: Send, started_at: datetime | None) -> None:
        """Gives back a claim under which nothing was posted."""
        async with self.at_once.connect() as connection:
            await unclaim(connection, send, started_at)

    async def _settle(self, snapshot: Snapshot, row: Message, send: Send, avito_id: str) -> None:
        """Stores the arrival of a send, and with the last part of message and dialog, in one statement."""
        now = self.now()
        mark_sent(send, avito_id, now)
        whole = all_sent(snapshot.sends[row.id])
        if whole:
            mark_accepted(snapshot.dialog, row, now)
        async with self.at_once.connect() as connection:
            await settle(connection, send, row, snapshot.dialog, whole=whole)

    async def _fail(self, snapshot: Snapshot, row: Message, send: Send, reason: str) -> None:
        """Avito refuses a part: it and later parts fail, with a notice in the topic."""
        # After a second POST the outcome of the first is unknown.
        await self._stop(snapshot, row, send, reason, "💔", proven=send.attempts <= 1)

    async def _give_up(self, snapshot: Snapshot, row: Message, send: Send) -> None:
        """Posted twice and never found: the topic is told, and a late echo is still adopted."""
        reason = f"{UNCERTAIN}: Avito не ответил и не показывает его в чате. Проверьте чат; отправить ещё раз — /retry."
        await self._stop(snapshot, row, send, f"Сообщение — {reason}", "🤔", proven=False)

    async def _stop(
        self, snapshot: Snapshot, row: Message, send: Send, reason: str, emoji: str, *, proven: bool
    ) -> None:
        sends = snapshot.sends[row.id]
        if len(sends) > 1:
            place = sends.index(send) + 1
            reason = f"Часть {place} из {len(sends)}: {reason}"
            if place < len(sends):
                reason += " Следующие части не отправлялись."
            elif send.kind == Kind.IMAGE:
                reason += CAPTION_WENT
        async with self.sessions.begin() as session:
            session.add_all([*sends, row, snapshot.dialog])
            for one in sends:
                if one.status is not SendStatus.SENT:
                    one.status = SendStatus.FAILED
                if one is send and proven:
                    one.started_at = None
            refuse(session, snapshot, self.keyring, row, reason, self.now(), emoji)
