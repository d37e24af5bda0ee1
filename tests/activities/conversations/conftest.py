"""A conversation between a chat on Avito and a topic in Telegram, both played by the sandbox."""

from collections.abc import AsyncIterator

import pytest

from domain.kernel.crypto import Keyring
from models.kernel.database import Sessions
from tests.conversation_setup import ConversationSetup, new_conversation_setup
from tests.sandbox_server import Sandbox, running_sandbox


@pytest.fixture(scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def relay(sandbox: Sandbox, sessions: Sessions, keyring: Keyring) -> AsyncIterator[ConversationSetup]:
    """A bot in a group, an account and a chat with «Ольга», all of this test alone."""
    async with new_conversation_setup(sandbox, sessions, keyring) as desk:
        yield desk


@pytest.fixture
async def talk(relay: ConversationSetup) -> ConversationSetup:
    """A buyer has written, and the topic is there."""
    await relay.buyer("Ещё продаётся?")
    await relay.show()
    return relay
