"""One server for all tests of workflows, and one whose workflows go on in a new run after a few steps."""

from collections.abc import AsyncIterator

import pytest

from tests.workflows.conversation_driver import ConversationDriver
from tests.workflows.onboarding_driver import OnboardingDriver
from tests.workflows.server import Running, running


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[Running]:
    async with running() as one:
        yield one


@pytest.fixture(scope="session")
async def short_runs() -> AsyncIterator[Running]:
    """Continue-as-new is suggested after 40 events instead of 4096."""
    async with running({"limit.historyCount.suggestContinueAsNew": "40"}) as one:
        yield one


@pytest.fixture
async def anna(server: Running, request: pytest.FixtureRequest) -> AsyncIterator[OnboardingDriver]:
    """A registered client whose workflow runs and waits."""
    client = OnboardingDriver(server, request.node.nodeid)
    await client.begins()
    yield client
    await client.stops()


@pytest.fixture
async def boris(short_runs: Running, request: pytest.FixtureRequest) -> AsyncIterator[OnboardingDriver]:
    """A client on the server with short runs."""
    client = OnboardingDriver(short_runs, request.node.nodeid)
    await client.begins()
    yield client
    await client.stops()


@pytest.fixture
async def conversation(server: Running, request: pytest.FixtureRequest) -> AsyncIterator[ConversationDriver]:
    """A chat that nobody has written in yet."""
    dialogue = ConversationDriver(server, request.node.nodeid)
    yield dialogue
    await dialogue.stops()


@pytest.fixture
async def long_conversation(short_runs: Running, request: pytest.FixtureRequest) -> AsyncIterator[ConversationDriver]:
    """One whose workflow goes on in a new run after 40 events."""
    dialogue = ConversationDriver(short_runs, request.node.nodeid)
    yield dialogue
    await dialogue.stops()
