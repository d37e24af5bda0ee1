"""The link to the bot by which a client proves his phone: only for who is signed in, and kept as a hash."""

import re

import pytest

from models import Bot, PhoneLink, User
from models.channels.bot import TOKEN, TOKEN_INDEX
from models.kernel.columns import seal
from tests.api.own_api import OwnApi, Person
from tests.database_content import dump
from tests.factories import make_user, stored
from tests.stored_rows import StoredRows

PATH = "/api/v1/auth/phone/telegram"
TOKEN_OF_BOT = "1000000002:SANDBOX-master-bot-token-000000002"


@pytest.fixture
async def user(own_api: OwnApi) -> User:
    return await make_user(own_api.sessions, phone_confirmed_at=None, phone_confirmed_by=None)


@pytest.fixture
async def olga(own_api: OwnApi, user: User) -> Person:
    return await own_api.signs_in(user)


@pytest.fixture
async def master(own_api: OwnApi) -> Bot:
    bot = Bot(
        organisation_id=None,
        token_sealed=seal(own_api.keyring, TOKEN, TOKEN_OF_BOT),
        token_index=own_api.keyring.blind_index(TOKEN_INDEX, TOKEN_OF_BOT),
        telegram_id=1_000_000_002,
        username="privet_master_bot",
        created_at=own_api.clock(),
        updated_at=own_api.clock(),
    )
    return await stored(own_api.sessions, bot)


async def test_a_link_opens_the_bot_and_stands_nowhere_in_clear(own_api: OwnApi, olga: Person, master: Bot) -> None:
    answer = await olga.http.post(PATH)
    assert answer.status_code == 200
    assert set(answer.json()) == {"link", "expires_in"}
    found = re.fullmatch(r"https://t\.me/privet_master_bot\?start=(p-[\w-]{43})", answer.json()["link"])
    assert found is not None
    assert len(found[1]) <= 64
    assert answer.json()["expires_in"] == 900
    assert found[1][2:] not in repr(await dump(own_api.sessions))


async def test_a_session_has_one_open_link(own_api: OwnApi, olga: Person, master: Bot) -> None:
    links = {(await olga.http.post(PATH)).json()["link"] for _ in range(3)}
    assert len(links) == 3
    assert len(await StoredRows(own_api.sessions, own_api.keyring).rows(PhoneLink)) == 1


async def test_nobody_gets_a_link_who_is_not_signed_in(own_api: OwnApi, master: Bot) -> None:
    visitor = own_api.visitor()
    assert (await visitor.post(PATH)).status_code == 401
    assert (await visitor.delete(PATH)).status_code == 401


async def test_without_a_bot_there_is_no_link(olga: Person) -> None:
    answer = await olga.http.post(PATH)
    assert (answer.status_code, answer.json()["code"]) == (409, "telegram-off")


async def test_an_account_without_a_number_has_nothing_to_confirm(
    own_api: OwnApi, user: User, olga: Person, master: Bot
) -> None:
    async with own_api.sessions.begin() as session:
        (await session.get_one(User, user.id)).phone = None
    answer = await olga.http.post(PATH)
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing-to-confirm")


async def test_links_are_not_made_without_end(olga: Person, master: Bot) -> None:
    answers = [(await olga.http.post(PATH)).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]


async def test_unlinking_nothing_is_done_already(olga: Person) -> None:
    assert (await olga.http.delete(PATH)).status_code == 204


async def test_a_session_that_has_proven_nothing_cannot_cut_off_the_owner(own_api: OwnApi) -> None:
    user = await make_user(own_api.sessions, telegram_user_id=7_001, telegram_linked_at=own_api.clock())
    thief = await own_api.signs_in(user, proves=False)
    answer = await thief.http.delete(PATH)
    assert (answer.status_code, answer.json()["code"]) == (409, "phone-unconfirmed")
    async with own_api.sessions() as session:
        assert (await session.get_one(User, user.id)).telegram_user_id == 7_001
