"""What Telegram remembers: bots, chats with topics and messages, files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from sandbox.telegram.limit import Limit

Json: TypeAlias = dict[str, Any]

GENERAL = 0
"""The thread of messages outside of any topic; the Bot API leaves `message_thread_id` out."""


ADMIN_RIGHTS = (
    *("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members"),
    *("can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories"),
    *("can_delete_stories", "can_pin_messages", "can_manage_topics", "can_send_welcome_messages"),
)
MEMBER_RIGHTS = (
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos"),
    *("can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages"),
    *("can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users"),
    *("can_pin_messages", "can_manage_topics"),
)


class Role(StrEnum):
    """What a bot may do in a chat that it is in."""

    ADMINISTRATOR = "administrator"
    NO_TOPICS = "no-topics"
    """An administrator without the right to manage topics."""
    MEMBER = "member"
    RESTRICTED = "restricted"
    """A member who may not write."""


@dataclass
class Webhook:
    url: str
    secret: str = ""
    max_connections: int = 40
    error: str = ""
    error_at: int = 0


@dataclass
class Bot:
    id: int
    token: str
    username: str
    name: str
    next_update: int
    """Sequential from a random start."""
    webhook: Webhook | None = None
    allowed: list[str] | None = None
    """Kinds of updates; None: all but those that must be asked for."""
    pending: dict[int, Json] = field(default_factory=dict)
    """Updates by id that nobody has confirmed."""
    confirmed: Json | None = None
    """The last confirmed one, for `Fault.DUPLICATE_HOOKS` while polling."""
    commands: list[Json] = field(default_factory=list)

    def user(self) -> Json:
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}


@dataclass
class Message:
    id: int
    thread_id: int
    date: int
    sender: Json
    content: Json
    """Fields of the Bot API's Message that carry what is said: text, entities, photo, caption, …"""
    bot_id: int | None = None
    """The bot that sent it."""
    sender_chat: bool = False
    """An anonymous administrator: the group itself speaks."""
    channel: Json | None = None
    """The channel in whose name a person has written."""
    reply_to: int | None = None
    media_group_id: str | None = None
    sha256: list[str] = field(default_factory=list)
    """Of its files, the largest photo size first."""
    markup: Json | None = None
    edited: int | None = None
    reactions: dict[str, str] = field(default_factory=dict)
    """Emoji by user id (as a string: JSON keys are)."""
    pinned: bool = False
    deleted: bool = False


@dataclass
class Topic:
    thread_id: int
    name: str
    icon_color: int
    closed: bool = False
    deleted: bool = False
    message_ids: list[int] = field(default_factory=list)


@dataclass
class Chat:
    id: int
    kind: str
    """`supergroup`, `group`, `channel` or `private`."""
    title: str
    is_forum: bool = False
    bots: set[int] = field(default_factory=set)
    kicked: set[int] = field(default_factory=set)
    roles: dict[str, str] = field(default_factory=dict)
    """Of bots that are no full administrators, by id (as a string: JSON keys are)."""
    topics: dict[int, Topic] = field(default_factory=dict)
    general: list[int] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    next_message: int = 2  # 1 is the thread of General
    migrated_to: int | None = None
    limit: Limit = field(default_factory=Limit)

    def role(self, bot: Bot) -> Role:
        return Role(self.roles.get(str(bot.id), Role.ADMINISTRATOR))

    def member(self, bot: Bot) -> Json:
        """The Bot API's ChatMember of a bot."""
        user = bot.user()
        if bot.id in self.kicked:
            return {"status": "kicked", "user": user, "until_date": 0}
        if bot.id not in self.bots:
            return {"status": "left", "user": user}
        match self.role(bot):
            case Role.MEMBER:
                return {"status": "member", "user": user}
            case Role.RESTRICTED:
                rights = dict.fromkeys(MEMBER_RIGHTS, False)
                return {"status": "restricted", "user": user, "is_member": True, "until_date": 0} | rights
            case role:
                rights = dict.fromkeys(ADMIN_RIGHTS, True) | {"can_manage_topics": role is Role.ADMINISTRATOR}
                more = {"can_be_edited": False, "is_anonymous": False}
                return {"status": "administrator", "user": user} | more | rights

    def brief(self) -> Json:
        """The Bot API's Chat."""
        if self.kind == "private":
            return {"id": self.id, "type": "private", "first_name": self.title}
        return {"id": self.id, "type": self.kind, "title": self.title} | ({"is_forum": True} if self.is_forum else {})

    def add(self, message: Message) -> Message:
        self.messages[message.id] = message
        topic = self.topics.get(message.thread_id)
        (topic.message_ids if topic else self.general).append(message.id)
        return message

    def new_id(self) -> int:
        self.next_message += 1
        return self.next_message - 1


@dataclass(frozen=True)
class File:
    id: str
    path: str
    sha256: str
    mime: str
    name: str
    size: int
    """What getFile says; a test may declare more than there is."""


def bot_record(bot: Bot) -> Json:
    return {**vars(bot), "webhook": vars(bot.webhook) if bot.webhook else None, "pending": list(bot.pending.values())}


def bot_from(record: Mapping[str, Any]) -> Bot:
    webhook = Webhook(**record["webhook"]) if record["webhook"] else None
    pending = {update["update_id"]: update for update in record["pending"]}
    return Bot(**{**record, "webhook": webhook, "pending": pending})


def chat_record(chat: Chat) -> Json:
    return {
        **vars(chat),
        "bots": sorted(chat.bots),
        "kicked": sorted(chat.kicked),
        "roles": dict(chat.roles),
        "topics": [vars(topic) for topic in chat.topics.values()],
        "messages": [vars(message) for message in chat.messages.values()],
        "limit": chat.limit.per_minute,
    }


def chat_from(record: Mapping[str, Any]) -> Chat:
    topics = {topic["thread_id"]: Topic(**topic) for topic in record["topics"]}
    messages = {message["id"]: Message(**message) for message in record["messages"]}
    changed = {"bots": set(record["bots"]), "kicked": set(record["kicked"]), "topics": topics, "messages": messages}
    return Chat(**{**record, **changed, "limit": Limit(record["limit"])})
