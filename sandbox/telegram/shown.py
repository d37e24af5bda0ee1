"""What the page and the tests see of Telegram: groups with topics and their messages, private chats, bots."""

from collections.abc import Iterable

from sandbox.telegram.kinds import KINDS
from sandbox.telegram.records import Bot, Chat, Json, Message, Topic
from sandbox.telegram.state import Telegram

LATEST = 200
"""Messages of a topic in the view of everything; a topic of its own is shown whole."""


def everything(telegram: Telegram) -> Json:
    return {
        "bots": [_bot(bot) for bot in telegram.bots.values()],
        "groups": [group(chat, LATEST) for chat in telegram.groups.values() if chat.migrated_to is None],
        "privates": [private(bot_id, chat) for (bot_id, _), chat in telegram.privates.items()],
    }


def private(bot_id: int, chat: Chat) -> Json:
    return {
        "bot_id": bot_id,
        "user_id": chat.id,
        "name": chat.title,
        "blocked": bot_id in chat.kicked,
        "messages": _messages(chat, chat.general),
    }


def group(chat: Chat, latest: int | None = None) -> Json:
    """`latest`: so many messages of each topic; None: all."""
    return {
        "chat_id": chat.id,
        "title": chat.title,
        "is_forum": chat.is_forum,
        "bots": sorted(chat.bots - chat.kicked),
        "per_minute": chat.limit.per_minute,
        "general": _messages(chat, chat.general[-latest:] if latest else chat.general),
        "topics": [topic(chat, one, latest) for one in chat.topics.values() if not one.deleted],
        "deleted_topics": [one.thread_id for one in chat.topics.values() if one.deleted],
    }


def topic(chat: Chat, one: Topic, latest: int | None = None) -> Json:
    return {
        "thread_id": one.thread_id,
        "name": one.name,
        "icon_color": one.icon_color,
        "closed": one.closed,
        "deleted": one.deleted,
        "messages": _messages(chat, one.message_ids[-latest:] if latest else one.message_ids),
    }


def message(one: Message) -> Json:
    kind, media = _kind(one.content)
    return {
        "message_id": one.id,
        "thread_id": one.thread_id,
        "date": one.date,
        "from": one.sender,
        "by_bot": one.bot_id is not None,
        "kind": kind,
        "text": one.content.get("text"),
        "caption": one.content.get("caption"),
        "entities": one.content.get("entities") or one.content.get("caption_entities") or [],
        "content": one.content,
        "media": media,
        "sha256": one.sha256,
        "reply_to": one.reply_to,
        "media_group_id": one.media_group_id,
        "buttons": (one.markup or {}).get("inline_keyboard", []),
        "keyboard": (one.markup or {}).get("keyboard", []),
        "reactions": list(one.reactions.values()),
        "edited": one.edited,
        "pinned": one.pinned,
        "deleted": one.deleted,
    }


def _messages(chat: Chat, ids: Iterable[int]) -> list[Json]:
    return [message(chat.messages[number]) for number in ids]


def _kind(content: Json) -> tuple[str, Json | None]:
    """`service` for what nobody wrote; the file's id and address on this server for what has one."""
    name = next((name for name in content if name in KINDS or name == "venue"), None)
    if name is None:
        return "service", None
    value = content[name]
    file = value[-1] if isinstance(value, list) else value
    if not isinstance(file, dict) or "file_id" not in file:
        return name, None
    return name, {"file_id": file["file_id"], "url": f"/sandbox/files/{file['file_id']}", "size": file["file_size"]}


def _bot(bot: Bot) -> Json:
    hook = bot.webhook
    return {
        "id": bot.id,
        "username": bot.username,
        "token": bot.token,
        "pending": len(bot.pending),
        "webhook": {"url": hook.url, "error": hook.error} if hook else None,
        "commands": bot.commands,
    }
