"""A chat and its topic: activities over a real database, against the sandbox on both sides."""

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlmodel import col, select

from activities.avito.account import Accounts
from activities.channels.inbox import Inbox
from activities.conversations.answer import AnswerActivities, Outbox
from activities.conversations.auto_reply import AutoReplyActivities
from activities.conversations.avito_side.delete_and_block import AvitoCommands
from activities.conversations.avito_side.mark_read import ReadMarker
from activities.conversations.avito_side.read_chat import ChatReader
from activities.conversations.avito_side.send_messages import MessageSender
from activities.conversations.core.dialog import DialogActivities, DialogSteps
from activities.conversations.core.messages import ChangeDialog, Conversation, Standing
from activities.conversations.reminder import ReminderActivities
from activities.conversations.show import ShowActivities
from activities.conversations.telegram_side.attachment import Files
from activities.conversations.telegram_side.reaction import Reactions
from activities.conversations.telegram_side.send_plan import SendPlanner
from activities.conversations.telegram_side.show_messages import TopicWriter
from activities.conversations.telegram_side.staff_command import StaffCommands
from activities.conversations.telegram_side.telegram_group import Groups
from activities.conversations.telegram_side.topic import Topics
from domain.kernel.crypto import Keyring
from gateways.avito.client import Avito
from gateways.avito.media import Media
from gateways.storage.client import Storage
from gateways.telegram.client import TelegramApi
from gateways.telegram.updates import Updates
from models import Account, Bot, Dialog, Message, Organisation, Send
from models.channels.account import CLIENT_SECRET
from models.channels.bot import TOKEN, TOKEN_INDEX
from models.conversations.message import BODY
from models.kernel.columns import seal, unseal
from models.kernel.database import Sessions
from models.people.organisation import FIRST
from tests.drafts import new_draft
from tests.sandbox_server import Sandbox

ITEM = {"title": "Велосипед Stels", "price_string": "12 500 ₽", "city": "Москва"}


async def at_once(_seconds: float) -> None:
    """Instead of a pause between tries."""


@dataclass
class ConversationSetup:
    sandbox: Sandbox
    sessions: Sessions
    keyring: Keyring
    telegram: TelegramApi
    http: httpx.AsyncClient
    storage: Storage | None
    bot_id: UUID
    token: str
    group: int
    account_id: UUID
    user_id: int
    chat_id: str
    offset: int | None = None
    per_minute: int = 0
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Conversation:
        return Conversation(self.account_id, self.chat_id)

    def now(self) -> datetime:
        return self.sandbox.now()

    def build(
        self, *, per_minute: int = 0, avito: Avito | None = None, telegram: Any = None, media: Media | None = None
    ) -> None:
        """As the worker builds them; again after a test has broken a part of it."""
        sessions, keyring, now = self.sessions, self.keyring, self.now
        accounts = Accounts(sessions, keyring, avito or Avito(self.http, self.sandbox.url), now, at_once)
        groups = Groups(sessions, telegram or self.telegram, keyring, per_minute, now, (0.0,))
        media = media or Media(self.http, self.sandbox.url)
        files = Files(sessions, keyring, media, accounts, groups, self.storage, now)
        writer = TopicWriter(
            sessions,
            keyring,
            groups,
            Topics(sessions, groups, keyring, now),
            files,
            Reactions(sessions, groups, now),
            now,
        )
        read_marker = ReadMarker(sessions, accounts, now)
        reader = ChatReader(sessions, keyring, accounts, now)
        outbox = Outbox(
            sessions,
            accounts,
            SendPlanner(sessions, keyring, StaffCommands(keyring, now), now),
            MessageSender(sessions, keyring, accounts, files, AvitoCommands(sessions, keyring, accounts, now), now),
            writer,
            read_marker,
            now,
        )
        self.made = {
            "show": ShowActivities(sessions, accounts, reader, writer, read_marker, now),
            "answer": AnswerActivities(sessions, outbox),
            "auto_reply": AutoReplyActivities(sessions, keyring, accounts, reader, outbox, now),
            "silence": ReminderActivities(sessions, keyring, groups, writer, now),
            "dialog": DialogActivities(DialogSteps(sessions, keyring, now)),
            "inbox": Inbox(sessions, keyring, Updates(), now),
        }

    async def show(self, tries: int = 0) -> Standing:
        standing: Standing = await self.made["show"].show(Conversation(self.account_id, self.chat_id, tries))
        return standing

    async def answer(self, tries: int = 0) -> Standing:
        standing: Standing = await self.made["answer"].answer(Conversation(self.account_id, self.chat_id, tries))
        return standing

    async def auto_reply(self) -> Standing:
        standing: Standing = await self.made["auto_reply"].auto_reply(self.key)
        return standing

    async def remind(self) -> Standing:
        standing: Standing = await self.made["silence"].remind(self.key)
        return standing

    async def change(self, verb: str) -> Standing:
        draft_id = await new_draft(self.sessions, self.keyring, self.now(), {})
        change = ChangeDialog(self.account_id, self.chat_id, verb, draft_id)
        standing: Standing = await self.made["dialog"].change(change)
        return standing

    async def buyer(self, text: str = "", **more: Any) -> str:
        """The buyer writes; the id of Avito's message."""
        body = {"text": text} if text else {}
        written = await self.sandbox.post(f"/accounts/{self.user_id}/chats/{self.chat_id}/messages", **body, **more)
        return str(written["id"])

    async def seller_in_app(self, text: str) -> str:
        written = await self.sandbox.post(
            f"/accounts/{self.user_id}/chats/{self.chat_id}/messages/as-seller", text=text
        )
        return str(written["id"])

    async def buyer_reads(self) -> None:
        await self.sandbox.post(f"/accounts/{self.user_id}/chats/{self.chat_id}/messages/read")

    async def staff(self, text: str | None = None, **more: Any) -> int:
        """Somebody writes in the topic, and the product hears it."""
        dialog = await self.dialog()
        body = {"text": text} if text is not None else {}
        written = await self.sandbox.post(
            f"/groups/{self.group}/topics/{dialog.telegram_topic_id}/messages", **body, **more
        )
        await self.hear()
        return int(written["message_id"])

    async def album(self, photos: Sequence[bytes], caption: str | None = None) -> list[int]:
        dialog = await self.dialog()
        encoded = [base64.b64encode(one).decode() for one in photos]
        written = await self.sandbox.post(
            f"/groups/{self.group}/topics/{dialog.telegram_topic_id}/messages/albums", photos=encoded, caption=caption
        )
        await self.hear()
        return list(written["message_ids"])

    async def hear(self) -> None:
        """All updates that wait, as the poller takes them."""
        async with self.sessions() as session:
            bot = await session.get_one(Bot, self.bot_id)
        for raw in await self.telegram.bot(self.token).updates(self.offset, 0):
            self.offset = int(str(raw["update_id"])) + 1
            await self.made["inbox"].store_update(bot, raw)

    async def dialog(self) -> Dialog:
        async with self.sessions() as session:
            query = select(Dialog).where(col(Dialog.avito_dialog_id) == self.chat_id)
            return (await session.exec(query)).one()

    async def messages(self) -> list[Message]:
        async with self.sessions() as session:
            return list((await session.exec(select(Message).order_by(col(Message.number)))).all())

    async def sends(self) -> list[Send]:
        async with self.sessions() as session:
            return list((await session.exec(select(Send).order_by(col(Send.created_at), col(Send.ordinal)))).all())

    async def change_organisation(self, **values: Any) -> None:
        async with self.sessions.begin() as session:
            organisation = await session.get_one(Organisation, FIRST)
            for name, value in values.items():
                setattr(organisation, name, value)

    def body(self, message: Message) -> dict[str, Any]:
        return dict(unseal(self.keyring, BODY, message.body_sealed))

    async def topic(self) -> list[dict[str, Any]]:
        """What people see in the topic, service messages left out."""
        dialog = await self.dialog()
        found = await self.sandbox.get(f"/groups/{dialog.telegram_chat_id}/topics/{dialog.telegram_topic_id}")
        return [one for one in found["messages"] if one["kind"] != "service" and not one["deleted"]]

    async def said(self) -> list[str]:
        """Texts of the bot in the topic, without the card; of the buyer's messages only what he has said."""
        return [_said(one) for one in (await self.topic())[1:] if one["by_bot"]]

    async def reactions(self, message_id: int) -> list[str]:
        found = [one for one in await self.topic() if one["message_id"] == message_id]
        return [str(emoji) for one in found for emoji in one["reactions"]]

    def chat(self) -> list[dict[str, Any]]:
        """The chat on Avito, oldest first."""
        account = self.sandbox.world.avito.kept.accounts[self.user_id]
        messages = account.chats[self.chat_id].messages.values()
        return [
            {"id": one.id, "type": one.type, "direction": one.direction, "content": one.content} for one in messages
        ]

    def sent_to_buyer(self) -> list[str]:
        """What the buyer got from us and from the seller's app."""
        return [
            str(one["content"].get("text") or f"[{one['type']}]") for one in self.chat() if one["direction"] == "out"
        ]

    def wait(self, seconds: float) -> None:
        self.sandbox.advance(timedelta(seconds=seconds))


