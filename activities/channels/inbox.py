"""Stores Telegram updates and Avito webhooks, each once, in one transaction; the caller wakes the workflows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.channels.bot_request import Request, id_request, is_for_buyer, once_in, request_of, unsent_request
from activities.channels.webhook_secret import WebhookSecrets, WrongSecret
from activities.conversations.core.dialog import close
from activities.conversations.core.snapshot import new_notice
from activities.conversations.core.wake import Side, Woken, WokenBot
from activities.conversations.telegram_side.staff_message import EDIT, content_of, content_of_edit, rows_of, source_key
from domain.conversations.content import Kind
from domain.conversations.group import GroupFacts, advice, faults_of
from domain.conversations.limits import NOT_BY_STAFF, Unsent
from domain.kernel import sizes
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from gateways.avito.shapes import CHAT_TYPES, Hook, read_hook
from gateways.telegram.events import Commanded, Edited, Foreign, Joined, Moved, Said, TopicEvent
from gateways.telegram.updates import Updates
from models import AvitoHint, Bot, BotRequest, Message, TelegramUpdate
from models.channels.bot import REQUEST, BotStatus
from models.conversations.dialog import DialogState
from models.conversations.inbox import NewHint, Taken, Topic, add_from_staff, locked_dialog
from models.conversations.message import BODY
from models.conversations.topic import follow_move, is_another_organisations
from models.kernel.columns import seal, unseal
from models.kernel.database import Sessions, at_once

InTopic: TypeAlias = Said | Foreign | Commanded | Edited | TopicEvent

LONGEST_ID: Final = 110
"""Signs of Avito's ids; the column has room for ours behind it."""

SOURCE_KEY: Final = 100
"""Longest name of a notice about a message of somebody else."""

LOST_AFTER: Final = timedelta(seconds=5)
"""A wake without effect for so long counts as lost."""


