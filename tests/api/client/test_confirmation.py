"""A client confirms his phone and his e-mail address: codes, bounds, whose they are afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response
from sqlmodel import col, select
from temporalio.service import RPCError

from activities.people.confirmation_codes import Asker, ConfirmationCodes
from domain.deliveries.delivery import Channel, Purpose
from domain.kernel.refusal import Refusal, Unavailable
from domain.people.confirmation import CODES_PER_ACCOUNT, CODES_PER_ADDRESS, ConfirmationKind, ConfirmedBy
from domain.people.one_time_code import CodeRules
from domain.people.refusals import EmailTaken, NothingToConfirm
from models import Client, Confirmation, Delivery, Event, RateBucket, User
from models.deliveries.delivery import ADDRESSES, LETTER
from tests.api.own_api import OwnApi, Person
from tests.factories import make_client, make_user
from workflows.deliveries.start import delivery_workflow_id

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PHONE = "9165550102"
PHONES, EMAILS = ConfirmationKind.PHONE, ConfirmationKind.EMAIL


class Signing:
    """A client in a session of his own, and what he does to confirm."""

    def __init__(self, own_api: OwnApi, user: User, person: Person) -> None:
        self.own_api, self.user, self.person = own_api, user, person

    async def asks(self, kind: str = "phone") -> Response:
        return await self.person.http.post(f"/api/v1/auth/{kind}/code")

    async def enters(self, code: str, kind: str = "phone") -> Response:
        return await self.person.http.post(f"/api/v1/auth/{kind}/confirm", json={"code": code})

    async def returns(self, after: timedelta) -> None:
        """Later, in the same session."""
        self.own_api.clock.advance(after)
        self.person.holds((await self.person.refreshes()).json())

    async def confirms(self) -> Response:
        assert (await self.asks()).status_code == 202
        return await self.enters((await sent(self.own_api))[-1][1])

    async def account(self) -> dict[str, Any]:
        told: dict[str, Any] = (await self.person.http.get("/api/v1/user/me")).json()
        return told

    async def puts(self, **values: Any) -> Response:
        return await self.person.http.put("/api/v1/user", json=values)

    @property
    def asker(self) -> Asker:
        token = self.person.http.headers["Authorization"].split()[1]
        return Asker(self.user.id, self.own_api.context.client_tokens.read(token).session, "203.0.113.7")


async def sent(own_api: OwnApi) -> list[tuple[str, str]]:
    """Address and digits of what was queued, the first first."""
    async with own_api.sessions() as session:
        rows = (await session.exec(select(Delivery).order_by(col(Delivery.created_at)))).all()
    found = []
    for row in rows:
        [address] = own_api.unsealed(ADDRESSES, row.addresses or b"").values()
        text = own_api.unsealed(LETTER, row.letter)["text"]
        found.append((address, next(word for word in text.replace(".", " ").split() if word.isdecimal())))
    return found


async def signing(own_api: OwnApi, ip: str = "203.0.113.7", *, proves: bool = True, **values: Any) -> Signing:
    """Unconfirmed unless it is said otherwise, with a card."""
    kept = {name: value for name, value in values.items() if name != "new_phone"}
    user = await make_user(own_api.sessions, **{"phone_confirmed_at": None} | kept)
    await make_client(own_api.sessions, user)
    person = await own_api.signs_in(user, ip, proves=proves)
    if "new_phone" in values:
        async with own_api.sessions.begin() as session:
            (await session.get_one(User, user.id)).sqlmodel_update({"phone": None, "new_phone": values["new_phone"]})
    return Signing(own_api, user, person)


@pytest.fixture
async def anna(own_api: OwnApi) -> AsyncIterator[Signing]:
    yield await signing(own_api, phone=PHONE)
    async with own_api.sessions() as session:
        deliveries = (await session.exec(select(Delivery.id))).all()
    for delivery_id in deliveries:
        with suppress(RPCError):
            await own_api.context.temporal.get_workflow_handle(delivery_workflow_id(delivery_id)).terminate()


def said(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def verbs(own_api: OwnApi, user: User) -> list[str]:
    async with own_api.sessions() as session:
        card = await Client.of_user(session, user.id)
        assert card is not None
        return [event.verb for event in await Event.of_client(session, card.id)]


async def test_a_code_confirms_the_phone_and_proves_it_in_this_session(own_api: OwnApi, anna: Signing) -> None:
    answer = await anna.asks()
    assert answer.status_code == 202
    assert answer.json() == {"sent_to": "+7 9•• •••-••-02", "retry_after": 60}
    [(address, code)] = await sent(own_api)
    assert (address, len(code)) == (PHONE, 6)
    assert (await anna.account())["phone_confirmed_at"] is None

    assert (await anna.enters(code)).status_code == 204
    assert (await anna.account())["phone_confirmed_at"] is not None
    async with own_api.sessions() as session:
        user = await session.get_one(User, anna.user.id)
    assert (user.phone, user.phone_confirmed_by) == (PHONE, ConfirmedBy.SMS)
    assert await verbs(own_api, user) == ["phone-confirmed"]
    assert said(await anna.asks()) == (409, "nothing-to-confirm")
    assert said(await anna.enters(code)) == (410, "otp-expired")


async def test_the_delivery_goes_by_sms_alone_and_its_workflow_is_started(own_api: OwnApi, anna: Signing) -> None:
    await anna.asks()
    async with own_api.sessions() as session:
        row = (await session.exec(select(Delivery))).one()
        code = (await session.exec(select(Confirmation))).one()
    assert (row.purpose, row.channels, row.expires_at) == (Purpose.PHONE_CODE, [Channel.SMS], code.expires_at)
    letter = own_api.unsealed(LETTER, row.letter)
    assert letter["short"] == letter["text"]
    assert len(letter["short"]) <= 70
    handle = own_api.context.temporal.get_workflow_handle(delivery_workflow_id(row.id))
    assert (await handle.describe()).workflow_type == "DeliveryWorkflow"


async def test_inside_the_cool_down_nothing_is_sent_and_the_answer_says_how_long(
    own_api: OwnApi, anna: Signing
) -> None:
    await anna.asks()
    own_api.clock.advance(timedelta(seconds=20))
    answers = await asyncio.gather(*(anna.asks() for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    assert {answer.json()["retry_after"] for answer in answers} == {40}
    assert len(await sent(own_api)) == 1
    own_api.clock.advance(timedelta(seconds=40))
    assert (await anna.asks()).json()["retry_after"] == 60
    assert len(await sent(own_api)) == 2


async def test_of_codes_that_are_asked_for_at_once_one_is_sent(own_api: OwnApi, anna: Signing) -> None:
    answers = await asyncio.gather(*(anna.asks() for _ in range(8)))
    assert {answer.status_code for answer in answers} == {202}
    assert len(await sent(own_api)) == 1


async def test_the_state_of_a_code_is_answered_before_its_value(own_api: OwnApi, anna: Signing) -> None:
    assert said(await anna.enters("123456")) == (410, "otp-expired")
    await anna.asks()
    [(_, code)] = await sent(own_api)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for left in (4, 3, 2, 1, 0):
        answer = await anna.enters(wrong)
        assert said(answer) == (400, "otp-invalid")
        assert answer.json()["tries_left"] == left
    for digits in (code, wrong):
        locked = await anna.enters(digits)
        assert said(locked) == (429, "otp-locked")
        assert int(locked.headers["Retry-After"]) > 0
    own_api.clock.advance(timedelta(seconds=60))
    await anna.asks()
    own_api.clock.advance(timedelta(seconds=600))
    for digits in ((await sent(own_api))[-1][1], wrong):
        assert said(await anna.enters(digits)) == (410, "otp-expired")


async def test_wrong_tries_of_an_account_are_bounded_over_all_its_codes(own_api: OwnApi, anna: Signing) -> None:
    for _ in range(6):
        await anna.asks()
        wrong = f"{(int((await sent(own_api))[-1][1]) + 1) % 10**6:06}"
        for _ in range(5):
            assert said(await anna.enters(wrong)) == (400, "otp-invalid")
        await anna.returns(MINUTE)
    await anna.asks()
    right = (await sent(own_api))[-1][1]
    assert said(await anna.enters(right)) == (429, "too-many-requests")
    await anna.returns(DAY)
    await anna.asks()
    assert (await anna.enters((await sent(own_api))[-1][1])).status_code == 204


async def test_an_account_asks_for_ten_codes_a_day(own_api: OwnApi, anna: Signing) -> None:
    for _ in range(CODES_PER_ACCOUNT):
        assert (await anna.asks()).status_code == 202
        await anna.returns(MINUTE)
    held = await anna.asks()
    assert said(held) == (429, "too-many-requests")
    wait = int(held.headers["Retry-After"])
    await anna.returns(timedelta(seconds=wait - 1))
    assert (await anna.asks()).status_code == 429
    own_api.clock.advance(timedelta(seconds=1))
    assert (await anna.asks()).status_code == 202
    assert len(await sent(own_api)) == CODES_PER_ACCOUNT + 1


async def test_a_number_gets_ten_codes_a_day_over_all_accounts(own_api: OwnApi, anna: Signing) -> None:
    others = [await signing(own_api, f"198.51.100.{n}", new_phone=PHONE) for n in range(CODES_PER_ADDRESS + 1)]
    answers = await asyncio.gather(*(other.asks() for other in others))
    assert sorted(answer.status_code for answer in answers) == [202] * CODES_PER_ADDRESS + [429]
    assert len(await sent(own_api)) == CODES_PER_ADDRESS
    assert said(await anna.asks()) == (429, "too-many-requests")


async def test_a_network_asks_for_thirty_codes_an_hour_over_all_accounts(own_api: OwnApi) -> None:
    people = [await signing(own_api, "198.51.100.77") for _ in range(9)]
    for _ in range(3):
        assert {answer.status_code for answer in await asyncio.gather(*(one.asks() for one in people))} == {202}
        own_api.clock.advance(MINUTE)
    answers = await asyncio.gather(*(one.asks() for one in people))
    assert sorted(answer.status_code for answer in answers) == [202] * 3 + [429] * 6
    assert len(await sent(own_api)) == 30
    elsewhere = await signing(own_api, "198.51.100.78")
    assert (await elsewhere.asks()).status_code == 202
    async with own_api.sessions() as session:
        keys = (await session.exec(select(RateBucket.key))).all()
    assert not any("198.51" in key for key in keys)


@pytest.mark.parametrize("phone", ["4951234567", "8001234567"])
async def test_a_landline_gets_no_sms(own_api: OwnApi, phone: str) -> None:
    person = await signing(own_api, phone=phone)
    assert said(await person.asks()) == (409, "nothing-to-confirm")
    assert await sent(own_api) == []


async def test_without_a_key_the_channel_is_off(own_api: OwnApi, anna: Signing) -> None:
    off = codes(own_api, frozenset())
    with pytest.raises(Unavailable):
        await off.request(PHONES, anna.asker)
    assert await sent(own_api) == []


async def test_who_proves_a_number_first_has_it_and_an_unconfirmed_account_loses_it(
    own_api: OwnApi, anna: Signing
) -> None:
    owner = await signing(own_api, new_phone=PHONE)
    assert (await owner.confirms()).status_code == 204
    theirs, others = await owner.account(), await anna.account()
    assert (theirs["phone"], theirs["new_phone"]) == (PHONE, None)
    assert (others["phone"], others["phone_confirmed_at"]) == (None, None)
    assert await verbs(own_api, anna.user) == ["phone-withdrawn"]
    async with own_api.sessions() as session:
        cards = [await Client.of_user(session, one.user.id) for one in (anna, owner)]
    assert [f"7{PHONE}" in (card.search_text if card else "") for card in cards] == [False, True]
    assert (await anna.puts(phone=PHONE)).json()["code"] == "phone-taken"


async def test_of_two_accounts_that_confirm_one_number_at_once_one_has_it(own_api: OwnApi, anna: Signing) -> None:
    other = await signing(own_api, new_phone=PHONE)
    await anna.asks()
    own_api.clock.advance(timedelta(seconds=1))
    await other.asks()
    (_, first), (_, second) = await sent(own_api)
    answers = await asyncio.gather(anna.enters(first), other.enters(second))
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert [answer.json()["code"] for answer in answers if answer.status_code == 409] == ["phone-taken"]
    async with own_api.sessions() as session:
        holders = (await session.exec(select(User).where(col(User.phone) == PHONE))).all()
    assert [user.phone_is_confirmed for user in holders] == [True]


async def test_a_number_that_another_has_confirmed_gets_no_code(own_api: OwnApi) -> None:
    await signing(own_api, phone=PHONE, phone_confirmed_at=own_api.clock.now)
    stranger = await signing(own_api, new_phone=PHONE)
    assert said(await stranger.asks()) == (409, "phone-taken")
    assert await sent(own_api) == []


async def test_a_new_phone_counts_only_after_its_confirmation_and_ends_earlier_proofs(own_api: OwnApi) -> None:
    person = await signing(own_api, phone=PHONE, phone_confirmed_at=own_api.clock.now)
    tablet = await own_api.signs_in(person.user)
    changed = await person.puts(phone="+7 916 555-01-03")
    assert (changed.json()["phone"], changed.json()["new_phone"]) == (PHONE, "9165550103")
    own_api.clock.advance(MINUTE)
    assert (await person.confirms()).status_code == 204
    told = await person.account()
    assert (told["phone"], told["new_phone"]) == ("9165550103", None)
    other = Signing(own_api, person.user, tablet)
    assert said(await other.puts(phone="9165550104")) == (409, "phone-unconfirmed")
    assert (await other.asks()).json()["sent_to"] == "+7 9•• •••-••-03"


async def test_who_knows_only_the_password_changes_neither_phone_nor_email(own_api: OwnApi) -> None:
    owner = await signing(own_api, phone=PHONE, phone_confirmed_at=own_api.clock.now)
    thief = Signing(own_api, owner.user, await own_api.signs_in(owner.user, proves=False))
    assert said(await thief.puts(phone="9160000000")) == (409, "phone-unconfirmed")
    assert said(await thief.puts(email="thief@example.com")) == (409, "phone-unconfirmed")
    assert (await thief.puts(name="Пётр")).status_code == 200
    assert (await thief.asks()).json()["sent_to"] == "+7 9•• •••-••-02"
    assert [address for address, _ in await sent(own_api)] == [PHONE]
    # What the owner has begun cannot be finished by him.
    await owner.puts(phone="9165550109", email="new@example.com")
    assert said(await thief.asks("email"))[0] in (409, 503)
    own_api.clock.advance(MINUTE)
    await thief.asks()
    assert {address for address, _ in await sent(own_api)} == {PHONE}


async def test_a_code_for_an_address_that_was_changed_meanwhile_is_void(own_api: OwnApi, anna: Signing) -> None:
    await anna.puts(phone="9165550103")
    await anna.asks()
    await anna.puts(phone="9165550104")
    [(address, code)] = await sent(own_api)
    assert address == "9165550103"
    assert said(await anna.enters(code)) == (410, "otp-expired")
    assert (await anna.puts(phone=PHONE)).json()["new_phone"] is None


async def test_names_change_at_once_and_null_is_unchanged(own_api: OwnApi, anna: Signing) -> None:
    told = (await anna.puts(name="Мария Ёлкина", address=None)).json()
    assert (told["name"], told["address"]) == ("Мария Ёлкина", anna.user.address)
    async with own_api.sessions() as session:
        card = await Client.of_user(session, anna.user.id)
    assert card is not None
    assert "елкина" in card.search_text
    assert await verbs(own_api, anna.user) == ["account-changed"]
    assert (await anna.puts(name="Мария Ёлкина")).status_code == 200
    assert await verbs(own_api, anna.user) == ["account-changed"]
    assert (await anna.puts(phone="123")).status_code == 422


def codes(own_api: OwnApi, channels: frozenset[Channel] = frozenset({Channel.SMS, Channel.MAIL})) -> ConfirmationCodes:
    context = own_api.context
    rules = CodeRules(600, 5, 60)
    return ConfirmationCodes(context.sessions, context.keyring, context.limits, rules, context.now, channels)


async def refused(work: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        await work
    return refusal.value


async def test_an_email_is_confirmed_by_a_code_and_belongs_to_one_account(own_api: OwnApi, anna: Signing) -> None:
    other = await signing(own_api, email="ANNA@example.com")
    await anna.puts(email="anna@example.com")
    mail = codes(own_api)
    told = await mail.request(EMAILS, anna.asker)
    assert (told.sent_to, told.retry_after) == ("a•••@example.com", 60)
    [(address, code)] = await sent(own_api)
    assert address == "anna@example.com"
    await mail.confirm(EMAILS, anna.asker, code)
    account = await anna.account()
    assert (account["email"], account["new_email"]) == ("anna@example.com", None)
    assert account["email_confirmed_at"] is not None
    assert (await other.account())["email"] is None
    assert await verbs(own_api, anna.user) == ["account-changed", "email-confirmed"]
    assert isinstance(await refused(mail.request(EMAILS, anna.asker)), NothingToConfirm)
    assert said(await other.puts(email="Anna@Example.com")) == (409, "email-taken")
    async with own_api.sessions.begin() as session:
        (await session.get_one(User, other.user.id)).new_email = "Anna@example.com"
    assert isinstance(await refused(mail.request(EMAILS, other.asker)), EmailTaken)


async def test_an_email_that_was_confirmed_before_the_phone_in_another_session_counts_no_more(
    own_api: OwnApi, anna: Signing
) -> None:
    """The manager who made the account confirms his own address; then the client comes and confirms his phone."""
    mail = codes(own_api)
    await mail.request(EMAILS, anna.asker)
    await mail.confirm(EMAILS, anna.asker, (await sent(own_api))[-1][1])
    own_api.clock.advance(MINUTE)
    client = Signing(own_api, anna.user, await own_api.signs_in(anna.user))
    assert (await client.confirms()).status_code == 204
    assert (await client.account())["email_confirmed_at"] is None


async def test_an_email_whose_code_another_session_entered_counts_no_more_whoever_asked_for_it(
    own_api: OwnApi, anna: Signing
) -> None:
    """Who made the account has put in an address of his own: the owner asks for the code, he receives and enters it."""
    stranger = Signing(own_api, anna.user, await own_api.signs_in(anna.user, proves=False))
    await stranger.puts(email="stranger@example.com")
    assert (await anna.asks("email")).status_code == 202
    assert (await stranger.enters((await sent(own_api))[-1][1], "email")).status_code == 204
    own_api.clock.advance(MINUTE)
    assert (await anna.confirms()).status_code == 204
    assert (await anna.account())["email_confirmed_at"] is None


async def test_a_new_number_by_sms_unlinks_the_telegram_that_vouched_for_the_old_one(own_api: OwnApi) -> None:
    linked: dict[str, Any] = {"telegram_user_id": 7_002, "telegram_linked_at": own_api.clock.now}
    person = await signing(own_api, phone=PHONE, phone_confirmed_at=own_api.clock.now, **linked)
    await person.puts(phone="9165550103")
    own_api.clock.advance(MINUTE)
    assert (await person.confirms()).status_code == 204
    async with own_api.sessions() as session:
        user = await session.get_one(User, person.user.id)
    assert (user.phone, user.telegram_user_id, user.telegram_linked_at) == ("9165550103", None, None)
    assert {"telegram-unlinked", "phone-confirmed"} <= set(await verbs(own_api, user))
    tablet = Signing(own_api, user, await own_api.signs_in(user, "198.51.100.9", proves=False))
    own_api.clock.advance(MINUTE)
    assert (await tablet.confirms()).status_code == 204
    assert (await verbs(own_api, user)).count("telegram-unlinked") == 1


async def test_an_email_of_the_same_session_stays_confirmed(own_api: OwnApi, anna: Signing) -> None:
    mail = codes(own_api)
    await mail.request(EMAILS, anna.asker)
    await mail.confirm(EMAILS, anna.asker, (await sent(own_api))[-1][1])
    own_api.clock.advance(MINUTE)
    assert (await anna.confirms()).status_code == 204
    assert (await anna.account())["email_confirmed_at"] is not None


async def test_neither_digits_nor_address_stand_in_clear_in_any_row(own_api: OwnApi, anna: Signing) -> None:
    await anna.asks()
    [(_, code)] = await sent(own_api)
    async with own_api.sessions() as session:
        rows = [*(await session.exec(select(Delivery))).all(), *(await session.exec(select(Confirmation))).all()]
    text = repr([row.model_dump() for row in rows])
    assert code not in text
    assert PHONE not in text


async def test_an_ended_session_proves_nothing(own_api: OwnApi, anna: Signing) -> None:
    asker = replace(anna.asker, session_id=anna.user.id)
    assert (await refused(codes(own_api).request(PHONES, asker))).code == "not-authenticated"
