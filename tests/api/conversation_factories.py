"""Rows of a bot, an account, a dialog and its messages, as the API leaves them."""

from itertools import count
from typing import Any
from uuid import uuid4

from domain.kernel.clock import utc_now
from models import Account, Attachment, Bot, Dialog, Message
from models.channels.account import CLIENT_SECRET
from models.channels.bot import TOKEN, TOKEN_INDEX
from models.conversations.message import BODY, Author, Delivery, Direction
from models.kernel.columns import seal
from tests import factories
from tests.api.shared_api import Staff

_numbers = count(1)


async def make_bot(staff: Staff, **values: Any) -> Bot:
    """A row as `POST /bots` leaves it; Telegram knows nothing of it."""
    number = next(_numbers)
    token, keyring = f"{number}:token", staff.api.context.keyring
    defaults: dict[str, Any] = {
        "organisation_id": staff.manager.organisation_id,
        "token_sealed": seal(keyring, TOKEN, token),
        "token_index": keyring.blind_index(TOKEN_INDEX, token),
        "telegram_id": number,
        "username": f"bot_{number}",
        "group_chat_id": -1_000_000_000 - number,
        "created_at": utc_now(),
        "updated_at": utc_now(),
    }
    return await factories.stored(staff.api.sessions, Bot(**defaults | values))


async def make_account(staff: Staff, bot: Bot | None = None, **values: Any) -> Account:
    bot = bot or await make_bot(staff)
    defaults: dict[str, Any] = {
        "organisation_id": staff.manager.organisation_id,
        "bot_id": bot.id,
        "name": "Лавка на Avito",
        "api_client_id": f"client-{uuid4()}",
        "secret_sealed": seal(staff.api.context.keyring, CLIENT_SECRET, "secret"),
        "avito_user_id": next(_numbers),
        "created_at": utc_now(),
        "updated_at": utc_now(),
    }
    return await factories.stored(staff.api.sessions, Account(**defaults | values))


async def make_dialog(staff: Staff, account: Account | None = None, **values: Any) -> Dialog:
    account = account or await make_account(staff)
    defaults: dict[str, Any] = {
        "organisation_id": account.organisation_id,
        "avito_account_id": account.id,
        "avito_dialog_id": f"u2i-{uuid4()}",
        "title": "Велосипед Stels",
        "buyer_name": "Ольга",
        "last_message_at": utc_now(),
        "created_at": utc_now(),
        "updated_at": utc_now(),
    }
    dialog = Dialog(**defaults | values)
    dialog.index()
    return await factories.stored(staff.api.sessions, dialog)


async def make_message(staff: Staff, dialog: Dialog, text: str, **values: Any) -> Message:
    """From the buyer, shown in the topic."""
    defaults: dict[str, Any] = {
        "dialog_id": dialog.id,
        "source_key": f"avito:{uuid4()}",
        "direction": Direction.AVITO,
        "author": Author.BUYER,
        "kind": "text",
        "body_sealed": seal(staff.api.context.keyring, BODY, {"text": text}),
        "status": Delivery.DELIVERED,
        "created_at": utc_now(),
        "received_at": utc_now(),
    }
    return await factories.stored(staff.api.sessions, Message(**defaults | values))


async def make_attachment(staff: Staff, message: Message, **values: Any) -> Attachment:
    defaults: dict[str, Any] = {"message_id": message.id, "ordinal": 0, "kind": "image", "created_at": utc_now()}
    return await factories.stored(staff.api.sessions, Attachment(**defaults | values))
