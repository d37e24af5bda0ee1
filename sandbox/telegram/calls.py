"""One call of the Bot API: who calls with what, and where it is to go."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sandbox.telegram.errors import absent, invalid, no_right
from sandbox.telegram.params import Params
from sandbox.telegram.records import GENERAL, Bot, Chat, Json, Message, Role, Topic
from sandbox.telegram.state import Telegram
from sandbox.telegram.wording import LONGEST_CAPTION, checked


@dataclass(frozen=True)
class Call:
    telegram: Telegram
    bot: Bot
    params: Params

    def chat(self) -> Chat:
        chat_id = self.params.text("chat_id")
        if chat_id is None or not chat_id.lstrip("-").isdigit():
            raise invalid("chat_id is empty" if not chat_id else "chat not found")
        return self.telegram.chat(self.bot, int(chat_id))

    def topic(self, chat: Chat) -> Topic:
        """The topic that the call is about. Refused: none such, or deleted."""
        thread_id = self.params.required_number("message_thread_id")
        if not chat.is_forum:
            raise absent("the chat is not a forum")
        topic = chat.topics.get(thread_id)
        if topic is None:
            raise invalid("message thread not found")
        if topic.deleted:
            raise absent("message thread not found")
        return topic

    def place(self) -> tuple[Chat, int]:
        """Where a message is to go. Refused: the bot may not write, topic unknown, deleted or closed."""
        chat = self.chat()
        if chat.role(self.bot) is Role.RESTRICTED:
            raise no_right("send text messages to the chat")
        if not self.params.number("message_thread_id"):
            return chat, GENERAL
        if not chat.is_forum:
            # Topics may have been switched off since the thread was made.
            raise absent("message thread not found")
        topic = self.topic(chat)
        if topic.closed:
            raise absent("TOPIC_CLOSED")
        return chat, topic.thread_id

    def answered(self, chat: Chat) -> int | None:
        """The message that is replied to; None: no reply, or one that is gone where that is allowed."""
        reply = self.params.json("reply_parameters") or {}
        if not isinstance(reply, dict):
            raise invalid("can't parse reply_parameters: object expected")
        wanted = reply.get("message_id") or self.params.number("reply_to_message_id")
        if not wanted:
            return None
        message = chat.messages.get(int(wanted))
        if message is not None and not message.deleted:
            return message.id
        if reply.get("allow_sending_without_reply") or self.params.flag("allow_sending_without_reply"):
            return None
        raise absent("message to be replied not found")

    def caption(self) -> Json:
        return caption_of(
            self.params.text("caption"), self.params.objects("caption_entities"), self.params.text("parse_mode")
        )

    def send(self, chat: Chat, thread_id: int, content: Json, **more: Any) -> Json:
        """Spends the group's budget and posts; the message as the Bot API shows it."""
        answered = self.answered(chat)
        chat.limit.spend(self.telegram.now())
        markup = self.markup(chat)
        message = self.telegram.post(
            chat, thread_id, self.bot.user(), content, bot_id=self.bot.id, reply_to=answered, markup=markup, **more
        )
        return self.telegram.shape(chat, message)

    def markup(self, chat: Chat) -> Json | None:
        """Refused: a button for a contact where it is not a private chat."""
        markup: Json | None = self.params.json("reply_markup")
        buttons = [button for row in (markup or {}).get("keyboard", []) for button in row]
        if chat.kind != "private" and any(isinstance(one, dict) and one.get("request_contact") for one in buttons):
            raise invalid("phone number can be requested in private chats only")
        return markup

    def service(self, chat: Chat, thread_id: int, content: Json) -> Message:
        return self.telegram.post(chat, thread_id, self.bot.user(), content, bot_id=self.bot.id)


Method: TypeAlias = Callable[[Call], Awaitable[Any]]


def caption_of(caption: str | None, entities: list[Json], parse_mode: str | None) -> Json:
    if not caption:
        return {}
    text, found = checked(caption, entities, parse_mode, LONGEST_CAPTION, "message caption is too long")
    return {"caption": text} | ({"caption_entities": found} if found else {})
