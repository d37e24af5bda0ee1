"""A bot, its group and an Avito account of the sandbox, the webhooks that they call, and who was woken."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import uvicorn
from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from activities.avito.account import Accounts
from activities.channels.avito_keeper import AccountActivities, AccountStanding
from activities.channels.bot_keeper import BotActivities, BotStanding, Polling
from activities.channels.bot_request_answers import BotRequestAnswers
from activities.channels.inbox import Inbox
from activities.channels.webhook_secret import secret_matches
from activities.conversations.core.wake import Side, Woken, WokenBot
from domain.kernel.crypto import Keyring
from gateways.avito.client import Avito
from gateways.telegram.client import TelegramApi
from gateways.telegram.updates import Updates
from models import Account, Bot, Dialog, Message
from models.channels.account import CLIENT_SECRET
from models.channels.bot import TOKEN, TOKEN_INDEX
from models.conversations.message import Author, Delivery, Direction
from models.kernel.columns import seal
from models.kernel.database import Sessions
from models.people.organisation import FIRST
from sandbox.world import World
from tests.clock import FakeClock
from tests.factories import Row, stored
from tests.sandbox_server import running_sandbox

BOT_TOKEN = "777:sandbox-token"
MASTER_TOKEN = "778:sandbox-master-token"
WEB_URL = "https://privet.example"


@asynccontextmanager
async def running(started: uvicorn.Server) -> AsyncIterator[str]:
    """Its address."""
    task = asyncio.create_task(started.serve())
    while not started.started and not task.done():  # noqa: ASYNC110 - a server has no event for it
        await asyncio.sleep(0.002)
    assert started.started
    yield f"http://127.0.0.1:{started.servers[0].sockets[0].getsockname()[1]}"
    started.should_exit = True
    await task


@dataclass
class ChannelsSetup:
    """`woken` and `woken_bots` are the signals; `receive_webhook` is what the API has for them, without the API."""

    sessions: Sessions
    keyring: Keyring
    clock: FakeClock
    world: World
    url: str
    http: httpx.AsyncClient
    base: str = ""
    woken: list[tuple[UUID, str, Side]] = field(default_factory=list)
    woken_bots: list[UUID] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    refusing: list[Exception] = field(default_factory=list)
    """What the next wakes raise."""
    webhook_calls: int = 0

    def __post_init__(self) -> None:
        self.telegram = TelegramApi(self.url)
        self.accounts = Accounts(self.sessions, self.keyring, Avito(self.http, self.url), self.clock, self._sleep)
        self.inbox = Inbox(self.sessions, self.keyring, Updates(), self.clock)

    @property
    def account_activities(self) -> AccountActivities:
        return AccountActivities(self.accounts, self.wake, self.base)

    @property
    def bot_activities(self) -> BotActivities:
        errands = BotRequestAnswers(self.sessions, self.keyring, WEB_URL, self.clock)
        polling = Polling(timedelta(seconds=0.3), 1)
        return BotActivities(self.inbox, self.telegram, errands, self.wake, self.wake_bot, self.base, polling)

    async def wake(self, account_id: UUID, chat_id: str, side: Side) -> None:
        if self.refusing:
            raise self.refusing.pop()
        self.woken.append((account_id, chat_id, side))

    async def wake_bot(self, bot_id: UUID) -> None:
        self.woken_bots.append(bot_id)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(timedelta(seconds=seconds))

    async def receive_webhook(self, scope: Any, receive: Any, send: Any) -> None:
        """`/api/webhooks/{telegram|avito}/{id}/{secret}`."""
        request = Request(scope, receive)
        _, _, _, side, row_id, secret = request.url.path.split("/")
        self.webhook_calls += 1
        async with self.sessions() as session:
            bot = await Bot.find(session, UUID(row_id)) if side == "telegram" else None
            account = await Account.find(session, UUID(row_id)) if side == "avito" else None
        if not secret_matches(self.keyring, bot or account, secret):
            await Response(status_code=404)(scope, receive, send)
            return
        if bot is not None:
            await self.wake_all(*await self.inbox.store_update(bot, await request.json()))
        elif account is not None and (woken := await self.inbox.store_hook(account.id, await request.body())):
            await self.wake_all(woken)
        await Response(status_code=200)(scope, receive, send)

    async def wake_all(self, *woken: Woken | WokenBot) -> None:
        for one in woken:
            if isinstance(one, Woken):
                await self.wake(one.account_id, one.chat_id, one.side)
            else:
                await self.wake_bot(one.bot_id)

    async def post(self, path: str, /, **body: Any) -> Any:
        answer = await self.http.post(f"{self.url}/sandbox{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def fault(self, side: str, fault: str, **more: Any) -> None:
        await self.post("/faults", side=side, fault=fault, **more)

    def calls(self, side: str, path: str) -> int:
        """How often the sandbox was asked for this method, or a path that ends like this."""
        asked = [call for call in self.world.journal.view() if call["side"] == side]
        return sum(call["path"].endswith(path) or call["method"] == path for call in asked)

    async def new_bot(self, token: str = BOT_TOKEN, **values: Any) -> Bot:
        told = await self.post("/bots", token=token, username=f"bot_{token.partition(':')[0]}")
        defaults: dict[str, Any] = {
            "organisation_id": FIRST,
            "token_sealed": seal(self.keyring, TOKEN, token),
            "token_index": self.keyring.blind_index(TOKEN_INDEX, token),
            "telegram_id": told["id"],
            "username": told["username"],
            "created_at": self.clock(),
            "updated_at": self.clock(),
        }
        return await stored(self.sessions, Bot(**defaults | values))

    async def new_group(self, bot: Bot, **more: Any) -> int:
        """A forum that the bot is in and listens to; nobody has heard of its joining."""
        chat_id: int = (await self.post("/groups", title="Продажи", **more))["chat_id"]
        await self.change(bot, group_chat_id=chat_id)
        return chat_id

    async def new_account(self, bot: Bot, *, employee: bool = False, **values: Any) -> Account:
        told = await self.post("/accounts", employee=employee)
        defaults: dict[str, Any] = {
            "organisation_id": FIRST,
            "bot_id": bot.id,
            "name": "Лавка",
            "api_client_id": told["client_id"],
            "secret_sealed": seal(self.keyring, CLIENT_SECRET, told["client_secret"]),
            "created_at": self.clock(),
            "updated_at": self.clock(),
        }
        account = await stored(self.sessions, Account(**defaults | values))
        self.user_id = told["user_id"]
        return account

    async def new_dialog(self, account: Account, chat_id: str = "u2i-1~a", **values: Any) -> Dialog:
        defaults: dict[str, Any] = {
            "organisation_id": FIRST,
            "avito_account_id": account.id,
            "avito_dialog_id": chat_id,
            "title": "Велосипед",
            "created_at": self.clock(),
            "updated_at": self.clock(),
        }
        return await stored(self.sessions, Dialog(**defaults | values))

    async def new_chat(self, chat_id: str, **more: Any) -> str:
        return str((await self.post(f"/accounts/{self.user_id}/chats", chat_id=chat_id, **more))["chat_id"])

    async def buyer_writes(self, chat_id: str, text: str = "Ещё продаётся?") -> str:
        path = f"/accounts/{self.user_id}/chats/{chat_id}/messages"
        return str((await self.post(path, type="text", text=text))["id"])

    async def change(self, row: Row, **values: Any) -> Row:
        """Also on the row in hand."""
        async with self.sessions.begin() as session:
            known = await session.get_one(type(row), row.id)  # type: ignore[attr-defined]
            for name, value in values.items():
                setattr(known, name, value)
                setattr(row, name, value)
        return row

    async def fresh(self, row: Row) -> Row:
        async with self.sessions() as session:
            return await session.get_one(type(row), row.id)  # type: ignore[attr-defined]

    async def rows(self, table: type[Row]) -> list[Row]:
        async with self.sessions() as session:
            return list((await session.exec(select(table))).all())


@dataclass
class SandboxWithWebhooks:
    """The sandbox and the webhooks that it calls, once for all tests; each of them finds it empty."""

    url: str
    world: World
    http: httpx.AsyncClient
    webhook_url: str = ""
    receiver: ChannelsSetup | None = None

    async def answer(self, scope: Any, receive: Any, send: Any) -> None:
        assert self.receiver is not None
        await self.receiver.receive_webhook(scope, receive, send)

    def empty(self) -> None:
        self.world.faults.clear()
        self.world.clock.ahead = 0.0
        for bot in self.world.telegram.bots.values():
            self.world.telegram.updates.set_webhook(bot, None)
        self.world.telegram.restore({"bots": [], "groups": [], "privates": [], "files": []})
        self.world.avito.restore({})
        self.world.journal.clear()


@asynccontextmanager
async def sandbox_with_webhooks() -> AsyncIterator[SandboxWithWebhooks]:
    async with running_sandbox() as sandbox:
        sandbox_webhooks = SandboxWithWebhooks(sandbox.url, sandbox.world, sandbox.http)
        config = uvicorn.Config(
            sandbox_webhooks.answer, host="127.0.0.1", port=0, lifespan="off", log_level="warning", interface="asgi3"
        )
        async with running(uvicorn.Server(config)) as sandbox_webhooks.webhook_url:
            yield sandbox_webhooks


@asynccontextmanager
async def channels_setup(
    sandbox_webhooks: SandboxWithWebhooks, sessions: Sessions, keyring: Keyring
) -> AsyncIterator[ChannelsSetup]:
    """One clock for both sides: it begins at the machine's time and stands still."""
    clock = FakeClock(datetime.now(UTC))
    sandbox_webhooks.world.clock.machine = lambda: clock().timestamp()
    channels = ChannelsSetup(
        sessions,
        keyring,
        clock,
        sandbox_webhooks.world,
        sandbox_webhooks.url,
        sandbox_webhooks.http,
        sandbox_webhooks.webhook_url,
    )
    sandbox_webhooks.receiver = channels
    yield channels
    sandbox_webhooks.empty()
    await channels.telegram.close()


async def keep_account(channels: ChannelsSetup, account: Account) -> AccountStanding:
    """Twice, as after a worker's crash."""
    await channels.account_activities.keep(account.id)
    return await channels.account_activities.keep(account.id)


async def keep_bot(channels: ChannelsSetup, bot: Bot) -> BotStanding:
    """Twice, as after a worker's crash."""
    await channels.bot_activities.keep(bot.id)
    return await channels.bot_activities.keep(bot.id)


async def connected(channels: ChannelsSetup, account: Account) -> None:
    """Swept once, so that what comes from now on is new."""
    assert (await channels.account_activities.sweep(account.id)).trouble is None
    channels.woken.clear()


def message(channels: ChannelsSetup, dialog: Dialog, avito_id: str, **values: Any) -> Message:
    """A buyer's, shown already; not stored yet."""
    defaults: dict[str, Any] = {
        "dialog_id": dialog.id,
        "source_key": f"avito:{avito_id}",
        "direction": Direction.AVITO,
        "author": Author.BUYER,
        "kind": "text",
        "body_sealed": b"",
        "status": Delivery.DELIVERED,
        "created_at": channels.clock(),
        "received_at": channels.clock(),
        "settled_at": channels.clock(),
    }
    return Message(**defaults | values)
