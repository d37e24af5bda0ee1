"""Plays Telegram's people over HTTP: makes bots and groups, writes in topics, opens, closes and deletes them."""

from collections.abc import Callable
from typing import Literal

from fastapi import APIRouter, HTTPException
from pydantic import Base64Bytes, BaseModel, Field
from starlette.responses import Response

from sandbox.telegram import people, shown
from sandbox.telegram.kinds import KINDS
from sandbox.telegram.params import Upload
from sandbox.telegram.people import ANNA, Shared, Written, person
from sandbox.telegram.records import Bot, Chat, Json, Role
from sandbox.telegram.state import Telegram


class NewBot(BaseModel):
    token: str | None = Field(default=None, pattern=r"^\d+:[\w-]+$")
    username: str | None = None
    name: str = ""


class NewGroup(BaseModel):
    title: str
    bot_token: str | None = None
    """None: every bot that there is."""
    is_forum: bool = True
    chat_id: int | None = Field(default=None, lt=0)
    kind: Literal["supergroup", "group", "channel"] | None = None
    """None: a supergroup with topics, a group without."""


class FromPerson(BaseModel):
    from_id: int = ANNA
    from_name: str | None = None

    def sender(self) -> Json:
        return person(self.from_id, self.from_name)


class NewText(FromPerson):
    bot_token: str
    text: str = Field(min_length=1)


class SharedContact(BaseModel):
    """`own_phone`: the number of the person's account, from now on."""

    bot_token: str
    from_name: str | None = None
    how: Literal["own", "other", "typed", "forwarded"] = "own"
    phone: str | None = Field(default=None, max_length=40)
    of_id: int | None = None
    own_phone: str | None = Field(default=None, pattern=r"^\d{5,15}$")

    def shared(self) -> Shared:
        return Shared(self.how, self.phone, self.of_id)


class Blocking(BaseModel):
    bot_token: str
    blocked: bool = True


class NewMessage(FromPerson):
    kind: str = "text"
    text: str | None = None
    photo: Base64Bytes | None = None
    file: Base64Bytes | None = None
    """Bytes for the kinds that have a file; a sample without."""
    file_name: str | None = None
    mime: str | None = None
    size: int | None = None
    """A size to pretend: getFile refuses more than 20 MB."""
    caption: str | None = None
    reply_to: int | None = None
    media_group_id: str | None = None
    anonymous_admin: bool = False
    channel: str | None = None
    """Written in the name of a channel with this title."""

    def written(self) -> Written:
        kind = "photo" if self.photo is not None and self.kind == "text" else self.kind
        if kind not in KINDS:
            raise HTTPException(422, f"kind: one of {', '.join(sorted(KINDS))}")
        data, upload = self.photo or self.file, None
        if data is not None:
            mime = self.mime or ("image/jpeg" if kind == "photo" else "application/octet-stream")
            upload = Upload(data, self.file_name or f"{kind}.bin", mime)
        caption = self.caption if self.caption is not None or kind == "text" else self.text
        return Written(
            *(kind, self.text, caption, upload, self.size, self.reply_to, self.media_group_id, self.anonymous_admin),
            channel=self.channel,
        )


class NewAlbum(FromPerson):
    photos: list[Base64Bytes] = Field(min_length=2, max_length=10)
    caption: str | None = None


class Edit(BaseModel):
    message_id: int
    text: str | None = Field(default=None, min_length=1)
    """None: an `edited_message` that changes nothing."""


class Which(BaseModel):
    message_id: int


class Press(FromPerson):
    message_id: int
    data: str


class NewTopic(FromPerson):
    name: str = Field(min_length=1, max_length=128)


class Member(BaseModel):
    bot_token: str


class NewRole(Member):
    role: Role


class Topics(BaseModel):
    is_forum: bool


class Limit(BaseModel):
    per_minute: int = Field(ge=0)


