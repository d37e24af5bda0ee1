"""Methods of the Bot API in a form of ours: with raw updates, or with as little of the answer as is needed."""

from aiogram import methods as api
from pydantic import BaseModel


class RawUpdates(api.TelegramMethod[list[dict[str, object]]]):
    """getUpdates with raw updates: they are stored before they are parsed."""

    __returning__ = list[dict[str, object]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int
    allowed_updates: list[str]


class Sent(BaseModel):
    message_id: int


class SendText(api.SendMessage):
    """Reads only the id: parsing the returned message costs more than the call."""

    __returning__ = Sent  # type: ignore[assignment]  # the class above says which


class SendAlbum(api.SendMediaGroup):
    """As `SendText`."""

    __returning__ = list[Sent]


class Chat(BaseModel):
    id: int
    type: str
    is_forum: bool | None = None


class GetChat(api.TelegramMethod[Chat]):
    """Reads only what concerns us: rights and texts of a chat change with each release of the Bot API."""

    __returning__ = Chat
    __api_method__ = "getChat"

    chat_id: int


class Member(BaseModel):
    status: str
    can_manage_topics: bool | None = None
    can_send_messages: bool | None = None


class GetChatMember(api.TelegramMethod[Member]):
    __returning__ = Member
    __api_method__ = "getChatMember"

    chat_id: int
    user_id: int
