"""The bots of an organisation: connected by their token, changed and removed by its owner."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.channels.credentials import CheckedToken, check_typed_group, set_webhook
from activities.channels.webhook_secret import renew_secret, telegram_url
from activities.conversations.telegram_side.group_check import GroupVerdict, check_group
from domain.channels.refusals import BotInUse, BotTaken
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import WrongStep, found
from gateways.telegram.client import TelegramApi
from models.channels.bot import TOKEN, TOKEN_INDEX, Bot, BotStatus
from models.channels.connected import add_unless_taken, bot_of, is_bot_taken, is_bot_used
from models.kernel.columns import seal, unseal
from models.kernel.database import Sessions

NO_BOT: Final = "Бот не найден."
TAKEN: Final = "Этот бот уже подключён. Чтобы сменить токен, измените его в настройках бота."
IN_USE: Final = "Через этого бота работают аккаунты Avito. Сначала переведите их на другого бота или удалите."
POLLED: Final = "Адрес для webhook не задан (WEBHOOK_BASE_URL): бот опрашивается, webhook ему не нужен."


class Bots:
    """`webhook_base` is empty where bots are polled."""

    def __init__(
        self, sessions: Sessions, keyring: Keyring, telegram: TelegramApi, webhook_base: str, now: Clock
    ) -> None:
        self.sessions, self.keyring, self.telegram, self.now = sessions, keyring, telegram, now
        self.webhook_base = webhook_base

    async def connect(
        self, session: AsyncSession, organisation_id: UUID, values: Mapping[str, Any], checked: CheckedToken
    ) -> Bot:
        now = self.now()
        identity = self._identity(checked)
        bot = Bot(organisation_id=organisation_id, created_at=now, updated_at=now, **values, **identity)
        return await self._stored(session, bot)

    async def look_at_group(
        self, organisation_id: UUID, bot_id: UUID, changes: Mapping[str, Any], checked: CheckedToken | None
    ) -> GroupVerdict | None:
        """What Telegram says of the group that the bot is to work in; None: it has none, is off, or nothing changes.

        InvalidValue for another group that it cannot work in. The same one may be put right later.
        """
        async with self.sessions() as session:
            bot = found(await bot_of(session, organisation_id, bot_id), NO_BOT)
        group = changes.get("group_chat_id", bot.group_chat_id)
        token = checked.token if checked is not None else str(unseal(self.keyring, TOKEN, bot.token_sealed))
        if group is None:
            return None
        if group != bot.group_chat_id:
            return await check_typed_group(self.telegram, token, group)
        if checked is None and changes.get("status") != BotStatus.ACTIVE:
            return None
        return await check_group(self.telegram.bot(token), group)

    async def change(
        self,
        session: AsyncSession,
        organisation_id: UUID,
        bot_id: UUID,
        changes: Mapping[str, Any],
        checked: CheckedToken | None,
        group: GroupVerdict | None = None,
    ) -> Bot:
        """Set the named columns. Another token may be another bot's, whose webhook is not set yet.

        `group`: the verdict on its group, as it is after the change.
        """
        bot = await _locked(session, organisation_id, bot_id)
        values = {**changes, "updated_at": self.now()}
        another = "group_chat_id" in changes and changes["group_chat_id"] != bot.group_chat_id
        if checked is not None or "status" in changes or (another and bot.status == BotStatus.ERROR):
            values |= {"status": changes.get("status", BotStatus.ACTIVE), "status_reason": None}
        if checked is not None or another or "status" in changes:
            bot.work()
        if group is not None:
            values["group_chat_id"] = group.chat_id
        if checked is not None:
            values |= {**self._identity(checked), "webhook_secret_sealed": None, "webhook_set_at": None}
        for name, value in values.items():
            setattr(bot, name, value)
        if group is not None and group.reason is not None and bot.status != BotStatus.INACTIVE:
            bot.status, bot.status_reason = BotStatus.ERROR, group.reason
            bot.fail(self.now(), self.now())
        return await self._stored(session, bot)

    async def remove(self, organisation_id: UUID, bot_id: UUID) -> None:
        async with self.sessions.begin() as session:
            bot = await _locked(session, organisation_id, bot_id)
            if await is_bot_used(session, bot_id):
                raise BotInUse(IN_USE)
            bot.deleted_at = bot.updated_at = self.now()

    async def renew_webhook(self, organisation_id: UUID, bot_id: UUID) -> Bot:
        """Set the webhook with a new secret."""
        if not self.webhook_base:
            raise WrongStep(POLLED)
        async with self.sessions.begin() as session:
            # Locked while Telegram is called: of two clicks at once, the stored secret is the one that was set last.
            bot = await _locked(session, organisation_id, bot_id)
            secret = renew_secret(self.keyring, bot)
            token = unseal(self.keyring, TOKEN, bot.token_sealed)
            await set_webhook(self.telegram, token, telegram_url(self.webhook_base, bot_id, secret), secret)
            bot.webhook_last_error, bot.webhook_set_at, bot.updated_at = None, self.now(), self.now()
        return bot

    def _identity(self, checked: CheckedToken) -> dict[str, Any]:
        return {
            "token_sealed": seal(self.keyring, TOKEN, checked.token),
            "token_index": self.keyring.blind_index(TOKEN_INDEX, checked.token),
            "telegram_id": checked.me.id,
            "username": checked.me.username,
        }

    async def _stored(self, session: AsyncSession, bot: Bot) -> Bot:
        """A bot is connected once in the installation: two organisations would take each other's updates."""
        token = unseal(self.keyring, TOKEN, bot.token_sealed)
        indexes = self.keyring.blind_indexes(TOKEN_INDEX, token)
        if await is_bot_taken(session, indexes, bot.telegram_id, bot.id) or not await add_unless_taken(session, bot):
            raise BotTaken(TAKEN)
        return bot


async def _locked(session: AsyncSession, organisation_id: UUID, bot_id: UUID) -> Bot:
    return found(await bot_of(session, organisation_id, bot_id, lock=True), NO_BOT)
