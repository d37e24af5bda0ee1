"""A dialog with a topic, and the addresses at which Telegram and Avito call about it."""

from itertools import count
from typing import Any
from uuid import uuid4

from httpx import AsyncClient
from temporalio.client import WorkflowHandle

from activities.channels.webhook_secret import renew_secret
from models import Account, AvitoHint, Bot, Dialog, Message
from models.conversations.dialog_list import messages_after
from models.kernel.database import at_once
from tests.api.conversation_factories import make_account, make_bot, make_dialog
from tests.api.shared_api import Staff
from workflows.conversations.start import conversation_id

PROOF = "X-Telegram-Bot-Api-Secret-Token"
TOPIC = 17
_updates = count(1)


class DialogWebhooks:
    """A dialog with a topic, and the addresses at which Telegram and Avito call about it."""

    def __init__(self, staff: Staff, bot: Bot, account: Account, dialog: Dialog, secrets: tuple[str, str]) -> None:
        self.staff, self.bot, self.account, self.dialog = staff, bot, account, dialog
        self.bot_secret, self.account_secret = secrets

    def http(self) -> AsyncClient:
        """As Telegram calls, with the bot's secret in the header."""
        http = self.staff.api.http()
        http.headers[PROOF] = self.bot_secret
        return http

    @property
    def telegram(self) -> str:
        return f"/api/webhooks/telegram/{self.bot.id}/{self.bot_secret}"

    @property
    def avito(self) -> str:
        return f"/api/webhooks/avito/{self.account.id}/{self.account_secret}"

    def update(self, text: str | None = "Да, продаётся", **message: Any) -> dict[str, Any]:
        number = next(_updates)
        said = {
            "message_id": number,
            "message_thread_id": TOPIC,
            "is_topic_message": True,
            "date": 1_790_000_000,
            "chat": {"id": self.bot.group_chat_id, "type": "supergroup", "title": "Продажи", "is_forum": True},
            "from": {"id": 7, "is_bot": False, "first_name": "Анна"},
            "text": text,
        }
        return {"update_id": number, "message": said | message}

    def hook(self) -> dict[str, Any]:
        value = {
            "id": uuid4().hex,
            "chat_id": self.dialog.avito_dialog_id,
            "user_id": self.account.avito_user_id,
            "author_id": 5,
            "created": 1_790_000_000,
            "type": "text",
            "chat_type": "u2i",
            "content": {"text": "Торг уместен?"},
        }
        return {"id": uuid4().hex, "version": "v3.0.0", "payload": {"type": "message", "value": value}}

    async def read(self) -> None:
        """The workflow has read the chat."""
        chat = self.account.id, self.dialog.avito_dialog_id
        async with at_once(self.staff.api.sessions).connect() as connection:
            hints = await AvitoHint.open_in(connection, *chat)
            await AvitoHint.take(connection, *chat, hints, self.staff.api.context.now())

    async def messages(self) -> list[Message]:
        async with self.staff.api.sessions() as session:
            return list(await messages_after(session, self.dialog.id, -1, 100))

    @property
    def workflow(self) -> WorkflowHandle[Any, Any]:
        temporal = self.staff.api.context.temporal
        return temporal.get_workflow_handle(conversation_id(self.account.id, self.dialog.avito_dialog_id))


async def webhooks_of(owner: Staff, group: int | None = None, topic: int = TOPIC) -> DialogWebhooks:
    keyring = owner.api.context.keyring
    bot = await make_bot(owner, **({} if group is None else {"group_chat_id": group}))
    account = await make_account(owner, bot)
    dialog = await make_dialog(owner, account, telegram_chat_id=bot.group_chat_id, telegram_topic_id=topic)
    async with owner.api.sessions.begin() as session:
        bot_secret = renew_secret(keyring, await session.get_one(Bot, bot.id))
        account_secret = renew_secret(keyring, await session.get_one(Account, account.id))
    return DialogWebhooks(owner, bot, account, dialog, (bot_secret, account_secret))
