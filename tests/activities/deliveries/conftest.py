"""Deliveries to a client whose account has confirmed everything."""

import pytest

from domain.kernel.crypto import Keyring
from gateways.storage.client import Storage
from models.kernel.database import Sessions
from tests.clock import FakeClock
from tests.deliveries_setup import Deliveries
from tests.factories import make_client, make_user


@pytest.fixture
async def deliveries(sessions: Sessions, keyring: Keyring, storage: Storage, clock: FakeClock) -> Deliveries:
    user = await make_user(sessions, telegram_user_id=700_001, email_confirmed_at=clock())
    return Deliveries(sessions, keyring, storage, clock, await make_client(sessions, user=user))
