"""A Telegram bot that is looked after: its webhook or the polling in its place, and what is asked of it in person."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from activities.channels.bot_request_answers import BotRequestAnswers
from activities.channels.inbox import Inbox
from activities.channels.webhook_secret import renew_secret, secret_of, telegram_url
from activities.conversations.core.wake import Wake, WakeBot, Woken
from gateways.outcome import NotDone, Rejected, TooMany, Unauthorised, Unknown
from gateways.telegram.client import TelegramApi, TelegramBot
from gateways.telegram.shapes import Conflict, WebhookInfo
from models import Bot
from models.channels.bot import TOKEN, BotStatus
from models.kernel.columns import unseal

RECENT: Final = timedelta(hours=1)
"""What Telegram could not deliver longer ago is no trouble of today."""

POLL_SECONDS: Final = 25
LONGEST_PAUSE: Final = 30.0
MOST_PATIENCE: Final = 300.0
"""Seconds; of a longer wait another try tells."""

TOKEN_REFUSED: Final = "Telegram не принял токен бота: возьмите действующий у @BotFather и впишите его."  # noqa: S105
HOOK_REFUSED: Final = "Telegram не принял адрес для уведомлений: он должен быть открыт из интернета по https."
HOOK_FAILS: Final = "Telegram не может доставить нам сообщения"

log = logging.getLogger("privet.bot")


@dataclass(frozen=True)
class BotStanding:
    """`polled`: nobody delivers to us, so `poll` has to run. `trouble` is `token`, `telegram` or `webhook`."""

    exists: bool
    polled: bool
    trouble: str | None = None


@dataclass(frozen=True)
class Polling:
    """One call of `poll` lasts `lasts`; each getUpdates waits up to `seconds`."""

    lasts: timedelta = timedelta(minutes=10)
    seconds: int = POLL_SECONDS


class BotActivities:
    """`webhook_base` empty: bots are polled."""

    def __init__(
        self,
        inbox: Inbox,
        telegram: TelegramApi,
        answers: BotRequestAnswers,
        wake: Wake,
        wake_bot: WakeBot,
        webhook_base: str = "",
        polling: Polling = Polling(),
    ) -> None:
        self.sessions, self.keyring, self.now = inbox.sessions, inbox.keyring, inbox.now
        self.inbox, self.telegram, self._answers, self.polling = inbox, telegram, answers, polling
        self.wake, self.wake_bot, self.base = wake, wake_bot, webhook_base.rstrip("/")

    @activity.defn(name="keep_bot")
    async def keep(self, bot_id: UUID) -> BotStanding:
        """The webhook where it is wanted and nowhere else; the status true."""
        bot = await self._find(bot_id)
        if bot is None:
            return BotStanding(exists=False, polled=False)
        wanted = bot.deleted_at is None and bot.status is not BotStatus.INACTIVE
        trouble = await self._keep_webhook(bot, wanted)
        polled = wanted and not self.base and trouble != "token"
        return BotStanding(bot.deleted_at is None, polled, trouble)

    @activity.defn(name="poll_bot")
    async def poll(self, bot_id: UUID) -> None:
        """getUpdates for about ten minutes; ends early when the bot is gone, switched off, or has a webhook again.

        Without an offset of an earlier run: Telegram itself knows what was taken, and ids begin anew after a silent
        week. What comes twice is known by its id.
        """
        leaving = asyncio.ensure_future(activity.wait_for_worker_shutdown())
        polling = asyncio.ensure_future(self._poll(bot_id))
        try:
            # A worker that leaves waits for nobody's long answer: what it would have brought is asked for again.
            await asyncio.wait({leaving, polling}, return_when=asyncio.FIRST_COMPLETED)
            if polling.done():
                await polling
        finally:
            leaving.cancel()
            polling.cancel()

    async def _poll(self, bot_id: UUID) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + self.polling.lasts.total_seconds()
        offset: int | None = None
        pause = 1.0
        while loop.time() < until:
            activity.heartbeat()
            bot = await self._find(bot_id)
            if bot is None or bot.deleted_at is not None or bot.status is BotStatus.INACTIVE:
                return
            try:
                updates = await self._telegram(bot).updates(offset, self.polling.seconds)
            except (Conflict, Unauthorised):
                # Whoever calls again at once shall not do so in a tight circle.
                await asyncio.sleep(pause)
                return
            except (NotDone, Unknown, Rejected) as error:
                await asyncio.sleep(error.retry_after if isinstance(error, TooMany) else pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            pause = 1.0
            for raw in updates:
                await self._take(bot, raw)
                offset = _after(raw, offset)

    @activity.defn(name="run_bot_errands")
    async def answer_requests(self, bot_id: UUID) -> int:
        """How many were done; NotDone or Unknown where Telegram is not to be reached: the rest waits in the rows."""
        bot = await self._find(bot_id)
        if bot is None or bot.deleted_at is not None:
            return 0
        try:
            return await self._answers.answer_open(bot, self._telegram(bot))
        except TooMany as refusal:
            # Not before Telegram wants it; nobody else is kept waiting by that.
            pause = timedelta(seconds=min(max(refusal.retry_after, 1.0), MOST_PATIENCE))
            raise ApplicationError("told to wait", type="TooMany", next_retry_delay=pause) from None
        except Unauthorised:
            # `keep` says what is wrong with the token; the requests wait in their rows.
            return 0

    async def _take(self, bot: Bot, raw: Mapping[str, object]) -> None:
        """Stored first; a wake that fails is made good by the account's sweep and the bot's next request."""
        for woken in await self.inbox.store_update(bot, raw):
            try:
                if isinstance(woken, Woken):
                    await self.wake(woken.account_id, woken.chat_id, woken.side)
                else:
                    await self.wake_bot(woken.bot_id)
            except (RPCError, RuntimeError) as error:
                log.warning("bot %s: nobody was woken: %s", bot.id, type(error).__name__)

    async def _keep_webhook(self, bot: Bot, wanted: bool) -> str | None:
        """One word of trouble, or None."""
        url = await self._url(bot.id) if wanted and self.base else None
        try:
            if not bot.username:
                await self._learn_name(bot)
            info = await self._put_right(bot, url)
        except Unauthorised:
            await self._judge(bot, TOKEN_REFUSED, None)
            return "token"
        except (NotDone, Unknown):
            return "telegram"
        except Rejected:
            await self._judge(bot, None, HOOK_REFUSED)
            return "webhook"
        failing = url is not None and self._fails(info)
        await self._judge(bot, None, f"{HOOK_FAILS}: {info.last_error}"[:300] if failing else None)
        return "webhook" if failing else None

    async def _learn_name(self, bot: Bot) -> None:
        """Of a row that was made from a token alone."""
        me = await self._telegram(bot).me()
        async with self.sessions.begin() as session:
            row = await Bot.find(session, bot.id, lock=True)
            if row is not None:
                row.telegram_id, row.username = me.id, me.username

    async def _put_right(self, bot: Bot, url: str | None) -> WebhookInfo:
        telegram = self._telegram(bot)
        info = await telegram.webhook_info()
        if url is None and info.url and self._is_ours(bot, info):
            await telegram.delete_webhook()
        if url is not None and info.url != url:
            await telegram.set_webhook(url, url.rsplit("/", 1)[1])
            async with self.sessions.begin() as session:
                row = await Bot.find(session, bot.id, lock=True)
                if row is not None:
                    row.webhook_set_at = self.now()
            # What failed before was another address.
            return WebhookInfo(url, info.pending, None, None)
        return info

    def _is_ours(self, bot: Bot, info: WebhookInfo) -> bool:
        """A deleted bot may serve somebody else by now; one that we are to poll must not have any."""
        live = bot.deleted_at is None and bot.status is not BotStatus.INACTIVE
        return live or f"/api/webhooks/telegram/{bot.id}/" in info.url

    def _fails(self, info: WebhookInfo) -> bool:
        return info.last_error_at is not None and info.pending > 0 and self.now() - info.last_error_at < RECENT

    async def _judge(self, bot: Bot, reason: str | None, hook_error: str | None) -> None:
        """Only our own reason is taken back: what else is wrong is others' to say."""
        async with self.sessions.begin() as session:
            row = await Bot.find(session, bot.id, lock=True)
            if row is None:
                return
            if row.webhook_last_error != hook_error:
                row.webhook_last_error = hook_error
            if row.status is BotStatus.INACTIVE or row.deleted_at is not None:
                return
            if reason is not None:
                row.status, row.status_reason = BotStatus.ERROR, reason
            elif row.status_reason == TOKEN_REFUSED:
                row.status, row.status_reason = BotStatus.ACTIVE, None

    async def _url(self, bot_id: UUID) -> str | None:
        """Committed before Telegram hears it."""
        async with self.sessions.begin() as session:
            row = await Bot.find(session, bot_id, lock=True)
            if row is None:
                return None
            secret = secret_of(self.keyring, row) or renew_secret(self.keyring, row)
        return telegram_url(self.base, bot_id, secret)

    async def _find(self, bot_id: UUID) -> Bot | None:
        async with self.sessions() as session:
            return await Bot.find(session, bot_id)

    def _telegram(self, bot: Bot) -> TelegramBot:
        return self.telegram.bot(str(unseal(self.keyring, TOKEN, bot.token_sealed)))


def _after(raw: Mapping[str, object], offset: int | None) -> int | None:
    update_id = raw.get("update_id")
    return update_id + 1 if isinstance(update_id, int) else offset
