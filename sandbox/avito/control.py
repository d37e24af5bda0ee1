"""Plays Avito's side: makes accounts and chats, writes as a buyer or as the seller in Avito's own application."""

from collections.abc import Callable
from typing import Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import Base64Bytes, BaseModel, Field
from starlette.responses import Response

from sandbox.avito import contents, shown
from sandbox.avito.gate import origin_of
from sandbox.avito.records import Account, Chat, Item, Json, Kind, Message, Via
from sandbox.avito.refused import Refused
from sandbox.avito.samples import make_picture
from sandbox.avito.state import FIRST_ITEM, Avito

VIA = {"buyer": Via.BUYER, "seller": Via.APP, "avito": Via.AVITO}


class NewAccount(BaseModel):
    user_id: int | None = None
    client_id: str | None = None
    client_secret: str | None = None
    name: str = "Магазин"
    employee: bool = False
    list_shape: Literal["array", "object", "mixed"] = "mixed"


class NewMessage(BaseModel):
    """A type that is not known is allowed: Avito adds some."""

    type: str = "text"
    text: str = ""
    content: Json | None = None
    """Instead of what the type usually holds."""
    image: Base64Bytes | None = None
    voice: Base64Bytes | None = None
    quote_id: str | None = None


class OldMessage(NewMessage):
    author: Literal["buyer", "seller", "avito"] = "buyer"
    seconds_ago: int = Field(default=3600, ge=0)
    is_read: bool = True
    """By the seller."""
    seen: bool = True
    """By the buyer."""


class NewItem(BaseModel):
    id: int | None = None
    title: str
    price_string: str = "12 500 ₽"
    url: str | None = None
    city: str | None = None


class NewChat(BaseModel):
    chat_id: str | None = None
    kind: Kind = Kind.U2I
    buyer_name: str = "Покупатель"
    item: NewItem | None = None
    messages: list[OldMessage] = []


class SellerText(BaseModel):
    text: str = Field(min_length=1)


class Limit(BaseModel):
    per_minute: int | None = Field(ge=0)