class Inbox:
    """Calls no outside service: a webhook is answered within milliseconds."""

    def __init__(self, sessions: Sessions, keyring: Keyring, updates: Updates, now: Clock) -> None:
        self.sessions, self.keyring, self.updates, self.now = sessions, keyring, updates, now
        self.at_once = at_once(sessions)
        self.secrets = WebhookSecrets(sessions, keyring)

    async def store_update(self, bot: Bot, raw: Mapping[str, object]) -> list[Woken | WokenBot]:
        """Stores a Telegram update; returns the workflows to wake, none for a duplicate or an unrelated update."""
        update_id = raw.get("update_id")
        if not isinstance(update_id, int) or not 0 <= update_id <= sizes.BIGINT:
            return []
        event = await self.updates.read_update(raw, bot.telegram_id, bot.username)
        if (request := request_of(event, bot)) is not None:
            return await self._store_request(bot, update_id, request)
        match event:
            case Said() | Foreign() | Commanded() | Edited() | TopicEvent():
                # Not only in the bot's current group: updates from before a move may arrive after it.
                return await self._store_in_topic(bot, update_id, event)
            case Moved() if event.old_chat_id == bot.group_chat_id:
                await self._move(bot, update_id, event)
            case Joined() if event.chat_id == bot.group_chat_id:
                await self._note_place(bot, update_id, event)
        return []

    async def receive_hook(self, account_id: UUID, secret: str, raw: bytes) -> Woken | None:
        """`store_hook` after a check of the account's secret. Raises WrongSecret."""
        known = self.secrets.cached(account_id, secret)
        if known is not None and (hook := _hook(raw)) is not None:
            try:
                return await self._store_hook(account_id, hook, known)
            except WrongSecret:
                self.secrets.forget(account_id)
        await self.secrets.check(account_id, secret)
        return await self.store_hook(account_id, raw)

    async def store_hook(self, account_id: UUID, raw: bytes) -> Woken | None:
        """Stores a webhook of Avito; returns the conversation to wake.

        None for a probe, an unknown shape, a duplicate, an echo of an own send, and while an earlier wake of the chat
        is on its way: one read of a chat takes in everything new.
        """
        hook = _hook(raw)
        return await self._store_hook(account_id, hook, None) if hook is not None else None

    async def _store_hook(self, account_id: UUID, hook: Hook, sealed: bytes | None) -> Woken | None:
        """`sealed`: the account's secret as it was. Raises WrongSecret and stores nothing if it has changed since."""
        at = self.now()
        async with self.at_once.connect() as connection:
            hint = NewHint(account_id, _once(hook), hook.chat_id, _author(hook), at, at - LOST_AFTER)
            wakes = await AvitoHint.add(connection, hint, sealed)
        if wakes is None:
            raise WrongSecret
        return Woken(account_id, hook.chat_id, Side.BUYER) if wakes else None

    async def _store_in_topic(self, bot: Bot, update_id: int, event: InTopic) -> list[Woken | WokenBot]:
        thread_id, at = event.place.thread_id, self.now()
        if thread_id is None:
            return await self._tell_outside(bot, update_id, event)
        async with self.sessions.begin() as session:
            chat_id = event.place.chat_id
            taken = await TelegramUpdate.take_in_topic(session, bot.id, update_id, chat_id, thread_id, at)
            if taken is None:
                return []
            if taken.topic is not None:
                return [taken_by] if (taken_by := await self._store_from_staff(session, taken.topic, event, at)) else []
            found = _request_in_topic(bot, update_id, event, taken)
            if found is None or not await self._add_request(session, bot, *found):
                return []
        return [WokenBot(bot.id)]

    async def _tell_outside(self, bot: Bot, update_id: int, event: InTopic) -> list[Woken | WokenBot]:
        """Says that nothing goes to a buyer from General (once, and to each answer to the bot) nor from private."""
        if not isinstance(event, Said | Commanded | Foreign) or not is_for_buyer(event):
            return []
        chat_id, number = event.place.chat_id, update_id
        if chat_id > 0:
            reason = Unsent.PRIVATE if bot.organisation_id is not None else Unsent.PRIVATE_MASTER
        elif chat_id == bot.group_chat_id:
            reason = Unsent.GENERAL
            number = update_id if isinstance(event, Said) and event.answers_bot else once_in(chat_id, None)
        else:
            return []
        return await self._store_request(bot, number, unsent_request(event, reason))

    async def _store_from_staff(
        self, session: AsyncSession, topic: Topic, event: InTopic, at: datetime
    ) -> Woken | None:
        """Stores staff's message or topic event for the conversation; None if it has nothing to do."""
        woken = Woken(topic.account_id, topic.chat_id, Side.STAFF)
        if isinstance(event, TopicEvent):
            if event.kind == "edited" or topic.former:
                return None
            await self._follow_topic(session, topic, event, at)
            return woken
        if isinstance(event, Foreign):
            return woken if await self._tell_in_topic(session, topic, event, at) else None
        if isinstance(event, Edited) and not await self._is_changed(session, topic, event):
            return None
        rows = rows_of(self.keyring, event, topic.dialog_id, at)
        added = await add_from_staff(session, rows.message, rows.files, copied=rows.copied)
        return woken if added and rows.message.kind != Kind.NOTE else None

    async def _is_changed(self, session: AsyncSession, topic: Topic, event: Edited) -> bool:
        """Whether the message, if it is known, says something else than at its last edit."""
        key = source_key(event)
        known = await Message.with_edits(session, topic.dialog_id, key, key + EDIT)
        if not known or known[0].source_key != key:
            return False
        last = content_of(known[-1], unseal(self.keyring, BODY, known[-1].body_sealed))
        return not content_of_edit(event).same(last)

    async def _tell_in_topic(self, session: AsyncSession, topic: Topic, event: Foreign, at: datetime) -> bool:
        """Adds a notice that the message has not gone; of bots once in a dialog, of an album once."""
        what = event.by if event.by == "bot" else event.album or f"{event.place.chat_id}:{event.message_id}"
        name = f"foreign:{what}"[:SOURCE_KEY]
        notice = new_notice(topic.dialog_id, self.keyring, name, NOT_BY_STAFF[event.by], at)
        notice.reply_to_telegram_id = event.message_id
        return await add_from_staff(session, notice, (), copied=False)

    async def _follow_topic(self, session: AsyncSession, topic: Topic, event: TopicEvent, at: datetime) -> None:
        """Closes or reopens the dialog as a person did with the topic."""
        dialog = await locked_dialog(session, topic.dialog_id)
        dialog.topic_closed = event.kind == "closed"
        if dialog.topic_closed:
            close(dialog, at)
        else:
            dialog.state, dialog.updated_at = DialogState.ACTIVE, at

    async def _store_request(self, bot: Bot, update_id: int, request: Request) -> list[Woken | WokenBot]:
        async with self.sessions.begin() as session:
            new = await self._add_request(session, bot, update_id, request)
        return [WokenBot(bot.id)] if new else []

    async def _add_request(self, session: AsyncSession, bot: Bot, update_id: int, request: Request) -> bool:
        payload = seal(self.keyring, REQUEST, request.stored())
        row = BotRequest(bot_id=bot.id, update_id=update_id, payload_sealed=payload, created_at=self.now())
        return await BotRequest.add(session, row)

    async def _move(self, bot: Bot, update_id: int, moved: Moved) -> None:
        """Follows a group's new id, never into a group of another organisation: a bot's token alone must not allow
        that."""
        async with self.sessions.begin() as session:
            new = await TelegramUpdate.take(session, bot.id, update_id, self.now())
            if new and not await is_another_organisations(session, bot.organisation_id, moved.new_chat_id):
                await follow_move(session, bot.id, moved.old_chat_id, moved.new_chat_id)

    async def _note_place(self, bot: Bot, update_id: int, joined: Joined) -> None:
        """Stores the bot's new rights in its own group."""
        async with self.sessions.begin() as session:
            if await TelegramUpdate.take(session, bot.id, update_id, self.now()):
                facts = GroupFacts("supergroup", joined.is_forum, joined.status, joined.can_manage_topics)
                reason = advice(faults_of(facts))
                await Bot.change_status(
                    session, bot.id, BotStatus.ERROR if reason else BotStatus.ACTIVE, reason, self.now()
                )


