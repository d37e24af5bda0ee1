"""What people do in Telegram: write, edit, answer, send albums, open and close topics, write to a bot in private."""

from dataclasses import dataclass
from typing import Any, Literal

from sandbox.telegram.kinds import content_of
from sandbox.telegram.params import Upload
from sandbox.telegram.records import GENERAL, Bot, Chat, Json, Message, Role, Topic
from sandbox.telegram.state import Telegram
from sandbox.telegram.wording import units

ANNA = 501
NAMES = {ANNA: "Анна", 502: "Игорь"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
CHANNEL = -1009999999999


PHONES = {ANNA: "79990000501", 502: "79990000502"}


class Impossible(Exception):
    """A person could not do that; what and why."""


@dataclass(frozen=True)
class Written:
    kind: str = "text"
    text: str | None = None
    caption: str | None = None
    upload: Upload | None = None
    size: int | None = None
    reply_to: int | None = None
    media_group_id: str | None = None
    anonymous: bool = False
    channel: str | None = None
    """The title of the channel in whose name it is written."""


def person(user_id: int, name: str | None = None) -> Json:
    return {"id": user_id, "is_bot": False, "first_name": name or NAMES.get(user_id, f"Гость {user_id}")}


def write(telegram: Telegram, chat: Chat, thread_id: int, sender: Json, written: Written) -> Message:
    """One message; the bots of the chat hear of it. Impossible: no such topic, or nothing is said."""
    if thread_id != GENERAL:
        topic_of(chat, thread_id)
    if written.reply_to and written.reply_to not in chat.messages:
        raise Impossible("no such message to reply to")
    content, sha256 = _content(telegram, written)
    if written.channel:
        sender = CHANNEL_BOT
    message = telegram.post(
        *(chat, thread_id, ANONYMOUS if written.anonymous else sender, content),
        channel={"id": CHANNEL, "type": "channel", "title": written.channel} if written.channel else None,
        reply_to=written.reply_to,
        media_group_id=written.media_group_id,
        sender_chat=written.anonymous,
        sha256=sha256,
    )
    telegram.tell(chat, message)
    return message


def write_album(
    telegram: Telegram, chat: Chat, thread_id: int, sender: Json, photos: list[bytes], caption: str | None
) -> list[Message]:
    """One update per photo with the same media_group_id; the caption stands on the first."""
    group = f"album-{chat.next_message}"
    return [
        write(
            *(telegram, chat, thread_id, sender),
            Written("photo", caption=caption if number == 0 else None, upload=_photo(data), media_group_id=group),
        )
        for number, data in enumerate(photos)
    ]


def edit(telegram: Telegram, chat: Chat, message_id: int, text: str | None) -> Message:
    """Without a text nothing has changed: Telegram reports a reaction or a preview of a link so."""
    message = message_of(chat, message_id)
    key = "text" if "text" in message.content else "caption"
    if text is not None:
        message.content = message.content | _texts(key, text)
    message.edited = int(telegram.now())
    telegram.tell(chat, message, "edited_message")
    return message


def delete(chat: Chat, message_id: int) -> None:
    """Bots are not told."""
    message_of(chat, message_id).deleted = True


@dataclass(frozen=True)
class Shared:
    """A contact as a person sends it. `own`: by the button or from his own card; `other`: of somebody that he has in
    his contacts; `typed`: a card made by hand, which belongs to nobody; `forwarded`: one that somebody has sent him."""

    how: Literal["own", "other", "typed", "forwarded"] = "own"
    phone: str | None = None
    of_id: int | None = None
    """Of `other` and `forwarded`: whose contact it is."""


def phone_of(telegram: Telegram, user_id: int) -> str:
    """The number that the account was made with: digits without a plus, as Telegram tells it."""
    return telegram.phones.get(user_id) or PHONES.get(user_id) or f"7999{user_id % 10_000_000:07d}"


def share_contact(telegram: Telegram, chat: Chat, sender: Json, shared: Shared) -> Message:
    """In private. Telegram itself fills in whose contact it is, by the number; nobody else can."""
    user_id: int = sender["id"]
    owner = user_id if shared.how == "own" else shared.of_id
    contact: Json = {"phone_number": shared.phone or phone_of(telegram, owner or user_id), "first_name": "Контакт"}
    if shared.how == "own":
        contact = {"phone_number": phone_of(telegram, user_id), "first_name": sender["first_name"], "user_id": user_id}
    elif shared.how != "typed":
        contact["user_id"] = owner or user_id + 1
    content: Json = {"contact": contact}
    if shared.how == "forwarded":
        content["forward_origin"] = {"type": "user", "date": int(telegram.now()), "sender_user": person(user_id + 1)}
        contact["user_id"] = shared.of_id or user_id
    message = telegram.post(chat, GENERAL, sender, content)
    telegram.tell(chat, message)
    return message


def set_blocked(chat: Chat, bot: Bot, blocked: bool) -> None:
    """The person blocks the bot in his private chat, or lets it write again; the bot hears of a call's refusal only."""
    (chat.kicked.add if blocked else chat.kicked.discard)(bot.id)


def press(telegram: Telegram, chat: Chat, message_id: int, data: str, sender: Json) -> None:
    """Presses a button under a bot's message."""
    message = message_of(chat, message_id)
    bot = telegram.bot_by_id(message.bot_id or 0)
    if bot is None:
        raise Impossible("there is no button")
    query = {"id": str(message.id * 1000 + bot.next_update % 1000), "from": sender, "chat_instance": str(chat.id)}
    shown = telegram.shape(chat, message)
    telegram.updates.add(bot, "callback_query", query | {"message": shown, "data": data})


def open_topic(telegram: Telegram, chat: Chat, name: str, sender: Json) -> Topic:
    topic, created = telegram.add_topic(chat, sender, name)
    telegram.tell(chat, created)
    return topic


def set_closed(telegram: Telegram, chat: Chat, thread_id: int, closed: bool, sender: Json) -> None:
    topic = topic_of(chat, thread_id)
    topic.closed = closed
    service: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
    telegram.tell(chat, telegram.post(chat, thread_id, sender, service))


def delete_topic(chat: Chat, thread_id: int) -> None:
    """With its messages; bots are not told."""
    topic = topic_of(chat, thread_id)
    topic.deleted = True
    for message_id in topic.message_ids:
        chat.messages[message_id].deleted = True


def set_member(telegram: Telegram, chat: Chat, bot: Bot, member: bool, sender: Json) -> None:
    """Adds the bot as an administrator, or removes it; it hears of that by my_chat_member."""
    was = chat.member(bot)
    (chat.kicked.discard if member else chat.kicked.add)(bot.id)
    if member:
        chat.bots.add(bot.id)
        chat.roles.pop(str(bot.id), None)
    _tell_member(telegram, chat, bot, was, sender)


def set_role(telegram: Telegram, chat: Chat, bot: Bot, role: Role, sender: Json) -> None:
    """Promotes or demotes the bot; it hears of that by my_chat_member."""
    was = chat.member(bot)
    chat.roles[str(bot.id)] = role.value
    _tell_member(telegram, chat, bot, was, sender)


def set_forum(chat: Chat, is_forum: bool) -> None:
    """Switches topics on or off, which keeps those that there are; bots are not told."""
    if chat.kind != "supergroup":
        raise Impossible("only a supergroup has topics")
    chat.is_forum = is_forum


def _tell_member(telegram: Telegram, chat: Chat, bot: Bot, was: Json, sender: Json) -> None:
    changed: dict[str, Any] = {"chat": chat.brief(), "from": sender, "date": int(telegram.now())}
    changed |= {"old_chat_member": was, "new_chat_member": chat.member(bot)}
    telegram.updates.add(bot, "my_chat_member", changed)


def topic_of(chat: Chat, thread_id: int) -> Topic:
    topic = chat.topics.get(thread_id)
    if topic is None or topic.deleted:
        raise Impossible("no such topic")
    return topic


def message_of(chat: Chat, message_id: int) -> Message:
    message = chat.messages.get(message_id)
    if message is None or message.deleted:
        raise Impossible("no such message")
    return message


def _content(telegram: Telegram, written: Written) -> tuple[Json, list[str]]:
    if written.kind == "text":
        if not (written.text or "").strip():
            raise Impossible("a message says something")
        return _texts("text", written.text or ""), []
    content, sha256 = content_of(telegram, written.kind, written.upload, written.size)
    return content | (_texts("caption", written.caption) if written.caption else {}), sha256


def _texts(key: str, text: str) -> Json:
    """The text, and the command in it as Telegram marks it."""
    if key != "text" or not text.startswith("/"):
        return {key: text}
    command = text.split(maxsplit=1)[0]
    return {key: text, "entities": [{"type": "bot_command", "offset": 0, "length": units(command)}]}


def _photo(data: bytes) -> Upload:
    return Upload(data, "photo.jpg", "image/jpeg")
