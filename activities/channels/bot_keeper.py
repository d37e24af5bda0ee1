"""Keeps a Telegram bot: its webhook or polling, and answers to requests outside of dialogs."""

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
from activities.conversations.telegram_side.gate import Gate
from activities.conversations.telegram_side.group_check import TOKEN_REFUSED
from domain.kernel.trouble import Trouble
from gateways.outcome import NotDone, Rejected, TooMany, Unauthorised, Unknown
from gateways.telegram.client import TelegramApi, TelegramBot
from gateways.telegram.shapes import Conflict, WebhookInfo
from models import Bot
from models.channels.bot import REASON, TOKEN, BotStatus
from models.kernel.columns import unseal

RECENT: Final = timedelta(hours=1)
"""An older delivery error is not a trouble any more."""

POLL_SECONDS: Final = 25
LONGEST_PAUSE: Final = 30.0
MOST_PATIENCE: Final = 300.0
"""Longest wait in seconds after a 429; a longer Retry-After is met by another try."""

HOOK_REFUSED: Final = "Telegram не принял адрес для уведомлений: он должен быть открыт из интернета по https."
HOOK_FAILS: Final = "Telegram не может доставить нам сообщения"

log = logging.getLogger("privet.bot")


@dataclass(frozen=True)
class BotStanding:
    """`polled`: there is no webhook, so `poll` has to run. `trouble` is `token`, `telegram`, `group` or `webhook`."""

    exists: bool
    polled: bool
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Polling:
    """`lasts`: duration of one `poll`; each getUpdates waits up to `seconds`."""

    lasts: timedelta = timedelta(minutes=10)
    seconds: int = POLL_SECONDS


class BotActivities:
    """Without `webhook_base`, bots are polled."""

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
        self.gate = Gate(self.sessions, self.now)
        self.wake, self.wake_bot, self.base = wake, wake_bot, webhook_base.rstrip("/")

    @activity.defn(name="keep_bot")
    async def keep(self, bot_id: UUID) -> BotStanding:
        """Sets or removes the webhook, looks at the group, and updates the bot's status."""
        bot = await self._find(bot_id)
        if bot is None:
            return BotStanding(exists=False, polled=False)
        wanted = bot.deleted_at is None and bot.status is not BotStatus.INACTIVE
        trouble = await self._keep_webhook(bot, wanted)
        if wanted:
            trouble = await self._keep_group(bot, trouble)
        polled = wanted and not self.base and trouble is not Trouble.TOKEN
        return BotStanding(bot.deleted_at is None, polled, trouble)

    @activity.defn(name="poll_bot")
    async def poll(self, bot_id: UUID) -> None:
        """Polls for about ten minutes; ends early when the bot is deleted, inactive, or has a webhook.

        Starts without an offset: Telegram remembers what was confirmed, and update ids restart after a silent week.
        Duplicates are recognised by id.
        """
        leaving = asyncio.ensure_future(activity.wait_for_worker_shutdown())
        polling = asyncio.ensure_future(self._poll(bot_id))
        try:
            # On shutdown the open request is dropped: its updates are delivered again.
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
                # A pause before the end, so that an immediate next call does not busy-loop.
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
        """Number of answered requests. NotDone or Unknown if Telegram does not answer: open rows wait."""
        bot = await self._find(bot_id)
        if bot is None or bot.deleted_at is not None:
            return 0
        try:
            return await self._answers.answer_open(bot, self._telegram(bot))
        except TooMany as refusal:
            # Retried after Telegram's own pause; other bots do not wait for it.
            pause = timedelta(seconds=min(max(refusal.retry_after, 1.0), MOST_PATIENCE))
            raise ApplicationError("told to wait", type="TooMany", next_retry_delay=pause) from None
        except Unauthorised:
            # `keep` reports the token; requests wait in their rows.
            return 0

    async def _take(self, bot: Bot, raw: Mapping[str, object]) -> None:
        """Stores the update, then wakes; a failed wake is left to the account's sweep and the bot's next request."""
        for woken in await self.inbox.store_update(bot, raw):
            try:
                if isinstance(woken, Woken):
                    await self.wake(woken.account_id, woken.chat_id, woken.side)
                else:
                    await self.wake_bot(woken.bot_id)
            except (RPCError, RuntimeError) as error:
                log.warning("bot %s: nobody was woken: %s", bot.id, type(error).__name__)

    async def _keep_webhook(self, bot: Bot, wanted: bool) -> Trouble | None:
        url = await self._url(bot.id) if wanted and self.base else None
        try:
            if not bot.username:
                await self._learn_name(bot)
            info = await self._put_right(bot, url)
        except Unauthorised:
            await self._judge(bot, TOKEN_REFUSED, None)
            return Trouble.TOKEN
        except (NotDone, Unknown):
            return Trouble.TELEGRAM
        except Rejected:
            await self._judge(bot, None, HOOK_REFUSED)
            return Trouble.WEBHOOK
        failing = url is not None and self._fails(info)
        await self._judge(bot, None, f"{HOOK_FAILS}: {info.last_error}"[:REASON] if failing else None)
        return Trouble.WEBHOOK if failing else None

    async def _keep_group(self, bot: Bot, trouble: Trouble | None) -> Trouble | None:
        """Whether the bot can work in its group: nobody tells that topics were switched off or given back."""
        if trouble is Trouble.TOKEN:
            return trouble
        telegram = self._telegram(bot)
        if trouble is Trouble.TELEGRAM:
            await self.gate.doubt(bot, telegram)
            return trouble
        return await self.gate.check(bot, telegram) or trouble

    async def _learn_name(self, bot: Bot) -> None:
        """Fills id and name of a row that was made from a token alone."""
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
            # Earlier delivery errors belong to the old address.
            return WebhookInfo(url, info.pending, None, None)
        return info

    def _is_ours(self, bot: Bot, info: WebhookInfo) -> bool:
        """Whether the webhook may be removed: of a deleted or inactive bot only an address of ours."""
        live = bot.deleted_at is None and bot.status is not BotStatus.INACTIVE
        return live or f"/api/webhooks/telegram/{bot.id}/" in info.url

    def _fails(self, info: WebhookInfo) -> bool:
        return info.last_error_at is not None and info.pending > 0 and self.now() - info.last_error_at < RECENT

    async def _judge(self, bot: Bot, reason: str | None, hook_error: str | None) -> None:
        """Stores the verdict; a reason is cleared only if this activity has set it."""
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
                row.work()

    async def _url(self, bot_id: UUID) -> str | None:
        """The address with its secret, committed before Telegram is told."""
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
