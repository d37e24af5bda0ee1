"""A client proves his phone to the master bot: only his own contact does, only by the link that he asked for."""

from datetime import timedelta
from typing import Any, Final

import pytest

from activities.channels.phone_requests import SHARE
from activities.people.client_sessions import ClientSessions
from activities.people.phone_links import ENDED, STALE, UNASKED, PhoneLinks
from domain.people.confirmation import ConfirmedBy
from domain.people.contact import NOT_MOBILE, NOT_YOURS
from domain.people.origin import Origin
from domain.people.refusals import PhoneUnconfirmed
from gateways.outcome import Unknown
from models import Bot, BotRequest, Client, Event, LoginLink, PhoneLink, User, UserSession
from models.channels.bot import REQUEST
from models.kernel.columns import unseal
from tests.activities.channels_setup import MASTER_TOKEN, ChannelsSetup, keep_bot
from tests.factories import make_client, make_user

OLGA: Final = 7_001
PHONE: Final = "9161234501"


class Olga:
    """A client with an unconfirmed number, signed in, and her Telegram."""

    def __init__(self, channels: ChannelsSetup, bot: Bot, user: User, client: Client, session: UserSession) -> None:
        self.channels, self.bot, self.user, self.client, self.session = channels, bot, user, client, session
        self.links = PhoneLinks(channels.sessions, channels.keyring, channels.clock)

    async def link(self) -> str:
        return (await self.links.issue(self.user.id, self.session.id)).token

    async def starts(self, payload: str, user_id: int = OLGA) -> str:
        path = f"/private/{user_id}/messages"
        return await self._answered(path, user_id, bot_token=MASTER_TOKEN, text=f"/start {payload}")

    async def shares(self, how: str = "own", user_id: int = OLGA, **more: Any) -> str:
        more.setdefault("own_phone", f"7{PHONE}")
        return await self._answered(f"/private/{user_id}/contacts", user_id, bot_token=MASTER_TOKEN, how=how, **more)

    async def _answered(self, path: str, user_id: int, **body: Any) -> str:
        """What the bot has answered to it, in one message."""
        before = len(self.said(user_id))
        await self.channels.post(path, **body)
        await self.channels.world.hooks.settled()
        for _ in range(2):
            await self.channels.bot_activities.answer_requests(self.bot.id)
        [answer] = self.said(user_id)[before:]
        return str(answer["text"])

    def said(self, user_id: int = OLGA) -> list[dict[str, Any]]:
        found = [one for one in self.channels.world.view()["privates"] if one["user_id"] == user_id]
        return [message for chat in found for message in chat["messages"] if message["by_bot"]]

    async def account(self) -> User:
        return await self.channels.fresh(self.user)

    async def has_proven(self) -> bool:
        return (await self.channels.fresh(self.session)).phone_proved_at is not None

    async def is_untouched(self) -> bool:
        account = await self.account()
        return account.phone_confirmed_at is None and account.telegram_user_id is None and not await self.has_proven()


@pytest.fixture
async def olga(channels: ChannelsSetup, master: Bot) -> Olga:
    await keep_bot(channels, master)
    return await account_of(channels, master, PHONE)


async def account_of(channels: ChannelsSetup, bot: Bot, phone: str | None, **values: Any) -> Olga:
    values = {"phone_confirmed_at": None, "phone_confirmed_by": None} | values
    user = await make_user(channels.sessions, phone=phone, **values)
    client = await make_client(channels.sessions, user)
    opened = await ClientSessions(channels.sessions, channels.clock).start(user, Origin("192.0.2.1", "Firefox"))
    return Olga(channels, bot, user, client, opened.session)


async def test_her_own_contact_confirms_the_number_proves_the_session_and_links(olga: Olga) -> None:
    asked = await olga.starts(await olga.link())
    assert "+7 9•• •••-••-01" in asked
    assert PHONE not in asked
    assert olga.said()[-1]["keyboard"] == [[{"text": SHARE, "request_contact": True}]]
    assert "подтверждён" in await olga.shares()
    account = await olga.account()
    assert (account.phone, account.phone_confirmed_by) == (PHONE, ConfirmedBy.TELEGRAM)
    assert (account.telegram_user_id, account.telegram_linked_at) == (OLGA, olga.channels.clock())
    assert await olga.has_proven()
    verbs = [event.verb for event in await olga.channels.rows(Event) if event.client_id == olga.client.id]
    assert verbs == ["phone-confirmed", "telegram-linked"]
    assert not await olga.channels.rows(LoginLink)


async def test_nothing_of_the_contact_is_kept_once_it_is_answered(olga: Olga) -> None:
    await olga.starts(await olga.link())
    await olga.shares()
    payloads = [
        unseal(olga.channels.keyring, REQUEST, row.payload_sealed) for row in await olga.channels.rows(BotRequest)
    ]
    assert len(payloads) == 2
    assert PHONE not in repr(payloads)
    [link] = await olga.channels.rows(PhoneLink)
    assert link.used_at is not None


@pytest.mark.parametrize(
    ("how", "more", "answer"),
    [
        ("other", {"phone": f"7{PHONE}", "of_id": 7_002}, NOT_YOURS),
        ("typed", {"phone": f"+7{PHONE}"}, NOT_YOURS),
        ("forwarded", {"phone": f"7{PHONE}", "of_id": OLGA}, NOT_YOURS),
        ("own", {"own_phone": "888" + PHONE}, NOT_MOBILE),
        ("own", {"own_phone": "74951234567"}, NOT_MOBILE),
        ("own", {"own_phone": "77011234567"}, NOT_MOBILE),
        ("own", {"own_phone": f"8{PHONE}"}, NOT_MOBILE),
        ("own", {"own_phone": "79161234502"}, "не совпадает"),
    ],
)
async def test_no_other_contact_does(olga: Olga, how: str, more: dict[str, Any], answer: str) -> None:
    await olga.starts(await olga.link())
    assert answer in await olga.shares(how, **more)
    assert await olga.is_untouched()
    assert "подтверждён, и этот чат" in await olga.shares()


