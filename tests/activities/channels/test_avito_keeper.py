"""An Avito account that is looked after has a token, its own id and one webhook, and a deleted one leaves none."""

from datetime import timedelta

from activities.channels.avito_keeper import CHECK_EVERY, AccountStanding
from activities.channels.avito_webhook import NOT_TAKEN
from models import Account
from models.channels.account import AccountStatus
from tests.activities.channels_setup import ChannelsSetup, keep_account


async def test_a_new_account_gets_token_own_id_and_webhook(front: ChannelsSetup, account: Account) -> None:
    assert await keep_account(front, account) == AccountStanding(True, True, True)
    row = await front.fresh(account)
    assert (row.avito_user_id, row.status, row.status_reason) == (front.user_id, AccountStatus.ACTIVE, None)
    assert (row.webhook_enabled, row.webhook_last_error) == (True, None)
    [url] = front.world.avito.kept.accounts[front.user_id].subscriptions
    assert url.startswith(f"{front.base}/api/webhooks/avito/{account.id}/")
    assert len(url.rsplit("/", 1)[1]) == 43
    assert (front.calls("avito", "/token"), front.calls("avito", "/webhook")) == (1, 1)
    assert front.world.journal.violations() == []


async def test_nothing_that_opens_a_door_stands_readable_in_the_row(front: ChannelsSetup, account: Account) -> None:
    await keep_account(front, account)
    [url] = front.world.avito.kept.accounts[front.user_id].subscriptions
    [token] = front.world.avito.kept.tokens
    row = repr(await front.fresh(account))
    assert url.rsplit("/", 1)[1] not in row
    assert token not in row


async def test_looking_after_a_healthy_account_again_asks_avito_nothing(front: ChannelsSetup, account: Account) -> None:
    await keep_account(front, account)
    before = len(front.world.journal.view())
    await keep_account(front, account)
    assert len(front.world.journal.view()) == before


async def test_a_lost_webhook_is_registered_again_within_ten_minutes(front: ChannelsSetup, account: Account) -> None:
    await keep_account(front, account)
    subscriptions = front.world.avito.kept.accounts[front.user_id].subscriptions
    [url] = subscriptions
    subscriptions.clear()
    front.clock.advance(CHECK_EVERY - timedelta(seconds=1))
    await keep_account(front, account)
    assert subscriptions == []
    front.clock.advance(timedelta(seconds=1))
    await keep_account(front, account)
    assert subscriptions == [url]


async def test_an_address_with_an_old_secret_is_taken_off_and_a_strangers_stays(
    front: ChannelsSetup, account: Account
) -> None:
    old = f"{front.base}/api/webhooks/avito/{account.id}/old"
    others = ["https://crm.example/avito", f"{front.base}/api/webhooks/avito/{front.clock.now.year}/x"]
    subscriptions = front.world.avito.kept.accounts[front.user_id].subscriptions
    subscriptions += [old, *others]
    await keep_account(front, account)
    assert len(subscriptions) == 3
    assert old not in subscriptions
    assert set(others) < set(subscriptions)


async def test_a_webhook_that_avito_does_not_reach_is_said_so_and_tried_again(
    front: ChannelsSetup, account: Account
) -> None:
    door = front.base
    front.base = "http://127.0.0.1:9"
    assert (await keep_account(front, account)).healthy
    row = await front.fresh(account)
    assert (row.webhook_enabled, row.webhook_last_error, row.status) == (False, NOT_TAKEN, AccountStatus.ACTIVE)
    front.base = door
    front.clock.advance(timedelta(minutes=1))
    await keep_account(front, account)
    row = await front.fresh(account)
    assert (row.webhook_enabled, row.webhook_last_error) == (True, None)


async def test_an_account_that_is_not_watched_has_no_webhook_and_is_not_swept(
    front: ChannelsSetup, account: Account
) -> None:
    await keep_account(front, account)
    await front.change(account, monitoring_enabled=False)
    front.clock.advance(timedelta(minutes=1))
    assert await keep_account(front, account) == AccountStanding(True, True, False)
    assert front.world.avito.kept.accounts[front.user_id].subscriptions == []
    await front.new_chat("u2i-1~a")
    await front.buyer_writes("u2i-1~a")
    assert (await front.account_activities.sweep(account.id)).found == 0
    assert front.woken == []


async def test_a_deleted_account_leaves_nothing_at_avito(front: ChannelsSetup, account: Account) -> None:
    await keep_account(front, account)
    await front.change(account, deleted_at=front.clock())
    assert await keep_account(front, account) == AccountStanding(False, False, False)
    assert front.world.avito.kept.accounts[front.user_id].subscriptions == []
    row = await front.fresh(account)
    assert (row.token_sealed, row.webhook_secret_sealed) == (None, None)
    assert (await front.account_activities.sweep(account.id)).trouble == "gone"


async def test_without_a_base_address_there_is_no_webhook(front: ChannelsSetup, account: Account) -> None:
    front.base = ""
    assert (await keep_account(front, account)).healthy
    assert front.calls("avito", "/webhook") == 0
