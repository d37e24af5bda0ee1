"""A machine that has other work to do: what takes long is not begun a second time, and nothing is lost or mixed up."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.journeys.conversation_setup import ConnectedOrganisation
from tests.journeys.message_tally import all_arrived, at_buyer, buyer_speaks, speak, staff_speak
from tests.journeys.product import Product
from tests.journeys.sandbox_client import SandboxClient

TALKS, MESSAGES = 40, 5
FIRST = 1
"""Messages before the load, so that every buyer has a topic to be answered in."""

PATIENCE = 400.0


@pytest.fixture
def busy_machine() -> Iterator[None]:
    """Two loops beside the product: other tests run on the same machine."""
    beside = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    yield
    for one in beside:
        one.kill()
        one.wait()


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("busy_machine")
async def test_conversations_go_on_beside_other_work(
    product: Product, organisation: ConnectedOrganisation, sandbox_client: SandboxClient
) -> None:
    await organisation.connect()
    talks = await organisation.chats(TALKS)
    await asyncio.gather(*(speak(chat, FIRST) for chat in talks))
    await asyncio.gather(*(buyer_speaks(chat, MESSAGES - FIRST, FIRST) for chat in talks))
    await asyncio.gather(*(staff_speak(chat, MESSAGES - FIRST, FIRST) for chat in talks))
    result = await all_arrived(talks, MESSAGES, PATIENCE)
    assert result.wrong == {}
    account = await sandbox_client.account(organisation.user_id)
    got = [one for chat in talks for one in at_buyer(chat.chat_in(account)["messages"]) if one.number.startswith("с")]
    assert len(got) == TALKS * MESSAGES
    assert await sandbox_client.violations() == []
    assert product.deaths == []
