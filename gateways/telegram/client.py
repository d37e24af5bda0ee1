"""Telegram's Bot API by aiogram: each method is one call with a value or an outcome; no retries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypedDict, TypeVar

from aiogram import Bot
from aiogram import methods as api
from aiogram.types import (
    BufferedInputFile,
    InputMediaDocument,
    KeyboardButton,
    LinkPreviewOptions,
    MessageEntity,
    ReactionTypeEmoji,
    ReactionTypeUnion,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from aiogram.utils.token import TokenValidationError

from gateways.outcome import Rejected, TooBig
from gateways.telegram.methods import GetChat, GetChatMember, RawUpdates, SendAlbum, SendText
from gateways.telegram.refusal import DOWNLOAD_LIMIT
from gateways.telegram.session import UPLOAD_SECONDS, OutcomeSession
from gateways.telegram.shapes import BadToken, ChatInfo, Downloaded, Me, Membership, Place, WebhookInfo

T = TypeVar("T")

HEARD: Final = ["message", "edited_message", "my_chat_member"]
"""Kinds of updates that `updates` reads; Telegram sends no others."""

TIMEOUT_SECONDS: Final = 15

_AS_IT_WAS: Final = "topic_not_modified"
_NOT_IN_A_HEADER: Final = re.compile(r'[\x00-\x1f"\\\x7f]')


@dataclass(frozen=True)
class Document:
    data: bytes = field(repr=False)
    name: str = field(repr=False)


Quotes: TypeAlias = Sequence[tuple[int, int]]
"""Offset and length of block quotations in a text, in UTF-16 units."""


class TelegramApi:
    """One server and one connection pool for all bots of the process; `proxy` as in `OutcomeSession`."""

    def __init__(self, base: str, seconds: float = TIMEOUT_SECONDS, proxy: str | None = None) -> None:
        self._session = OutcomeSession(base, seconds, proxy)

    def bot(self, token: str) -> "TelegramBot":
        """Raises BadToken for a malformed token."""
        try:
            return TelegramBot(Bot(token, session=self._session), self._session)
        except TokenValidationError:
            raise BadToken(401, "not a bot token") from None

    async def close(self) -> None:
        await self._session.close()


class TelegramBot:
    """Calls of one bot. Texts are plain, without parse mode, so that no text can be a markup error.

    Sends return the message id. A missing message to answer does not stop a send.
    """

    def __init__(self, bot: Bot, session: OutcomeSession) -> None:
        self.id = bot.id
        self._bot = bot
        self._session = session

    async def me(self) -> Me:
        user = await self._call(api.GetMe())
        return Me(user.id, user.username or "")

    async def chat(self, chat_id: int) -> ChatInfo:
        """Kicked if Telegram does not know the chat or the bot is not in it."""
        chat = await self._call(GetChat(chat_id=chat_id))
        return ChatInfo(chat.id, chat.type, chat.is_forum is True)

    async def membership(self, chat_id: int) -> Membership:
        member = await self._call(GetChatMember(chat_id=chat_id, user_id=self.id))
        can_manage = member.status == "creator" or member.can_manage_topics is True
        return Membership(member.status, can_manage, member.can_send_messages is not False)

    async def set_webhook(self, url: str, secret: str) -> None:
        """Telegram returns `secret` in X-Telegram-Bot-Api-Secret-Token; 1–256 of A-Z a-z 0-9 _ -."""
        await self._call(api.SetWebhook(url=url, secret_token=secret, allowed_updates=HEARD))

    async def delete_webhook(self) -> None:
        """Pending updates stay for `updates`."""
        await self._call(api.DeleteWebhook(drop_pending_updates=False))

    async def webhook_info(self) -> WebhookInfo:
        info = await self._call(api.GetWebhookInfo())
        return WebhookInfo(info.url, info.pending_update_count, info.last_error_message, info.last_error_date)

    async def updates(self, offset: int | None, seconds: int) -> list[dict[str, object]]:
        """Waits `seconds` for updates from `offset` on; earlier ones are confirmed."""
        method = RawUpdates(offset=offset, timeout=seconds, allowed_updates=HEARD)
        return await self._call(method, seconds + TIMEOUT_SECONDS)

    async def send_text(self, place: Place, text: str, *, reply_to: int | None = None, quotes: Quotes = ()) -> int:
        """1–4096 UTF-16 units."""
        method = SendText(
            **_to(place, reply_to),
            text=text,
            entities=_quoted(quotes),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        return (await self._call(method)).message_id

    async def send_photo(
        self,
        place: Place,
        data: bytes,
        name: str,
        *,
        caption: str = "",
        reply_to: int | None = None,
        quotes: Quotes = (),
    ) -> int:
        """Up to 10 MB, sides of 10000 in sum and 20 to 1, else PhotoRefused. Captions up to 1024 units."""
        method = api.SendPhoto(
            **_to(place, reply_to), photo=_file(data, name), caption=caption or None, caption_entities=_quoted(quotes)
        )
        return (await self._call(method, UPLOAD_SECONDS)).message_id

    async def send_voice(
        self, place: Place, data: bytes, *, caption: str = "", reply_to: int | None = None, quotes: Quotes = ()
    ) -> int:
        """Opus in OGG; VoiceRefused if Telegram or the person's privacy settings refuse it."""
        voice = BufferedInputFile(data, "voice.ogg")
        method = api.SendVoice(
            **_to(place, reply_to), voice=voice, caption=caption or None, caption_entities=_quoted(quotes)
        )
        return (await self._call(method, UPLOAD_SECONDS)).message_id

    async def send_document(
        self,
        place: Place,
        data: bytes,
        name: str,
        *,
        caption: str = "",
        reply_to: int | None = None,
        quotes: Quotes = (),
    ) -> int:
        """Up to 50 MB, unchanged."""
        method = api.SendDocument(
            **_to(place, reply_to),
            document=_file(data, name),
            caption=caption or None,
            caption_entities=_quoted(quotes),
            disable_content_type_detection=True,
        )
        return (await self._call(method, UPLOAD_SECONDS)).message_id

    async def send_documents(self, place: Place, documents: Sequence[Document], *, caption: str = "") -> int:
        """1–10 documents in one call, all or none; the caption, up to 1024 units, stands below the last one. The id is
        of the first message."""
        if len(documents) == 1:
            return await self.send_document(place, documents[0].data, documents[0].name, caption=caption)
        media = [
            InputMediaDocument(media=_file(one.data, one.name), disable_content_type_detection=True)
            for one in documents[:-1]
        ]
        last = documents[-1]
        media.append(
            InputMediaDocument(
                media=_file(last.data, last.name), caption=caption or None, disable_content_type_detection=True
            )
        )
        method = SendAlbum(chat_id=place.chat_id, message_thread_id=place.thread_id, media=list(media))
        return (await self._call(method, UPLOAD_SECONDS))[0].message_id

    async def ask_contact(self, user_id: int, text: str, button: str) -> int:
        """In private: a text with a keyboard of one button that shares the person's own contact."""
        keyboard = ReplyKeyboardMarkup(
            keyboard=[[KeyboardButton(text=button, request_contact=True)]],
            resize_keyboard=True,
            one_time_keyboard=True,
        )
        return (await self._call(SendText(chat_id=user_id, text=text, reply_markup=keyboard))).message_id

    async def send_and_close_keyboard(self, user_id: int, text: str) -> int:
        method = SendText(
            chat_id=user_id,
            text=text,
            reply_markup=ReplyKeyboardRemove(remove_keyboard=True),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        return (await self._call(method)).message_id

    async def send_location(
        self, place: Place, latitude: float, longitude: float, *, reply_to: int | None = None
    ) -> int:
        method = api.SendLocation(**_to(place, reply_to), latitude=latitude, longitude=longitude)
        return (await self._call(method)).message_id

    async def send_venue(
        self,
        place: Place,
        latitude: float,
        longitude: float,
        title: str,
        address: str,
        *,
        reply_to: int | None = None,
    ) -> int:
        """A location with a name and an address, both not empty."""
        method = api.SendVenue(
            **_to(place, reply_to), latitude=latitude, longitude=longitude, title=title, address=address
        )
        return (await self._call(method)).message_id

    async def create_topic(self, chat_id: int, name: str) -> int:
        """The topic's thread id; names have 1–128 characters. Counts as a message in the group's limit."""
        return (await self._call(api.CreateForumTopic(chat_id=chat_id, name=name))).message_thread_id

    async def close_topic(self, place: Place) -> None:
        await self._topic(api.CloseForumTopic(chat_id=place.chat_id, message_thread_id=place.thread_id or 0))

    async def reopen_topic(self, place: Place) -> None:
        await self._topic(api.ReopenForumTopic(chat_id=place.chat_id, message_thread_id=place.thread_id or 0))

    async def pin(self, chat_id: int, message_id: int) -> None:
        """Without a notification."""
        await self._call(api.PinChatMessage(chat_id=chat_id, message_id=message_id, disable_notification=True))

    async def react(self, chat_id: int, message_id: int, emoji: str | None) -> None:
        """Sets the bot's reaction; None removes it. Telegram knows ✍ 👌 👀 🤔 💔, not ✅ ❌ ⏳."""
        reaction: list[ReactionTypeUnion] = [] if emoji is None else [ReactionTypeEmoji(emoji=emoji)]
        await self._call(api.SetMessageReaction(chat_id=chat_id, message_id=message_id, reaction=reaction))

    async def download(self, file_id: str, limit_bytes: int) -> Downloaded:
        """Up to Telegram's 20 MB; TooBig above `limit_bytes` or that."""
        file = await self._call(api.GetFile(file_id=file_id))
        limit_bytes = min(limit_bytes, DOWNLOAD_LIMIT)
        if (file.file_size or 0) > limit_bytes or not file.file_path:
            raise TooBig(limit_bytes)
        return Downloaded(await self._session.download(self._bot, file.file_path, limit_bytes), file.file_path)

    async def _topic(self, method: api.TelegramMethod[bool]) -> None:
        """Ignores the refusal of a state that holds already."""
        try:
            await self._call(method)
        except Rejected as error:
            if _AS_IT_WAS not in error.reason.lower():
                raise

    async def _call(self, method: api.TelegramMethod[T], seconds: int | None = None) -> T:
        return await self._session(self._bot, method, timeout=seconds)


def _file(data: bytes, name: str) -> BufferedInputFile:
    """Cleans the name, which aiogram writes into a header as it is."""
    return BufferedInputFile(data, _NOT_IN_A_HEADER.sub("_", name))


def _quoted(quotes: Quotes) -> list[MessageEntity] | None:
    return [MessageEntity(type="blockquote", offset=offset, length=length) for offset, length in quotes] or None


class _Address(TypedDict):
    chat_id: int
    message_thread_id: int | None
    reply_parameters: ReplyParameters | None


def _to(place: Place, reply_to: int | None) -> _Address:
    answered = ReplyParameters(message_id=reply_to, allow_sending_without_reply=True) if reply_to is not None else None
    return _Address(chat_id=place.chat_id, message_thread_id=place.thread_id, reply_parameters=answered)
