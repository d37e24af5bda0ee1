"""An Avito account of a bot, looked after and swept as a worker does it."""

from typing import Any

import pytest

from activities.channels.avito_keeper import AccountStanding
from models import Account, Bot, Dialog, Message
from models.conversations.message import Author, Delivery, Direction
from tests.activities.front import Front


@pytest.fixture
async def bot(front: Front) -> Bot:
    return await front.new_bot()


@pytest.fixture
async def account(front: Front, bot: Bot) -> Account:
    return await front.new_account(bot)


async def keep(front: Front, account: Account) -> AccountStanding:
    """Twice, as after a worker's crash."""
    await front.account_activities.keep(account.id)
    return await front.account_activities.keep(account.id)


async def connected(front: Front, account: Account) -> None:
    """Swept once, so that what comes from now on is new."""
    assert (await front.account_activities.sweep(account.id)).trouble is None
    front.woken.clear()


def message(front: Front, dialog: Dialog, avito_id: str, **values: Any) -> Message:
    """A buyer's, shown already; not stored yet."""
    defaults: dict[str, Any] = {
        "dialog_id": dialog.id,
        "source_key": f"avito:{avito_id}",
        "direction": Direction.AVITO,
        "author": Author.BUYER,
        "kind": "text",
        "body_sealed": b"",
        "status": Delivery.DELIVERED,
        "created_at": front.clock(),
        "received_at": front.clock(),
        "settled_at": front.clock(),
    }
    return Message(**defaults | values)
