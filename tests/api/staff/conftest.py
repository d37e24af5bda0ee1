"""Staff of an organisation of their own, and the sandbox in the place of Telegram and Avito."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from temporalio import activity, workflow
from temporalio.worker import Worker

import wiring
from activities.conversations.core.dialog import DialogActivities, DialogSteps
from activities.conversations.core.messages import Conversation, Standing
from domain.kernel.clock import utc_now
from embedded.stack import Stack
from models import Account, Attachment, Bot, Dialog, Message, Organisation
from models.channels.account import CLIENT_SECRET
from models.channels.bot import TOKEN, TOKEN_INDEX
from models.conversations.message import BODY, Author, Delivery, Direction
from models.kernel.columns import seal
from models.people.manager import Role
from sandbox.app import create_app
from sandbox.serving import server
from sandbox.world import World as Outside
from tests import factories
from tests.api.conftest import Staff, World, staff_of
from worker.queues import sandbox
from workflows.conversations.workflow import ConversationWorkflow
from workflows.kernel.names import CONVERSATIONS_QUEUE

_numbers = count(1)


@pytest.fixture(scope="session")
async def outside(stack: Stack) -> AsyncIterator[Outside]:
    """Telegram and Avito, where the settings of the tests say that they are."""
    app = create_app(None, seed=False)
    started = server(app, stack.sandbox.host, stack.sandbox.port)
    task = asyncio.create_task(started.serve())
    while not started.started and not task.done():  # noqa: ASYNC110 - a server has no event
        await asyncio.sleep(0.01)
    world: Outside = app.state.world
    yield world
    started.should_exit = True
    await task


@pytest.fixture
async def owner(world: World) -> AsyncIterator[Staff]:
    """The owner of a new organisation; no onboarding right."""
    organisation = Organisation(id=uuid4(), name="Лавка", created_at=utc_now())
    await factories.stored(world.sessions, organisation)
    owner = await staff_of(world, organisation_id=organisation.id, role=Role.OWNER, can_onboard=False)
    yield owner
    await owner.http.aclose()


@pytest.fixture
async def stranger(world: World) -> AsyncIterator[Staff]:
    """The owner of another organisation."""
    organisation = Organisation(id=uuid4(), name="Чужая лавка", created_at=utc_now())
    await factories.stored(world.sessions, organisation)
    stranger = await staff_of(world, organisation_id=organisation.id, role=Role.OWNER, can_onboard=False)
    yield stranger
    await stranger.http.aclose()


async def make_bot(staff: Staff, **values: Any) -> Bot:
    """A row as `POST /bots` leaves it; Telegram knows nothing of it."""
    number = next(_numbers)
    token, keyring = f"{number}:token", staff.world.context.keyring
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
    return await factories.stored(staff.world.sessions, Bot(**defaults | values))


async def make_account(staff: Staff, bot: Bot | None = None, **values: Any) -> Account:
    bot = bot or await make_bot(staff)
    defaults: dict[str, Any] = {
        "organisation_id": staff.manager.organisation_id,
        "bot_id": bot.id,
        "name": "Лавка на Avito",
        "api_client_id": f"client-{uuid4()}",
        "secret_sealed": seal(staff.world.context.keyring, CLIENT_SECRET, "secret"),
        "avito_user_id": next(_numbers),
        "created_at": utc_now(),
        "updated_at": utc_now(),
    }
    return await factories.stored(staff.world.sessions, Account(**defaults | values))


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
    return await factories.stored(staff.world.sessions, dialog)


async def make_message(staff: Staff, dialog: Dialog, text: str, **values: Any) -> Message:
    """From the buyer, shown in the topic."""
    defaults: dict[str, Any] = {
        "dialog_id": dialog.id,
        "source_key": f"avito:{uuid4()}",
        "direction": Direction.AVITO,
        "author": Author.BUYER,
        "kind": "text",
        "body_sealed": seal(staff.world.context.keyring, BODY, {"text": text}),
        "status": Delivery.DELIVERED,
        "created_at": utc_now(),
        "received_at": utc_now(),
    }
    return await factories.stored(staff.world.sessions, Message(**defaults | values))


async def make_attachment(staff: Staff, message: Message, **values: Any) -> Attachment:
    defaults: dict[str, Any] = {"message_id": message.id, "ordinal": 0, "kind": "image", "created_at": utc_now()}
    return await factories.stored(staff.world.sessions, Attachment(**defaults | values))


@workflow.defn(name="AccountWorkflow", sandboxed=False)
class RestingAccount:
    """Of an account that nobody looks after here."""

    @workflow.run
    async def run(self, start: Any) -> None:
        """Nothing is kept, nothing is swept."""

    @workflow.signal
    def settings_changed(self) -> None: ...


@workflow.defn(name="BotWorkflow", sandboxed=False)
class RestingBot:
    """Of a bot that nobody looks after here."""

    @workflow.run
    async def run(self, start: Any) -> None:
        """No webhook is set, no errand done."""

    @workflow.signal
    def woken(self) -> None: ...


class Quiet:
    """What the conversation does outside, left undone: what is tested here are the rows that a person changes."""

    def __init__(self, dialogs: DialogActivities) -> None:
        self.dialogs = dialogs

    @activity.defn
    async def show(self, conversation: Conversation) -> Standing:
        return await self.standing(conversation)

    @activity.defn
    async def answer(self, conversation: Conversation) -> Standing:
        return await self.standing(conversation)

    @activity.defn
    async def auto_reply(self, conversation: Conversation) -> Standing:
        return await self.standing(conversation)

    @activity.defn
    async def remind(self, conversation: Conversation) -> Standing:
        return await self.standing(conversation)

    async def standing(self, conversation: Conversation) -> Standing:
        known = await self.dialogs.standing(conversation)
        return replace(known, to_show=False, to_send=False, remind_at=None)


@pytest.fixture(scope="session")
async def conversations(world: World) -> AsyncIterator[None]:
    """Workflows of conversations, which change rows and say nothing to anybody."""
    temporal = await wiring.temporal(world.settings, world.context.keyring, lazy=False)
    dialogs = DialogActivities(DialogSteps(world.sessions, world.context.keyring, utc_now))
    quiet = Quiet(dialogs)
    worker = Worker(
        temporal,
        task_queue=CONVERSATIONS_QUEUE,
        workflows=[ConversationWorkflow, RestingAccount, RestingBot],
        activities=[dialogs.change, dialogs.standing, quiet.show, quiet.answer, quiet.auto_reply, quiet.remind],
        workflow_runner=sandbox(),
    )
    async with worker:
        yield
