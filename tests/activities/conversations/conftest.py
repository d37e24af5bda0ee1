"""A conversation that is under way."""

import pytest

from tests.conversation_setup import ConversationSetup


@pytest.fixture
async def talk(relay: ConversationSetup) -> ConversationSetup:
    """A buyer has written, and the topic is there."""
    await relay.buyer("Ещё продаётся?")
    await relay.show()
    return relay
