"""Where updates of Telegram and webhooks of Avito come in: rows in one transaction, each once; the caller wakes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.channels.bot_request import PRESENT, Errand, errand_of, id_errand
from activities.channels.webhook_secret import Closed, Doors
from activities.conversations.core.dialog import close
from activities.conversations.core.wake import Side, Woken, WokenBot
from activities.conversations.telegram_side.staff_message import rows_of
from domain.conversations.content import Kind
from domain.kernel import sizes
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from gateways.avito.shapes import Hook, read_hook
from gateways.telegram.heard import Commanded, Edited, Joined, Moved, Said, TopicEvent
from gateways.telegram.updates import Updates
from models import AvitoHint, Bot, BotErrand, TelegramUpdate
from models.channels.bot import ERRAND, BotStatus
from models.conversations.dialog import DialogState
from models.conversations.inbox import NewHint, Topic, add_from_staff, locked_dialog
from models.conversations.topic import follow_move, is_another_organisations
from models.kernel.columns import seal
from models.kernel.database import Sessions, at_once

InTopic: TypeAlias = Said | Commanded | Edited | TopicEvent

LONGEST_ID: Final = 110
"""Signs of Avito's ids; the column has room for ours behind it."""

LOST_AFTER: Final = timedelta(seconds=5)
"""A wake that nobody has followed for so long is not waited for."""

CHAT_TYPES: Final = ("u2i", "u2u", "")
"""Chats with people; in the others Avito itself writes to the seller."""

OUT_OF_GROUP: Final = "Бота нет в группе или он не администратор: верните его и дайте право управлять темами."


