"""Activities over a migrated database that each test finds empty, a real store, the sandbox, and a clock."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.kernel.crypto import Keyring
from embedded.stack import Stack
from models import Account, Bot
from models.kernel.database import Sessions, connect, make_sessions
from tests import database_content

pytest.register_assert_rewrite("tests.activities.channels_setup")

from tests.activities.channels_setup import (  # noqa: E402
    MASTER_TOKEN,
    ChannelsSetup,
    SandboxWithWebhooks,
    channels_setup,
    sandbox_with_webhooks,
)


@pytest.fixture(scope="session")
async def engine(stack: Stack, database_template: str) -> AsyncIterator[AsyncEngine]:
    """One database for all of these tests: a copy for each would take longer than the test itself."""
    engine = connect(stack.create_database(f"activities_{uuid4().hex}", database_template), pool_size=12)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
async def owner_engine(stack: Stack, engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """The same database, as the owner of its tables."""
    owner = connect(stack.postgres.owner_url_of(engine.url.database or ""), pool_size=1)
    await database_content.remember_seed(owner)
    yield owner
    await owner.dispose()


@pytest.fixture
async def sessions(engine: AsyncEngine, owner_engine: AsyncEngine) -> Sessions:
    await database_content.empty(owner_engine)
    return make_sessions(engine)


@pytest.fixture(scope="session")
async def sandbox_webhooks() -> AsyncIterator[SandboxWithWebhooks]:
    async with sandbox_with_webhooks() as sandbox_webhooks:
        yield sandbox_webhooks


@pytest.fixture
async def channels(
    sandbox_webhooks: SandboxWithWebhooks, sessions: Sessions, keyring: Keyring
) -> AsyncIterator[ChannelsSetup]:
    async with channels_setup(sandbox_webhooks, sessions, keyring) as channels:
        yield channels


@pytest.fixture
async def bot(channels: ChannelsSetup) -> Bot:
    return await channels.new_bot()


@pytest.fixture
async def account(channels: ChannelsSetup, bot: Bot) -> Account:
    return await channels.new_account(bot)


@pytest.fixture
async def master(channels: ChannelsSetup) -> Bot:
    """The bot of no organisation."""
    return await channels.new_bot(MASTER_TOKEN, organisation_id=None)