async def test_a_contact_in_a_group_is_no_proof(olga: Olga) -> None:
    await olga.starts(await olga.link())
    chat_id = (await olga.channels.post("/groups", title="Г", bot_token=MASTER_TOKEN))["chat_id"]
    await olga.channels.post(f"/groups/{chat_id}/topics/0/messages", kind="contact", from_id=OLGA)
    await olga.channels.world.hooks.settled()
    await olga.channels.bot_activities.answer_requests(olga.bot.id)
    assert await olga.is_untouched()


async def test_a_contact_that_nobody_asked_for(olga: Olga) -> None:
    assert await olga.shares() == UNASKED
    assert await olga.is_untouched()


async def test_a_link_works_once(olga: Olga) -> None:
    link = await olga.link()
    await olga.starts(link)
    await olga.shares()
    assert await olga.starts(link) == STALE
    assert await olga.shares() == STALE
    assert not await olga.channels.rows(LoginLink)


async def test_a_link_belongs_to_who_opens_it_first(olga: Olga) -> None:
    link = await olga.link()
    await olga.starts(link)
    assert await olga.starts(link, user_id=7_002) == STALE
    assert await olga.shares(user_id=7_002, own_phone="79161234599") == UNASKED
    assert "подтверждён, и этот чат" in await olga.shares()


async def test_a_link_lives_fifteen_minutes(olga: Olga) -> None:
    link = await olga.link()
    olga.channels.clock.advance(timedelta(minutes=15))
    assert await olga.starts(link) == STALE


async def test_a_contact_comes_too_late(olga: Olga) -> None:
    await olga.starts(await olga.link())
    olga.channels.clock.advance(timedelta(minutes=15))
    assert await olga.shares() == STALE
    assert await olga.is_untouched()


async def test_a_newer_link_of_the_session_voids_the_earlier_one(olga: Olga) -> None:
    earlier = await olga.link()
    later = await olga.link()
    assert await olga.starts(earlier) == STALE
    await olga.starts(later)
    assert "подтверждён, и этот чат" in await olga.shares()


@pytest.mark.parametrize("payload", ["p-", "p-" + "A" * 43, "p-' OR 1=1", "p-" + "я" * 20])
async def test_a_made_up_link(olga: Olga, payload: str) -> None:
    assert await olga.starts(payload) == STALE
    assert not await olga.channels.rows(LoginLink)


async def test_a_session_that_has_ended_proves_nothing(olga: Olga) -> None:
    await olga.starts(await olga.link())
    await olga.channels.change(olga.session, revoked_at=olga.channels.clock())
    assert await olga.shares() == ENDED
    assert await olga.is_untouched()


async def test_an_answer_in_doubt_is_sent_again_and_changes_nothing_twice(olga: Olga) -> None:
    await olga.starts(await olga.link())
    await olga.channels.fault("telegram", "dropped", path="sendMessage", times=1)
    await olga.channels.post(f"/private/{OLGA}/contacts", bot_token=MASTER_TOKEN, how="own", own_phone=f"7{PHONE}")
    await olga.channels.world.hooks.settled()
    with pytest.raises(Unknown):
        await olga.channels.bot_activities.answer_requests(olga.bot.id)
    await olga.channels.bot_activities.answer_requests(olga.bot.id)
    first, second = (one["text"] for one in olga.said()[-2:])
    assert first == second
    assert "подтверждён" in first
    verbs = [event.verb for event in await olga.channels.rows(Event) if event.client_id == olga.client.id]
    assert verbs == ["phone-confirmed", "telegram-linked"]


async def test_telegram_moves_to_the_account_that_proves_it(olga: Olga) -> None:
    other = await account_of(olga.channels, olga.bot, "9161234577", telegram_user_id=OLGA)
    await olga.starts(await olga.link())
    await olga.shares()
    assert (await olga.account()).telegram_user_id == OLGA
    assert (await other.account()).telegram_user_id is None


async def test_a_number_that_another_account_has_confirmed_stays_there(olga: Olga) -> None:
    impostor = await account_of(olga.channels, olga.bot, None, new_phone=PHONE)
    await olga.starts(await olga.link())
    await olga.shares()
    await impostor.starts(await impostor.link())
    assert "уже подтверждён в другой учётной записи" in await impostor.shares()
    assert await impostor.is_untouched()
    assert (await olga.account()).telegram_user_id == OLGA


async def test_unlinking_needs_the_proof_that_linking_gave(olga: Olga) -> None:
    await olga.starts(await olga.link())
    await olga.shares()
    elsewhere = await ClientSessions(olga.channels.sessions, olga.channels.clock).start(
        olga.user, Origin("192.0.2.2", "Firefox")
    )
    with pytest.raises(PhoneUnconfirmed):
        await olga.links.unlink(olga.user.id, elsewhere.session.id)
    for _ in range(2):
        await olga.links.unlink(olga.user.id, olga.session.id)
    account = await olga.account()
    assert (account.telegram_user_id, account.telegram_linked_at) == (None, None)
    assert account.phone_confirmed_by is ConfirmedBy.TELEGRAM