class Inbox:
    """Asks nobody outside, so that a webhook is answered within milliseconds."""

    def __init__(self, sessions: Sessions, keyring: Keyring, updates: Updates, now: Clock) -> None:
        self.sessions, self.keyring, self.updates, self.now = sessions, keyring, updates, now
        self.at_once = at_once(sessions)
        self.doors = Doors(sessions, keyring)

    async def take_update(self, bot: Bot, raw: Mapping[str, object]) -> list[Woken | WokenBot]:
        """Whom an update of Telegram is news for; nobody when it came before or concerns no one."""
        update_id = raw.get("update_id")
        if not isinstance(update_id, int) or not 0 <= update_id <= sizes.BIGINT:
            return []
        heard = await self.updates.hear(raw, bot.telegram_id, bot.username)
        if (errand := errand_of(heard, bot)) is not None:
            return await self._take_errand(bot, update_id, errand)
        match heard:
            case Said() | Commanded() | Edited() | TopicEvent():
                # Not only in the bot's group: what was said before it moved may be told after.
                return await self._take_in_topic(bot, update_id, heard)
            case Moved() if heard.old_chat_id == bot.group_chat_id:
                await self._move(bot, update_id, heard)
            case Joined() if heard.chat_id == bot.group_chat_id:
                await self._note_place(bot, update_id, heard)
        return []

    async def hear_avito(self, account_id: UUID, secret: str, raw: bytes) -> Woken | None:
        """`take_hook` for who knows the account's secret; `Closed` for everybody else."""
        known = self.doors.known(account_id, secret)
        if known is not None and (hook := _hook(raw)) is not None:
            try:
                return await self._take_hook(account_id, hook, known)
            except Closed:
                self.doors.forget(account_id)
        await self.doors.open(account_id, secret)
        return await self.take_hook(account_id, raw)

    async def take_hook(self, account_id: UUID, raw: bytes) -> Woken | None:
        """The conversation to wake for a webhook of Avito.

        None for a probe, a shape not known, a repetition, an echo of what we have sent, and where a wake is on its way:
        under load one reading of a chat takes in all that was said meanwhile.
        """
        hook = _hook(raw)
        return await self._take_hook(account_id, hook, None) if hook is not None else None

    async def _take_hook(self, account_id: UUID, hook: Hook, sealed: bytes | None) -> Woken | None:
        """`sealed`: the account's secret as it was; Closed, and nothing stored, where it has another one by now."""
        at = self.now()
        async with self.at_once.connect() as connection:
            hint = NewHint(account_id, _once(hook), hook.chat_id, _author(hook), at, at - LOST_AFTER)
            wakes = await AvitoHint.add(connection, hint, sealed)
        if wakes is None:
            raise Closed
        return Woken(account_id, hook.chat_id, Side.BUYER) if wakes else None

    async def _take_in_topic(self, bot: Bot, update_id: int, heard: InTopic) -> list[Woken | WokenBot]:
        thread_id, at = heard.place.thread_id, self.now()
        if thread_id is None:
            return []
        async with self.sessions.begin() as session:
            chat_id = heard.place.chat_id
            taken = await TelegramUpdate.take_in_topic(session, bot.id, update_id, chat_id, thread_id, at)
            if taken is None:
                return []
            if taken.topic is not None:
                return [taken_by] if (taken_by := await self._tell(session, taken.topic, heard, at)) else []
            errand = id_errand(heard) if isinstance(heard, Commanded) else None
            if errand is None:
                return []
            await self._add_errand(session, bot, update_id, errand)
        return [WokenBot(bot.id)]

    async def _tell(self, session: AsyncSession, topic: Topic, heard: InTopic, at: datetime) -> Woken | None:
        """The conversation hears it; None where there is nothing to do for it."""
        woken = Woken(topic.account_id, topic.chat_id, Side.STAFF)
        if isinstance(heard, TopicEvent):
            if heard.kind == "edited" or topic.former:
                return None
            await self._follow_topic(session, topic, heard, at)
            return woken
        rows = rows_of(self.keyring, heard, topic.dialog_id, at)
        added = await add_from_staff(session, rows.message, rows.files, copied=rows.copied)
        return woken if added and rows.message.kind != Kind.NOTE else None

    async def _follow_topic(self, session: AsyncSession, topic: Topic, heard: TopicEvent, at: datetime) -> None:
        """A person closed or reopened the topic: so he did the dialog."""
        dialog = await locked_dialog(session, topic.dialog_id)
        dialog.topic_closed = heard.kind == "closed"
        if dialog.topic_closed:
            close(dialog, at)
        else:
            dialog.state, dialog.updated_at = DialogState.ACTIVE, at

    async def _take_errand(self, bot: Bot, update_id: int, errand: Errand) -> list[Woken | WokenBot]:
        async with self.sessions.begin() as session:
            new = await self._add_errand(session, bot, update_id, errand)
        return [WokenBot(bot.id)] if new else []

    async def _add_errand(self, session: AsyncSession, bot: Bot, update_id: int, errand: Errand) -> bool:
        payload = seal(self.keyring, ERRAND, errand.stored())
        row = BotErrand(bot_id=bot.id, update_id=update_id, payload_sealed=payload, created_at=self.now())
        return await BotErrand.add(session, row)

    async def _move(self, bot: Bot, update_id: int, moved: Moved) -> None:
        """Never into another organisation's group: whoever has a bot's token can learn our address and say anything."""
        async with self.sessions.begin() as session:
            new = await TelegramUpdate.take(session, bot.id, update_id, self.now())
            if new and not await is_another_organisations(session, bot.organisation_id, moved.new_chat_id):
                await follow_move(session, bot.id, moved.old_chat_id, moved.new_chat_id)

    async def _note_place(self, bot: Bot, update_id: int, joined: Joined) -> None:
        """What the bot may do in its own group has changed."""
        async with self.sessions.begin() as session:
            if await TelegramUpdate.take(session, bot.id, update_id, self.now()):
                able = joined.status in PRESENT and joined.can_manage_topics
                await Bot.change_status(
                    session,
                    bot.id,
                    BotStatus.ACTIVE if able else BotStatus.ERROR,
                    None if able else OUT_OF_GROUP,
                    self.now(),
                )


def _hook(raw: bytes) -> Hook | None:
    """None for what concerns no conversation of ours, or could not be stored."""
    hook = read_hook(raw)
    if hook is None or hook.chat_type not in CHAT_TYPES:
        return None
    ids = (hook.message_id, hook.chat_id)
    return hook if all(0 < len(one) <= LONGEST_ID and one.isprintable() for one in ids) else None


def _once(hook: Hook) -> str:
    """A deletion has the id of the message that it takes away."""
    return f"{hook.message_id}:deleted" if hook.type == "deleted" else hook.message_id


def _author(hook: Hook) -> int | None:
    """Of what was said just now; a number that no column holds is nobody's."""
    return hook.author_id if hook.type != "deleted" and abs(hook.author_id) <= sizes.BIGINT else None