class Control:
    def __init__(self, avito: Avito, changed: Callable[[], None]) -> None:
        self._avito = avito
        self._changed = changed

    async def add_account(self, new: NewAccount) -> Json:
        account = self._avito.add_account(**new.model_dump())
        self._changed()
        return {
            "user_id": account.user_id,
            "client_id": account.client_id,
            "client_secret": account.client_secret,
        }

    async def show_account(self, user_id: int) -> Json:
        return shown.account_json(self._account(user_id))

    async def limit(self, user_id: int, limit: Limit) -> Json:
        """Calls a minute that the account may make; null: no limit."""
        account = self._account(user_id)
        account.per_minute = limit.per_minute
        self._changed()
        return {"per_minute": account.per_minute}

    async def add_chat(self, user_id: int, new: NewChat) -> Json:
        account = self._account(user_id)
        if new.chat_id in account.chats:
            raise HTTPException(409, "there is such a chat")
        old = sorted(new.messages, key=lambda message: -message.seconds_ago)
        now = int(self._avito.now())
        chat = self._avito.add_chat(
            account,
            chat_id=new.chat_id,
            kind=new.kind,
            buyer_name=new.buyer_name,
            item=self._item(new.item) if new.item else None,
            created=now - old[0].seconds_ago if old else None,
        )
        for message in old:
            self._add_old(account, chat, message, now)
        self._changed()
        return {"chat_id": chat.id, "buyer_id": chat.buyer_id, "messages": list(chat.messages)}

    async def buyer_writes(self, user_id: int, chat_id: str, new: NewMessage, request: Request) -> Json:
        account, chat = self._chat(user_id, chat_id)
        if chat.buyer_id in account.blocked:
            raise HTTPException(409, "the buyer is blocked")
        if new.quote_id is not None and new.quote_id not in chat.messages:
            raise HTTPException(404, "no such message to quote")
        via = Via.AVITO if new.type == "system" or chat.kind is Kind.A2U else Via.BUYER
        content = self._content(account, new)
        message = self._avito.write(account, chat, via, new.type, content, quote_id=new.quote_id)
        return self._told(account, chat, message, request)

    async def seller_writes(self, user_id: int, chat_id: str, new: SellerText, request: Request) -> Json:
        account, chat = self._chat(user_id, chat_id)
        message = self._avito.write_text(account, chat, Via.APP, new.text)
        return self._told(account, chat, message, request)

    async def delete(self, user_id: int, chat_id: str, message_id: str, request: Request) -> Json:
        account, chat = self._chat(user_id, chat_id)
        if (message := chat.messages.get(message_id)) is None:
            raise HTTPException(404, "no such message")
        self._avito.remove(message)
        return self._told(account, chat, message, request)

    async def buyer_reads(self, user_id: int, chat_id: str) -> Json:
        _, chat = self._chat(user_id, chat_id)
        self._avito.read_by_buyer(chat)
        self._changed()
        return {"ok": True}

    async def play(self, user_id: int, voice_id: str) -> Response:
        try:
            return Response(self._avito.media.recorded(user_id, voice_id), media_type="audio/mp4")
        except Refused as refusal:
            raise HTTPException(404, "no such voice") from refusal

    def _told(self, account: Account, chat: Chat, message: Message, request: Request) -> Json:
        self._avito.announce(account, chat, message, origin_of(request))
        self._changed()
        return {"id": message.id, "created": message.created}

    def _add_old(self, account: Account, chat: Chat, old: OldMessage, now: int) -> None:
        """Without a webhook: it was there before anybody looked."""
        created = now - old.seconds_ago
        content = self._content(account, old)
        message = self._avito.write(account, chat, VIA[old.author], old.type, content, created=created)
        if message.direction == "in" and old.is_read:
            message.is_read = True
            chat.unread -= 1
        if message.direction == "out" and old.seen:
            message.read = created
            chat.unseen -= 1

    def _content(self, account: Account, new: NewMessage) -> Json:
        if new.content is not None:
            return new.content
        if new.type == "image":
            image_id = self._picture(account, new.image or make_picture())
            return {"image": {"sizes": self._avito.media.sizes(image_id)}}
        if new.type == "voice":
            return {"voice": {"voice_id": self._avito.media.add_voice(account.user_id, new.voice)}}
        return contents.of_type(account, new.type, new.text)

    def _picture(self, account: Account, data: bytes) -> str:
        try:
            return self._avito.media.add_image(account.user_id, data)
        except Refused as refusal:
            raise HTTPException(422, str(refusal.fields)) from refusal

    def _item(self, new: NewItem) -> Item:
        item_id = new.id if new.id is not None else FIRST_ITEM + self._avito.kept.chats_made
        url = new.url or f"https://avito.ru/moskva/tovary/tovar_{item_id}"
        return Item(item_id, new.title, new.price_string, url, new.city)

    def _account(self, user_id: int) -> Account:
        if (account := self._avito.kept.accounts.get(user_id)) is None:
            raise HTTPException(404, "no such account")
        return account

    def _chat(self, user_id: int, chat_id: str) -> tuple[Account, Chat]:
        account = self._account(user_id)
        if (chat := account.chats.get(chat_id)) is None:
            raise HTTPException(404, "no such chat")
        return account, chat


def build(avito: Avito, changed: Callable[[], None]) -> APIRouter:
    """`changed` is called after every change."""
    control = Control(avito, changed)
    router = APIRouter(prefix="/sandbox/accounts")
    router.add_api_route("", control.add_account, methods=["POST"])
    router.add_api_route("/{user_id}", control.show_account, methods=["GET"])
    router.add_api_route("/{user_id}/limit", control.limit, methods=["POST"])
    router.add_api_route("/{user_id}/chats", control.add_chat, methods=["POST"])
    router.add_api_route("/{user_id}/voices/{voice_id}", control.play, methods=["GET"], response_model=None)
    chat = "/{user_id}/chats/{chat_id}"
    router.add_api_route(chat + "/messages", control.buyer_writes, methods=["POST"])
    router.add_api_route(chat + "/messages/{message_id}/delete", control.delete, methods=["POST"])
    for under in (chat, chat + "/messages"):
        router.add_api_route(under + "/as-seller", control.seller_writes, methods=["POST"])
        router.add_api_route(under + "/read", control.buyer_reads, methods=["POST"])
    return router