def _request_in_topic(bot: Bot, update_id: int, event: InTopic, taken: Taken) -> tuple[int, Request] | None:
    """What is asked of the bot, or has to be told, in a topic whose conversation it does not lead; with its number."""
    if isinstance(event, Commanded) and (request := id_request(event)) is not None:
        return update_id, request
    if not isinstance(event, Said | Commanded | Foreign) or not is_for_buyer(event):
        return None
    if taken.gone or taken.elsewhere:
        return update_id, unsent_request(event, Unsent.ACCOUNT_GONE if taken.gone else Unsent.OTHER_GROUP)
    if taken.free and event.place.chat_id == bot.group_chat_id:
        return once_in(event.place.chat_id, event.place.thread_id), unsent_request(event, Unsent.NO_DIALOG)
    return None


def _hook(raw: bytes) -> Hook | None:
    """None for a webhook that concerns no conversation or cannot be stored."""
    hook = read_hook(raw)
    if hook is None or hook.chat_type not in (*CHAT_TYPES, ""):
        return None
    ids = (hook.message_id, hook.chat_id)
    return hook if all(0 < len(one) <= LONGEST_ID and one.isprintable() for one in ids) else None


def _once(hook: Hook) -> str:
    """Key of a hint; a deletion carries the id of the deleted message."""
    return f"{hook.message_id}:deleted" if hook.type == "deleted" else hook.message_id


def _author(hook: Hook) -> int | None:
    """Author of a new message; None for a deletion or a number that no column holds."""
    return hook.author_id if hook.type != "deleted" and abs(hook.author_id) <= sizes.BIGINT else None