class Control:
    def __init__(self, telegram: Telegram, changed: Callable[[], None]) -> None:
        self._telegram, self._changed = telegram, changed

    async def add_bot(self, new: NewBot) -> Json:
        if new.token in self._telegram.bots:
            raise HTTPException(409, "there is such a bot")
        bot = self._telegram.add_bot(new.token, new.username, new.name)
        self._changed()
        return {"id": bot.id, "token": bot.token, "username": bot.username}

    async def add_group(self, new: NewGroup) -> Json:
        if new.chat_id in self._telegram.groups:
            raise HTTPException(409, "there is such a group")
        bots = [self._bot(new.bot_token)] if new.bot_token else list(self._telegram.bots.values())
        chat = self._telegram.add_group(new.title, bots, new.is_forum, new.chat_id, new.kind)
        self._changed()
        return {"chat_id": chat.id}

    async def show_group(self, chat_id: int) -> Json:
        return shown.group(self._group(chat_id))

    async def show_topic(self, chat_id: int, thread_id: int) -> Json:
        chat = self._group(chat_id)
        if thread_id not in chat.topics:
            raise HTTPException(404, "no such topic")
        return shown.topic(chat, chat.topics[thread_id])

    async def write(self, chat_id: int, thread_id: int, new: NewMessage) -> Json:
        message = people.write(self._telegram, self._group(chat_id), thread_id, new.sender(), new.written())
        self._changed()
        return {"message_id": message.id}

    async def write_album(self, chat_id: int, thread_id: int, new: NewAlbum) -> Json:
        chat = self._group(chat_id)
        messages = people.write_album(self._telegram, chat, thread_id, new.sender(), new.photos, new.caption)
        self._changed()
        return {"message_ids": [message.id for message in messages]}

    async def edit(self, chat_id: int, change: Edit) -> Json:
        message = people.edit(self._telegram, self._group(chat_id), change.message_id, change.text)
        self._changed()
        return {"message_id": message.id}

    async def delete(self, chat_id: int, which: Which) -> Json:
        people.delete(self._group(chat_id), which.message_id)
        return self._done()

    async def press(self, chat_id: int, pressed: Press) -> Json:
        chat = self._group(chat_id)
        people.press(self._telegram, chat, pressed.message_id, pressed.data, pressed.sender())
        return self._done()

    async def open_topic(self, chat_id: int, new: NewTopic) -> Json:
        topic = people.open_topic(self._telegram, self._group(chat_id), new.name, new.sender())
        self._changed()
        return {"thread_id": topic.thread_id}

    async def change_topic(self, chat_id: int, thread_id: int, change: Literal["close", "reopen", "delete"]) -> Json:
        chat = self._group(chat_id)
        if change == "delete":
            people.delete_topic(chat, thread_id)
        else:
            people.set_closed(self._telegram, chat, thread_id, change == "close", person(ANNA))
        return self._done()

    async def migrate(self, chat_id: int) -> Json:
        moved = self._telegram.migrate(self._group(chat_id))
        self._changed()
        return {"chat_id": moved.id}

    async def kick(self, chat_id: int, member: Member) -> Json:
        people.set_member(self._telegram, self._group(chat_id), self._bot(member.bot_token), False, person(ANNA))
        return self._done()

    async def invite(self, chat_id: int, member: Member) -> Json:
        people.set_member(self._telegram, self._group(chat_id), self._bot(member.bot_token), True, person(ANNA))
        return self._done()

    async def set_role(self, chat_id: int, new: NewRole) -> Json:
        people.set_role(self._telegram, self._group(chat_id), self._bot(new.bot_token), new.role, person(ANNA))
        return self._done()

    async def set_topics(self, chat_id: int, topics: Topics) -> Json:
        people.set_forum(self._group(chat_id), topics.is_forum)
        return self._done()

    async def limit(self, chat_id: int, limit: Limit) -> Json:
        chat = self._group(chat_id)
        chat.limit.per_minute = limit.per_minute
        chat.limit.spent.clear()
        return self._done()

    async def write_in_private(self, user_id: int, new: NewText) -> Json:
        bot = self._bot(new.bot_token)
        sender = person(user_id, new.from_name)
        chat = self._telegram.private(bot, user_id, str(sender["first_name"]))
        message = people.write(self._telegram, chat, 0, sender, Written(text=new.text))
        self._changed()
        return {"message_id": message.id}

    async def share_contact(self, user_id: int, new: SharedContact) -> Json:
        bot = self._bot(new.bot_token)
        sender = person(user_id, new.from_name)
        if new.own_phone:
            self._telegram.phones[user_id] = new.own_phone
        chat = self._telegram.private(bot, user_id, str(sender["first_name"]))
        message = people.share_contact(self._telegram, chat, sender, new.shared())
        self._changed()
        return {"message_id": message.id}

    async def block(self, user_id: int, blocking: Blocking) -> Json:
        bot = self._bot(blocking.bot_token)
        people.set_blocked(self._telegram.private(bot, user_id, f"Гость {user_id}"), bot, blocking.blocked)
        return self._done()

    async def show_private(self, user_id: int, bot_id: int) -> Json:
        if (chat := self._telegram.privates.get((bot_id, user_id))) is None:
            raise HTTPException(404, "no such chat")
        return shown.private(bot_id, chat)

    async def show_file(self, file_id: str) -> Response:
        if (file := self._telegram.files.get(file_id)) is None:
            raise HTTPException(404, "no such file")
        # A bot may send any type, HTML as well: opened in a tab it runs nothing.
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        return Response(self._telegram.blobs.get(file.sha256), media_type=file.mime, headers=headers)

    def _done(self) -> Json:
        self._changed()
        return {"ok": True}

    def _group(self, chat_id: int) -> Chat:
        chat = self._telegram.groups.get(chat_id)
        if chat is None:
            raise HTTPException(404, "no such group")
        return chat if chat.migrated_to is None else self._group(chat.migrated_to)

    def _bot(self, token: str) -> Bot:
        if token not in self._telegram.bots:
            raise HTTPException(404, "no such bot")
        return self._telegram.bots[token]


