"""The demo organisation's bot, group and Avito account, with the sandbox's values; the sandbox makes its chats."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.kernel.crypto import Keyring
from models import Account, Bot, Organisation
from models.channels.account import CLIENT_SECRET
from models.channels.bot import TOKEN, TOKEN_INDEX
from models.kernel.columns import seal
from models.people.organisation import FIRST

BOT_TOKEN: Final = "1000000001:SANDBOX-bot-token-for-privet-0000001"  # noqa: S105 - valid only in the sandbox
BOT_NAME: Final = "privet_demo_bot"
GROUP: Final = -1001000000001
CLIENT_ID: Final = "sandbox-client"
CLIENT_KEY: Final = "sandbox-secret-1234567890"
BOT_ID: Final = UUID("00000000-0000-4000-8000-000000000201")
ACCOUNT_ID: Final = UUID("00000000-0000-4000-8000-000000000202")
ZONE: Final = "Europe/Moscow"
REPLY: Final = "Здравствуйте! Спасибо за сообщение, мы уже читаем его и скоро ответим."


async def seed_conversations(session: AsyncSession, keyring: Keyring, now: datetime, delay: int) -> None:
    """Add the rows in the caller's transaction; auto-replies are on at any hour, for demonstration."""
    organisation = await session.get_one(Organisation, FIRST)
    organisation.auto_reply_enabled = True
    organisation.auto_reply_always = True
    organisation.auto_reply_timezone = ZONE
    organisation.auto_reply_text = REPLY
    organisation.auto_reply_delay_seconds = delay
    organisation.canned_replies = {"адрес": "Здравствуйте, {buyer}! Забрать «{item}» можно ежедневно с 10 до 20."}
    session.add(
        Bot(
            id=BOT_ID,
            organisation_id=FIRST,
            token_sealed=seal(keyring, TOKEN, BOT_TOKEN),
            token_index=keyring.blind_index(TOKEN_INDEX, BOT_TOKEN),
            telegram_id=int(BOT_TOKEN.partition(":")[0]),
            username=BOT_NAME,
            group_chat_id=GROUP,
            created_at=now,
            updated_at=now,
        )
    )
    await session.flush()
    session.add(
        Account(
            id=ACCOUNT_ID,
            organisation_id=FIRST,
            bot_id=BOT_ID,
            name="Лавка «Привет»",
            api_client_id=CLIENT_ID,
            secret_sealed=seal(keyring, CLIENT_SECRET, CLIENT_KEY),
            created_at=now,
            updated_at=now,
        )
    )
