"""A conversation that is under way."""

import pytest

from tests.conversation_setup import ConversationSetup


@pytest.fixture
async def conversation(new_conversation: ConversationSetup) -> ConversationSetup:
    """A buyer has written, and the topic is there."""
    await new_conversation.buyer("Ещё продаётся?")
    await new_conversation.show()
    return new_conversation
