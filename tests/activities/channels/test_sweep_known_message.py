"""A sweep leaves a chat alone whose last message is known, until there is news about it."""

from collections.abc import Mapping

from models import Account, Send
from models.conversations.message import Delivery, Direction
from models.conversations.sweep import KnownMessage, known_messages
from tests.activities.channels_setup import ChannelsSetup, connected, message
from tests.factories import stored


async def test_a_chat_whose_last_message_is_known_is_left_alone_until_it_is_deleted(
    channels: ChannelsSetup, account: Account
) -> None:
    await connected(channels, account)
    await channels.new_chat("u2i-1~a")
    avito_id = await channels.buyer_writes("u2i-1~a")
    dialog = await channels.new_dialog(account, "u2i-1~a", listed_until=avito_id)
    row = await stored(channels.sessions, message(channels, dialog, avito_id))
    assert (await channels.account_activities.sweep(account.id)).found == 0
    await channels.post(f"/accounts/{channels.user_id}/chats/u2i-1~a/messages/{avito_id}/delete")
    assert (await channels.account_activities.sweep(account.id)).found == 1
    await channels.change(row, deleted_at=channels.clock())
    assert (await channels.account_activities.sweep(account.id)).found == 0


async def test_our_own_message_is_known_by_its_send_and_its_reading_is_news(
    channels: ChannelsSetup, account: Account
) -> None:
    dialog = await channels.new_dialog(account, "u2i-1~a")
    ours = message(channels, dialog, "-", source_key="api:1", direction=Direction.TELEGRAM, status=Delivery.SENT)
    await stored(channels.sessions, ours)
    send = Send(dialog_id=dialog.id, message_id=ours.id, ordinal=0, kind="text", avito_message_id="m1")
    send.created_at = channels.clock()
    await stored(channels.sessions, send)

    async def known() -> Mapping[str, KnownMessage]:
        async with channels.sessions() as session:
            return await known_messages(session, account.id, {"u2i-1~a": "m1", "u2i-2~a": "m2"})

    assert await known() == {"u2i-1~a": KnownMessage(deleted=False, read=False, listed=False)}
    await channels.change(ours, status=Delivery.DELIVERED)
    await channels.change(dialog, listed_until="m1")
    assert await known() == {"u2i-1~a": KnownMessage(deleted=False, read=True, listed=True)}
    async with channels.sessions() as session:
        assert await known_messages(session, account.id, {"u2i-1~a": "m9"}) == {}
        assert await known_messages(session, account.id, {}) == {}