@asynccontextmanager
async def new_conversation_setup(
    sandbox: Sandbox, sessions: Sessions, keyring: Keyring, storage: Storage | None = None
) -> AsyncIterator[ConversationSetup]:
    telegram_id, token, username = await sandbox.bot()
    group = await sandbox.group(token)
    made = await sandbox.post("/accounts")
    chat = await sandbox.post(f"/accounts/{made['user_id']}/chats", buyer_name="Ольга", item=ITEM)
    now = sandbox.now()
    bot = Bot(
        organisation_id=FIRST,
        token_sealed=seal(keyring, TOKEN, token),
        token_index=keyring.blind_index(TOKEN_INDEX, token),
        telegram_id=telegram_id,
        username=username,
        group_chat_id=group,
        created_at=now,
        updated_at=now,
    )
    account = Account(
        organisation_id=FIRST,
        bot_id=bot.id,
        name="Магазин «Привет»",
        api_client_id=made["client_id"],
        secret_sealed=seal(keyring, CLIENT_SECRET, made["client_secret"]),
        connected_at=now - timedelta(seconds=60),
        created_at=now,
        updated_at=now,
    )
    async with sessions.begin() as session:
        session.add(bot)
        await session.flush()
        session.add(account)
    telegram = TelegramApi(sandbox.url)
    async with httpx.AsyncClient() as http:
        setup = ConversationSetup(
            sandbox,
            sessions,
            keyring,
            telegram,
            http,
            storage,
            bot.id,
            token,
            group,
            account.id,
            made["user_id"],
            chat["chat_id"],
        )
        setup.build()
        yield setup
    await telegram.close()
    sandbox.clear()


def _said(one: dict[str, Any]) -> str:
    units = str(one["text"] or one["caption"] or "").encode("utf-16-le")
    for entity in reversed([entity for entity in one["entities"] if entity["type"] == "blockquote"]):
        start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        words = units[start:end].decode("utf-16-le").removeprefix("Покупатель").removeprefix(": ")
        units = units[:start] + words.encode("utf-16-le") + units[end:]
    text = units.decode("utf-16-le")
    return text or f"[{one['kind']}]"
