"""Accounts with their chats and messages, and everything that can happen to them."""

import json
import secrets
from asyncio import Future
from collections.abc import Collection, Iterator
from itertools import islice

from pydantic import TypeAdapter

from sandbox.avito import contents, shapes, shown
from sandbox.avito.media import Media
from sandbox.avito.records import Account, Chat, Everything, Item, Json, Kind, Message, Via
from sandbox.avito.refused import Refused
from sandbox.avito.tokens import Tokens
from sandbox.blobs import Blobs
from sandbox.clock import Now
from sandbox.faults import Faults, Side
from sandbox.hooks import Hooks
from sandbox.journal import Journal

AVITO_ITSELF = 0
"""Author of system messages."""
FIRST_USER = 94_235_400
FIRST_BUYER = 3_000_000_001
"""Ids are int64, whatever some schemas say."""
FIRST_ITEM = 1_768_287_444


class Avito:
    def __init__(self, faults: Faults, journal: Journal, hooks: Hooks, now: Now, blobs: Blobs | None = None) -> None:
        """Without `blobs` the bytes of images and voices are forgotten with the process."""
        self.faults = faults
        self.journal = journal
        self.hooks = hooks
        self.now = now
        self.kept = Everything()
        self.tokens = Tokens(self.kept, now)
        self.media = Media(self.kept, blobs or Blobs(), now)

    def add_account(
        self,
        *,
        user_id: int | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        name: str = "Магазин",
        employee: bool = False,
        list_shape: str = "mixed",
    ) -> Account:
        """One with the same user_id is replaced."""
        user_id = user_id if user_id is not None else FIRST_USER + len(self.kept.accounts)
        account = Account(
            user_id,
            client_id or secrets.token_urlsafe(12),
            client_secret or secrets.token_urlsafe(24),
            name,
            employee,
            list_shape,
        )
        self.kept.accounts[user_id] = account
        return account

    def add_chat(
        self,
        account: Account,
        *,
        chat_id: str | None = None,
        kind: Kind = Kind.U2I,
        buyer_name: str = "Покупатель",
        item: Item | None = None,
        created: int | None = None,
    ) -> Chat:
        """A chat about an item gets one; others have none."""
        created = int(self.now()) if created is None else created
        number = self.kept.chats_made
        self.kept.chats_made += 1
        if kind is Kind.U2I and item is None:
            item_id = FIRST_ITEM + number
            item = Item(item_id, "Велосипед", "12 500 ₽", f"https://avito.ru/moskva/velosipedy/velosiped_{item_id}")
        chat = Chat(
            id=chat_id or f"{kind}-{secrets.token_urlsafe(8)}~{secrets.token_urlsafe(6)}",
            kind=kind,
            created=created,
            buyer_id=FIRST_BUYER + number,
            buyer_name=buyer_name,
            item=item if kind is Kind.U2I else None,
            updated=created,
            wrapped=account.list_shape == "object" or (account.list_shape == "mixed" and len(account.chats) % 2 == 1),
        )
        account.chats[chat.id] = chat
        return chat

    def write(
        self,
        account: Account,
        chat: Chat,
        via: Via,
        kind: str,
        content: Json,
        *,
        quote_id: str | None = None,
        created: int | None = None,
        late: float = 0.0,
    ) -> Message:
        """Adds a message: `created` makes an older one, `late` hides it from lists for so many seconds."""
        now = self.now()
        out = via in (Via.API, Via.APP)
        author = account.user_id if out else AVITO_ITSELF if via is Via.AVITO else chat.buyer_id
        message = Message(
            id=secrets.token_hex(16),
            author_id=author,
            created=int(now) if created is None else created,
            type=kind,
            content=content,
            via=via,
            direction="out" if out else "in",
            is_read=out,
            quote_id=quote_id,
            listed_at=now + late if late else 0.0,
        )
        chat.messages[message.id] = message
        chat.updated = max(chat.updated, message.created)
        account.chats[chat.id] = account.chats.pop(chat.id)
        if out:
            chat.unseen += 1
        else:
            chat.unread += 1
        if via is Via.APP:
            self.read_by_seller(chat)
        return message

    def write_text(self, account: Account, chat: Chat, via: Via, text: str, *, late: float = 0.0) -> Message:
        return self.write(account, chat, via, *contents.of_text(text), late=late)

    def remove(self, message: Message) -> None:
        """It stays in the list, without content."""
        message.type = "deleted"
        message.content = {}

    def read_by_seller(self, chat: Chat) -> None:
        for message in reversed(chat.messages.values()):
            if chat.unread == 0:
                return
            if not message.is_read:
                message.is_read = True
                chat.unread -= 1

    def read_by_buyer(self, chat: Chat) -> None:
        now = int(self.now())
        for message in reversed(chat.messages.values()):
            if chat.unseen == 0:
                return
            if message.direction == "out" and message.read is None:
                message.read = now
                chat.unseen -= 1

    def account(self, user_id: int) -> Account:
        if (account := self.kept.accounts.get(user_id)) is None:
            raise Refused(404)
        return account

    def chat(self, account: Account, chat_id: str) -> Chat:
        if (chat := account.chats.get(chat_id)) is None:
            raise Refused(404)
        return chat

    def message(self, chat: Chat, message_id: str) -> Message:
        if (message := chat.messages.get(message_id)) is None:
            raise Refused(404)
        return message

    def newest(self, chat: Chat) -> Iterator[Message]:
        """What lists show, newest first."""
        now = self.now()
        return (message for message in reversed(chat.messages.values()) if message.listed_at <= now)

    def chats(
        self,
        account: Account,
        kinds: Collection[str],
        items: Collection[int],
        unread_only: bool,
        limit: int,
        offset: int,
    ) -> list[Chat]:
        """The one that changed last comes first."""
        found = (
            chat
            for chat in reversed(account.chats.values())
            if chat.kind in kinds
            and (not items or (chat.item is not None and chat.item.id in items))
            and (not unread_only or chat.unread)
        )
        return list(islice(found, offset, offset + limit))

    def announce(self, account: Account, chat: Chat, message: Message, origin: str) -> list["Future[bool]"]:
        """Queues the webhook for every subscription; own messages are announced as well."""
        return [self._hook(account, chat, message, origin, url) for url in account.subscriptions]

    def _hook(self, account: Account, chat: Chat, message: Message, origin: str, url: str) -> "Future[bool]":
        body = shapes.hook_json(account, chat, message, secrets.token_hex(16), int(self.now()), origin)
        return self.hooks.send(
            Side.AVITO,
            f"avito {account.user_id} {chat.id} {url}",
            url,
            # Seen on real deliveries; how it is made is not published.
            {"X-Avito-Messenger-Signature": secrets.token_hex(32)},
            json.dumps(body, ensure_ascii=False).encode(),
        )

    def snapshot(self) -> Json:
        saved: Json = _EVERYTHING.dump_python(self.kept, mode="json")
        return saved

    def restore(self, saved: Json) -> None:
        loaded = _EVERYTHING.validate_python(saved)
        # In place: tokens and media look into the same records.
        vars(self.kept).update(vars(loaded))

    def view(self) -> Json:
        return shown.everything(self.kept)


_EVERYTHING = TypeAdapter(Everything)
