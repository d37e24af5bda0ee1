"""A group that moves takes its own dialogs along, and nobody else's."""

from models import Bot, Dialog
from tests.api.channels.webhooks.dialog_webhooks import TOPIC, DialogWebhooks, _updates, webhooks_of
from tests.api.onboarding_steps import good
from tests.api.shared_api import Staff


async def groups_of(webhooks: DialogWebhooks) -> tuple[int | None, int | None]:
    """Where the bot and the dialog stand."""
    async with webhooks.staff.api.sessions() as session:
        bot, dialog = await session.get_one(Bot, webhooks.bot.id), await session.get_one(Dialog, webhooks.dialog.id)
    return bot.group_chat_id, dialog.telegram_chat_id


async def test_a_moved_group_takes_its_dialogs_along(webhooks: DialogWebhooks) -> None:
    new = (webhooks.bot.group_chat_id or 0) - 10**12
    async with webhooks.http() as http:
        good(await http.post(webhooks.telegram, json=webhooks.update(text=None, migrate_to_chat_id=new)))
    assert await groups_of(webhooks) == (new, new)


async def test_nobody_moves_another_organisations_group(webhooks: DialogWebhooks, stranger: Staff) -> None:
    """Who has a bot can ask Telegram for its address here, and call it with updates that nobody sent."""
    theirs, before = (
        await webhooks_of(stranger, webhooks.bot.group_chat_id or 0, topic=TOPIC + 1),
        await groups_of(webhooks),
    )
    async with theirs.http() as http:
        good(await http.post(theirs.telegram, json=theirs.update(text=None, migrate_to_chat_id=-77)))
    assert await groups_of(webhooks) == before
    assert await groups_of(theirs) == (-77, -77)


async def test_nobody_moves_his_dialogs_into_another_organisations_group(
    webhooks: DialogWebhooks, stranger: Staff
) -> None:
    theirs = await webhooks_of(stranger, -(10**9) - next(_updates), topic=TOPIC + 1)
    before = await groups_of(theirs)
    async with theirs.http() as http:
        update = theirs.update(text=None, migrate_to_chat_id=webhooks.bot.group_chat_id)
        good(await http.post(theirs.telegram, json=update))
    assert await groups_of(theirs) == before
