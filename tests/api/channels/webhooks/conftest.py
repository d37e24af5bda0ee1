"""A dialog with a topic, and the webhooks of its bot and its account."""

import pytest

from tests.api.channels.webhooks.dialog_webhooks import DialogWebhooks, webhooks_of
from tests.api.shared_api import Staff


@pytest.fixture
async def webhooks(owner: Staff) -> DialogWebhooks:
    return await webhooks_of(owner)
