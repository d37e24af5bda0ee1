"""Whatever is sent to a route of the conversations, right or wrong, the answer is one that it names, never a 5xx."""

import asyncio

import pytest

from models.people.manager import Role
from tests.api.conversation_factories import make_account, make_attachment, make_bot, make_dialog, make_message
from tests.api.onboarding.test_schemathesis import Target, url
from tests.api.shared_api import Staff

assert url
PREFIXES = ("auth", "clients", "bots", "avito", "dialogs", "admin", "manager/admin", "webhooks")


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("sandbox", "conversations")
async def test_no_input_of_the_staff_is_a_5xx(url: str, owner: Staff) -> None:
    operator = await owner.colleague(role=Role.OWNER, is_super_admin=True, can_onboard=False)
    bot = await make_bot(owner)
    account = await make_account(owner, await make_bot(owner))
    dialog = await make_dialog(owner, account)
    message = await make_message(owner, dialog, "Здравствуйте!")
    await make_attachment(owner, message, storage_key="dialogs/photo.jpg")
    target = Target(
        url,
        {"Authorization": operator.http.headers["Authorization"]},
        tuple(f"/api/{prefix}" for prefix in PREFIXES),
        {
            "dialogs/{dialog_id}": str(dialog.id),
            "accounts/{account_id}": str(account.id),
            "bots/{bot_id}": str(bot.id),
        },
    )
    await asyncio.to_thread(target.probe)
    assert target.failures == []
    assert target.statuses.keys() >= {200, 401, 404, 422}
