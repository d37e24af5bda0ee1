"""aiogram's dispatcher as a parser: one raw update in, one `Event` out, no calls."""

import re
from collections.abc import Mapping
from typing import Final

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.types import ChatMemberAdministrator, ChatMemberOwner, ChatMemberUpdated, Message, Update, User
from pydantic import ValidationError

from gateways.telegram.events import Commanded, Edited, Event, Ignored, Joined, Moved, Started, TopicEvent
from gateways.telegram.update_parts import (
    UNKNOWN,
    author_of,
    concerns,
    file_of,
    foreign,
    kind_of,
    place_of,
    reply_to,
    said,
)
from gateways.telegram.update_raw import from_raw
from gateways.telegram.update_text import full_text

# A note («// …») is no command.
_ANY_COMMAND: Final = re.compile(r"(?!/)")
_COMMAND: Final = re.compile(r"\s*/(?!/)")
_KNOWN: Final = ("message", "edited_message", "my_chat_member")


class _Silent(Bot):
    """A bot with a known name that makes no calls."""

    def __init__(self, bot_id: int, username: str, session: AiohttpSession) -> None:
        super().__init__(f"{bot_id}:none", session=session)
        self._user = User.model_construct(id=bot_id, is_bot=True, first_name=username, username=username)

    async def me(self) -> User:
        return self._user


class Updates:
    """One instance per process serves all bots."""

    def __init__(self) -> None:
        self._session = AiohttpSession()
        self._dispatcher = Dispatcher(disable_fsm=True)
        self._dispatcher.include_router(_router())

    async def read_update(self, raw: Mapping[str, object], bot_id: int, username: str) -> Event:
        """The event of an update for the bot of this name.

        A message that aiogram cannot parse is a `Said` of kind `unknown`: its author is told that it was not sent.
        """
        if not any(raw.get(name) for name in _KNOWN):
            # aiogram would log the whole update as a warning.
            return Ignored("an update of another kind")
        bot = _Silent(bot_id, username, self._session)
        try:
            update = Update.model_validate(raw, context={"bot": bot})
        except ValidationError:
            return from_raw(raw, bot_id)
        event = await self._dispatcher.feed_update(bot, update)
        return event if isinstance(event, Event) else Ignored("nothing that concerns us")


def _router() -> Router:
    """The first matching handler wins. Handlers are coroutines: aiogram runs others in threads."""
    router = Router()
    router.my_chat_member.register(_joined)
    router.message.register(_moved, _is_move)
    router.message.register(_topic_event, _is_topic_event, _is_ours)
    router.message.register(_service, _is_service)
    router.message.register(foreign, _is_foreign)
    router.message.register(_started, Command("start", ignore_case=True), _is_private)
    router.message.register(_commanded, Command(_ANY_COMMAND))
    router.message.register(_of_another_bot, _is_command)
    router.message.register(said)
    router.edited_message.register(_not_ours, _is_foreign)
    router.edited_message.register(_service, _is_service)
    router.edited_message.register(_moving_spot, _is_spot)
    router.edited_message.register(_edited)
    return router


async def _is_move(message: Message) -> bool:
    return bool(message.migrate_to_chat_id or message.migrate_from_chat_id)


async def _is_foreign(message: Message) -> bool:
    return not concerns(message)


async def _is_ours(message: Message) -> bool:
    return concerns(message)


async def _is_topic_event(message: Message) -> bool:
    return bool(message.forum_topic_closed or message.forum_topic_reopened or message.forum_topic_edited)


async def _is_service(message: Message) -> bool:
    return kind_of(message) is None


async def _is_private(message: Message) -> bool:
    return message.chat.type == ChatType.PRIVATE


async def _is_command(message: Message) -> bool:
    return bool(_COMMAND.match(full_text(message)))


async def _is_spot(message: Message) -> bool:
    return message.location is not None


async def _joined(event: ChatMemberUpdated) -> Event:
    if event.chat.type == ChatType.PRIVATE:
        return Ignored("a person blocked or unblocked the bot")
    member = event.new_chat_member
    return Joined(
        chat_id=event.chat.id,
        title=event.chat.title or "",
        status=member.status,
        is_forum=event.chat.is_forum is True,
        can_manage_topics=isinstance(member, ChatMemberOwner)
        or (isinstance(member, ChatMemberAdministrator) and member.can_manage_topics is True),
    )


async def _moved(message: Message) -> Event:
    if message.migrate_to_chat_id:
        return Moved(message.chat.id, message.migrate_to_chat_id)
    return Moved(message.migrate_from_chat_id or 0, message.chat.id)


async def _topic_event(message: Message) -> Event:
    from_id, _ = author_of(message)
    if message.forum_topic_closed:
        return TopicEvent(place_of(message), "closed", from_id)
    return TopicEvent(place_of(message), "reopened" if message.forum_topic_reopened else "edited", from_id)


async def _started(message: Message, command: CommandObject) -> Event:
    person = message.from_user
    if person is None:
        return Ignored("nobody started the bot")
    return Started(person.id, person.first_name, person.username, command.args or "")


async def _commanded(message: Message, command: CommandObject) -> Event:
    from_id, from_name = author_of(message)
    return Commanded(
        place=place_of(message),
        message_id=message.message_id,
        from_id=from_id,
        from_name=from_name,
        name=command.command.lower(),
        argument=command.args or "",
        reply_to=reply_to(message),
    )


async def _edited(message: Message) -> Event:
    from_id, _ = author_of(message)
    kind, file = kind_of(message) or UNKNOWN, file_of(message)
    at = message.edit_date or 0
    return Edited(place_of(message), message.message_id, from_id, at, full_text(message), kind, file)


async def _not_ours(_: Message) -> Event:
    return Ignored("a message of a bot or of a channel")


async def _service(_: Message) -> Event:
    return Ignored("a service message")


async def _of_another_bot(_: Message) -> Event:
    return Ignored("a command of another bot")


async def _moving_spot(_: Message) -> Event:
    return Ignored("a live location goes on")
