"""Updates of a bot: numbered, kept until they are confirmed, pushed to its webhook or handed to getUpdates."""

import asyncio
import json
from asyncio import Event
from itertools import islice
from typing import Any

from sandbox.clock import Now
from sandbox.faults import Fault, Faults, Side
from sandbox.hooks import Hooks
from sandbox.telegram.errors import Refused, invalid
from sandbox.telegram.records import Bot, Json, Webhook

MOST_AT_ONCE = 100
LONGEST_POLL = 50
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that come only to a bot that lists them in allowed_updates."""


class Updates:
    def __init__(self, faults: Faults, hooks: Hooks, now: Now) -> None:
        self._faults, self._hooks, self._now = faults, hooks, now
        self._arrived: dict[int, Event] = {}
        self._polls: dict[int, int] = {}
        self._stopping = False

    def add(self, bot: Bot, kind: str, value: Json) -> None:
        """Queues one update and, with a webhook, begins to deliver it."""
        wanted = kind in bot.allowed if bot.allowed else kind not in ON_REQUEST
        if not wanted:
            return
        update: Json = {"update_id": bot.next_update, kind: value}
        bot.pending[bot.next_update] = update
        bot.next_update += 1
        if bot.webhook:
            self._push(bot, bot.webhook, update)
        else:
            self.wake(bot)

    def set_webhook(self, bot: Bot, webhook: Webhook | None) -> None:
        """Pending updates go to the new address, or wait for getUpdates."""
        if bot.webhook:
            self._hooks.forget(bot.webhook.url, Side.TELEGRAM)
        bot.webhook = webhook
        self.wake(bot)
        if webhook:
            self.resume(bot)

    def resume(self, bot: Bot) -> None:
        """Delivers what is pending; also after a restart."""
        if bot.webhook:
            for update in list(bot.pending.values()):
                self._push(bot, bot.webhook, update)

    def drop(self, bot: Bot) -> None:
        if bot.webhook:
            self._hooks.forget(bot.webhook.url, Side.TELEGRAM)
        bot.pending.clear()

    async def poll(self, bot: Bot, offset: int, limit: int, seconds: int) -> list[Json]:
        """Long poll: confirms what is below `offset`, then waits for something to hand out."""
        if bot.webhook:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        mine = self._polls[bot.id] = self._polls.get(bot.id, 0) + 1
        self.wake(bot)
        self._confirm(bot, offset)
        deadline = asyncio.get_running_loop().time() + min(seconds, LONGEST_POLL)
        while not bot.pending and not self._stopping:
            arrived = self._arrived.setdefault(bot.id, Event())
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or not await _set_within(arrived, left):
                break
            if self._polls[bot.id] != mine or bot.webhook:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
        found = list(islice(bot.pending.values(), max(1, min(limit, MOST_AT_ONCE))))
        if found and bot.confirmed and self._faults.strikes(Side.TELEGRAM, Fault.DUPLICATE_HOOKS, "getUpdates"):
            return [bot.confirmed, *found]
        return found

    def wake(self, bot: Bot) -> None:
        """Lets a waiting poll look again."""
        if arrived := self._arrived.pop(bot.id, None):
            arrived.set()

    def polled(self, bot_id: int) -> bool:
        """A poll waits at this moment."""
        return bot_id in self._arrived

    def stop(self) -> None:
        """Polls answer at once from now on."""
        self._stopping = True
        for arrived in self._arrived.values():
            arrived.set()

    def _confirm(self, bot: Bot, offset: int) -> None:
        if offset < 0:
            offset = next(iter(list(bot.pending)[offset:]), 0)
        for number in [number for number in bot.pending if number < offset]:
            bot.confirmed = bot.pending.pop(number)

    def _push(self, bot: Bot, webhook: Webhook, update: Json) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        body = json.dumps(update, ensure_ascii=False).encode()
        key = f"telegram/{bot.id}/{_chat_of(update)}"

        def failed(text: str) -> None:
            webhook.error, webhook.error_at = text, int(self._now())

        def confirmed(done: "asyncio.Future[bool]") -> None:
            if not done.cancelled() and done.result():
                bot.confirmed = bot.pending.pop(update["update_id"], bot.confirmed)

        sent = self._hooks.send(Side.TELEGRAM, key, webhook.url, headers, body, on_error=failed)
        sent.add_done_callback(confirmed)


def webhook_from(url: str, secret: str, max_connections: int) -> Webhook:
    """Refused: not an address that Telegram would call (plain HTTP is for loopback only)."""
    host = url.removeprefix("http://").split("/")[0].split(":")[0]
    if not url.startswith("https://") and not (url.startswith("http://") and host in ("127.0.0.1", "localhost")):
        raise invalid("bad webhook: An HTTPS URL must be provided for webhook")
    if len(secret) > 256 or not all(
        character.isascii() and (character.isalnum() or character in "_-") for character in secret
    ):
        raise invalid("secret token contains unallowed characters")
    if not 1 <= max_connections <= 100:
        raise invalid("max_connections must be between 1 and 100")
    return Webhook(url, secret, max_connections)


def _chat_of(update: Json) -> Any:
    """What keeps order: the chat of the update."""
    value = next(value for name, value in update.items() if name != "update_id")
    return value.get("chat", value.get("message", {}).get("chat", {})).get("id", 0)


async def _set_within(event: Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
