"""The whole of Telegram in memory: who exists, what was said, and the Bot API's shapes of it."""

import secrets
from typing import Any

from sandbox.blobs import Blobs
from sandbox.clock import Now
from sandbox.faults import Fault, Faults, Setting, Side
from sandbox.hooks import Hooks
from sandbox.journal import Journal
from sandbox.telegram.errors import absent, blocked, kicked, migrated, not_a_member
from sandbox.telegram.records import (
    GENERAL,
    Bot,
    Chat,
    File,
    Json,
    Message,
    Topic,
    bot_from,
    bot_record,
    chat_from,
    chat_record,
)
from sandbox.telegram.updates import Updates

ICON_COLOR = 0x6FB9F0
FIRST_GROUP = -1_001_000_000_001
FIRST_BOT = 1_000_000_001


class Telegram:
    def __init__(self, faults: Faults, journal: Journal, hooks: Hooks, now: Now, blobs: Blobs) -> None:
        self.faults, self.journal, self.now, self.blobs = faults, journal, now, blobs
        self.updates = Updates(faults, hooks, now)
        self.bots: dict[str, Bot] = {}
        self.groups: dict[int, Chat] = {}
        self.privates: dict[tuple[int, int], Chat] = {}
        """By bot and person: each bot has its own chat with everybody."""
        self.files: dict[str, File] = {}
        self.paths: dict[str, str] = {}
        self.phones: dict[int, str] = {}
        """Numbers of people's accounts that were set by hand, digits without a plus."""
        self.doomed: set[tuple[Fault, int, int]] = set()
        """Topics and groups (thread 0) that existed when a fault that breaks them was armed."""
        faults.listen(self._doom)

    def add_bot(self, token: str | None = None, username: str | None = None, name: str = "") -> Bot:
        number = int(token.split(":")[0]) if token else FIRST_BOT + len(self.bots)
        while token is None or token in self.bots:
            token = f"{number}:{secrets.token_urlsafe(26)}"
        username = username or f"sandbox_{number}_bot"
        bot = Bot(number, token, username, name or username, 100_000_000 + secrets.randbelow(800_000_000))
        self.bots[token] = bot
        return bot

    def add_group(
        self, title: str, bots: list[Bot], is_forum: bool = True, chat_id: int | None = None, kind: str | None = None
    ) -> Chat:
        if chat_id is None:
            chat_id = min([FIRST_GROUP + 1, *self.groups]) - 1
        kind = kind or ("supergroup" if is_forum else "group")
        group = Chat(chat_id, kind, title, is_forum and kind == "supergroup", {bot.id for bot in bots})
        self.groups[chat_id] = group
        return group

    def bot_by_id(self, bot_id: int) -> Bot | None:
        return next((bot for bot in self.bots.values() if bot.id == bot_id), None)

    def private(self, bot: Bot, user_id: int, name: str) -> Chat:
        """Made when the person writes first: a bot cannot."""
        key = (bot.id, user_id)
        if key not in self.privates:
            self.privates[key] = Chat(user_id, "private", name, bots={bot.id})
        return self.privates[key]

    def chat(self, bot: Bot, chat_id: int) -> Chat:
        """Refused: unknown, moved to another id, or the bot is not in it."""
        chat = self.groups.get(chat_id) or self.privates.get((bot.id, chat_id))
        if chat is None:
            raise absent("chat not found")
        if chat.migrated_to is not None:
            raise migrated(chat.migrated_to)
        if bot.id in chat.kicked:
            raise blocked() if chat.kind == "private" else kicked(chat.kind)
        if bot.id not in chat.bots:
            raise not_a_member(chat.kind)
        return chat

    def message(self, chat: Chat, message_id: int, what: str) -> Message:
        """Refused as Telegram does, `what` telling what the message was wanted for."""
        message = chat.messages.get(message_id)
        if message is None or message.deleted:
            raise absent(f"{what} not found")
        return message

    def post(self, chat: Chat, thread_id: int, sender: Json, content: Json, **more: Any) -> Message:
        """Stores a message; a topic's own id is the id of the service message that began it."""
        return chat.add(Message(chat.new_id(), thread_id, int(self.now()), sender, content, **more))

    def add_topic(self, chat: Chat, sender: Json, name: str, icon_color: int = ICON_COLOR) -> tuple[Topic, Message]:
        topic = Topic(chat.next_message, name, icon_color)
        chat.topics[topic.thread_id] = topic
        bot_id = sender["id"] if sender["is_bot"] else None
        created = {"forum_topic_created": {"name": name, "icon_color": icon_color}}
        return topic, self.post(chat, topic.thread_id, sender, created, bot_id=bot_id)

    def tell(self, chat: Chat, message: Message, kind: str = "message") -> None:
        """An update for every bot of the chat; bots do not hear bots."""
        for bot in self.bots.values():
            if bot.id in chat.bots and bot.id not in chat.kicked:
                self.updates.add(bot, kind, self.shape(chat, message))

    def migrate(self, chat: Chat) -> Chat:
        """The group goes on under a new id; both ids say so with a service message."""
        anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
        new_id = min(self.groups) - 1
        moved = chat_from(chat_record(chat))
        moved.id, moved.kind = new_id, "supergroup"
        self.groups[new_id] = moved
        self.tell(chat, self.post(chat, GENERAL, anonymous, {"migrate_to_chat_id": new_id}))
        self.tell(moved, self.post(moved, GENERAL, anonymous, {"migrate_from_chat_id": chat.id}))
        self.groups[chat.id] = Chat(chat.id, "group", chat.title, bots=chat.bots, migrated_to=new_id)
        return moved

    def shape(self, chat: Chat, message: Message, with_reply: bool = True) -> Json:
        """The Bot API's Message."""
        shown: Json = {"message_id": message.id, "date": message.date, "chat": chat.brief(), "from": message.sender}
        if message.sender_chat:
            shown["sender_chat"] = chat.brief()
        if message.channel:
            shown["sender_chat"] = message.channel
        if message.thread_id != GENERAL:
            shown |= {"message_thread_id": message.thread_id, "is_topic_message": True}
        elif message.reply_to and chat.is_forum:
            # In General a reply carries a thread as well: only is_topic_message tells a topic.
            shown["message_thread_id"] = message.reply_to
        if message.edited:
            shown["edit_date"] = message.edited
        if message.media_group_id:
            shown["media_group_id"] = message.media_group_id
        if message.markup:
            shown["reply_markup"] = message.markup
        # A message of a topic that answers nobody answers the service message that began the topic.
        answered = chat.messages.get(message.reply_to or message.thread_id)
        if with_reply and answered and answered is not message and not answered.deleted:
            shown["reply_to_message"] = self.shape(chat, answered, with_reply=False)
        return shown | message.content

    def snapshot(self) -> dict[str, Any]:
        return {
            "bots": [bot_record(bot) for bot in self.bots.values()],
            "groups": [chat_record(chat) for chat in self.groups.values()],
            "privates": [[bot_id, chat_record(chat)] for (bot_id, _), chat in self.privates.items()],
            "files": [vars(file) for file in self.files.values()],
            "phones": [[user_id, phone] for user_id, phone in self.phones.items()],
        }

    def restore(self, saved: dict[str, Any]) -> None:
        self.bots = {record["token"]: bot_from(record) for record in saved["bots"]}
        self.groups = {record["id"]: chat_from(record) for record in saved["groups"]}
        self.privates = {(bot_id, record["id"]): chat_from(record) for bot_id, record in saved["privates"]}
        self.files = {record["id"]: File(**record) for record in saved["files"]}
        self.phones = dict(saved.get("phones", []))
        self.paths = {file.path: file.id for file in self.files.values()}

    def resume(self) -> None:
        """Goes on with deliveries that a restart interrupted."""
        for bot in self.bots.values():
            self.updates.resume(bot)

    def _doom(self, setting: Setting) -> None:
        if setting.side is not Side.TELEGRAM:
            return
        for group in self.groups.values():
            if setting.fault is Fault.GROUP_MIGRATED:
                self.doomed.add((setting.fault, group.id, GENERAL))
            elif setting.fault in (Fault.TOPIC_DELETED, Fault.TOPIC_CLOSED):
                self.doomed |= {(setting.fault, group.id, thread_id) for thread_id in group.topics}