def build(telegram: Telegram, changed: Callable[[], None]) -> APIRouter:
    """`changed` is called after every change. `people.Impossible` becomes 409 in sandbox.app."""
    control = Control(telegram, changed)
    router = APIRouter(prefix="/sandbox")
    router.add_api_route("/files/{file_id}", control.show_file, methods=["GET"], response_model=None)
    router.add_api_route("/groups/{chat_id}", control.show_group, methods=["GET"])
    router.add_api_route("/groups/{chat_id}/topics/{thread_id}", control.show_topic, methods=["GET"])

    def post(path: str, endpoint: Callable[..., object]) -> None:
        router.add_api_route(path, endpoint, methods=["POST"])

    post("/bots", control.add_bot)
    post("/groups", control.add_group)
    post("/private/{user_id}/messages", control.write_in_private)
    post("/private/{user_id}/contacts", control.share_contact)
    post("/private/{user_id}/block", control.block)
    router.add_api_route("/private/{user_id}/{bot_id}", control.show_private, methods=["GET"])
    post("/groups/{chat_id}/limit", control.limit)
    post("/groups/{chat_id}/migrate", control.migrate)
    post("/groups/{chat_id}/kick", control.kick)
    post("/groups/{chat_id}/invite", control.invite)
    post("/groups/{chat_id}/role", control.set_role)
    post("/groups/{chat_id}/forum", control.set_topics)
    post("/groups/{chat_id}/press", control.press)
    post("/groups/{chat_id}/topics", control.open_topic)
    topic = "/groups/{chat_id}/topics/{thread_id}"
    post(topic + "/messages", control.write)
    for under in (topic, topic + "/messages"):
        post(under + "/albums", control.write_album)
        post(under + "/edit", control.edit)
        post(under + "/delete-message", control.delete)
    post(topic + "/{change}", control.change_topic)
    return router
