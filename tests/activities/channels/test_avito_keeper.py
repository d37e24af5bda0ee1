"""An Avito account that is looked after has a token, its own id and one webhook, and a deleted one leaves none."""

from datetime import timedelta

from activities.channels.avito_keeper import CHECK_EVERY, AccountStanding
from activities.channels.webhook_registration import NOT_TAKEN
from models import Account
from models.channels.account import AccountStatus
from tests.activities.channels_setup import ChannelsSetup, keep_account


async def test_a_new_account_gets_token_own_id_and_webhook(channels: ChannelsSetup, account: Account) -> None:
    assert await keep_account(channels, account) == AccountStanding(True, True, True)
    row = await channels.fresh(account)
    assert (row.avito_user_id, row.status, row.status_reason) == (channels.user_id, AccountStatus.ACTIVE, None)
    assert (row.webhook_enabled, row.webhook_last_error) == (True, None)
    [url] = channels.world.avito.kept.accounts[channels.user_id].subscriptions
    assert url.startswith(f"{channels.base}/api/webhooks/avito/{account.id}/")
    assert len(url.rsplit("/", 1)[1]) == 43
    assert (channels.calls("avito", "/token"), channels.calls("avito", "/webhook")) == (1, 1)
    assert channels.world.journal.violations() == []


async def test_nothing_that_opens_a_door_stands_readable_in_the_row(channels: ChannelsSetup, account: Account) -> None:
    await keep_account(channels, account)
    [url] = channels.world.avito.kept.accounts[channels.user_id].subscriptions
    [token] = channels.world.avito.kept.tokens
    row = repr(await channels.fresh(account))
    assert url.rsplit("/", 1)[1] not in row
    assert token not in row


async def test_looking_after_a_healthy_account_again_asks_avito_nothing(
    channels: ChannelsSetup, account: Account
) -> None:
    await keep_account(channels, account)
    before = len(channels.world.journal.view())
    await keep_account(channels, account)
    assert len(channels.world.journal.view()) == before


async def test_a_lost_webhook_is_registered_again_within_ten_minutes(channels: ChannelsSetup, account: Account) -> None:
    await keep_account(channels, account)
    subscriptions = channels.world.avito.kept.accounts[channels.user_id].subscriptions
    [url] = subscriptions
    subscriptions.clear()
    channels.clock.advance(CHECK_EVERY - timedelta(seconds=1))
    await keep_account(channels, account)
    assert subscriptions == []
    channels.clock.advance(timedelta(seconds=1))
    await keep_account(channels, account)
    assert subscriptions == [url]


async def test_an_address_with_an_old_secret_is_taken_off_and_a_strangers_stays(
    channels: ChannelsSetup, account: Account
) -> None:
    old = f"{channels.base}/api/webhooks/avito/{account.id}/old"
    others = ["https://crm.example/avito", f"{channels.base}/api/webhooks/avito/{channels.clock.now.year}/x"]
    subscriptions = channels.world.avito.kept.accounts[channels.user_id].subscriptions
    subscriptions += [old, *others]
    await keep_account(channels, account)
    assert len(subscriptions) == 3
    assert old not in subscriptions
    assert set(others) < set(subscriptions)


async def test_a_webhook_that_avito_does_not_reach_is_said_so_and_tried_again(
    channels: ChannelsSetup, account: Account
) -> None:
    base = channels.base
    channels.base = "http://127.0.0.1:9"
    assert (await keep_account(channels, account)).healthy
    row = await channels.fresh(account)
    assert (row.webhook_enabled, row.webhook_last_error, row.status) == (False, NOT_TAKEN, AccountStatus.ACTIVE)
    channels.base = base
    channels.clock.advance(timedelta(minutes=1))
    await keep_account(channels, account)
    row = await channels.fresh(account)
    assert (row.webhook_enabled, row.webhook_last_error) == (True, None)


async def test_an_account_that_is_not_watched_has_no_webhook_and_is_not_swept(
    channels: ChannelsSetup, account: Account
) -> None:
    await keep_account(channels, account)
    await channels.change(account, monitoring_enabled=False)
    channels.clock.advance(timedelta(minutes=1))
    assert await keep_account(channels, account) == AccountStanding(True, True, False)
    assert channels.world.avito.kept.accounts[channels.user_id].subscriptions == []
    await channels.new_chat("u2i-1~a")
    await channels.buyer_writes("u2i-1~a")
    assert (await channels.account_activities.sweep(account.id)).found == 0
    assert channels.woken == []


async def test_a_deleted_account_leaves_nothing_at_avito(channels: ChannelsSetup, account: Account) -> None:
    await keep_account(channels, account)
    await channels.change(account, deleted_at=channels.clock())
    assert await keep_account(channels, account) == AccountStanding(False, False, False)
    assert channels.world.avito.kept.accounts[channels.user_id].subscriptions == []
    row = await channels.fresh(account)
    assert (row.token_sealed, row.webhook_secret_sealed) == (None, None)
    assert (await channels.account_activities.sweep(account.id)).trouble == "gone"


async def test_without_a_base_address_there_is_no_webhook(channels: ChannelsSetup, account: Account) -> None:
    channels.base = ""
    assert (await keep_account(channels, account)).healthy
    assert channels.calls("avito", "/webhook") == 0
