"""Demo accounts stand in the empty embedded database, and in no other."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from base64 import b64encode

import pytest
from sqlmodel import col, func, select

from documents.contracts.agreement import published
from domain.clients.status import ClientStatus
from domain.kernel.crypto import Keyring
from domain.kernel.search import query_text
from domain.people.password import matches
from models import Accession, Client, Event, Manager, User
from models.contracts.agreement import AgreedBy
from models.kernel.database import Sessions
from models.people.manager import Role
from models.people.organisation import FIRST
from tests import database, factories
from tests.clock import FakeClock
from worker.seed import main, seed

KEYRING = Keyring({"k1": bytes(32)}, current="k1")
DATA_KEYS = f"k1:{b64encode(bytes(range(32))).decode()}"
PHONES = ["9000000001", "9000000002", "9000000003"]


async def test_the_demo_manager_may_do_everything(sessions: Sessions, clock: FakeClock) -> None:
    assert await seed(sessions, KEYRING, clock())

    async with sessions() as session:
        manager = (await session.exec(select(Manager))).one()
    assert (manager.email, manager.organisation_id, manager.role) == ("manager@example.com", FIRST, Role.OWNER)
    assert (manager.can_onboard, manager.is_super_admin) == (True, True)
    assert matches(manager.password_hash or "", "ChangeMe123")


async def test_three_demo_clients_are_registered_like_any_other(sessions: Sessions, clock: FakeClock) -> None:
    await seed(sessions, KEYRING, clock())

    async with sessions() as session:
        for phone in PHONES:
            user = await User.by_phone(session, phone)
            assert user is not None
            assert matches(user.password_hash or "", "ChangeMe123")
            client = await Client.of_user(session, user.id)
            assert client is not None
            assert (client.status, client.assigned_manager_id) == (ClientStatus.NEW, None)
            agreement = await Accession.of_user(session, user.id)
            assert agreement is not None
            assert (agreement.agreed_by, agreement.sha256) == (AgreedBy.REGISTRATION, published().sha256)
            events = await Event.of_client(session, client.id)
            assert [(event.verb, event.hash) for event in events] == [
                ("client-registered", events[0].link.hash(KEYRING))
            ]


@pytest.mark.parametrize("query", ["ежикова", "Невский", "client3@", "+7 900 000-00-03"])
async def test_a_demo_client_is_found_by_the_quick_search(sessions: Sessions, clock: FakeClock, query: str) -> None:
    await seed(sessions, KEYRING, clock())

    async with sessions() as session:
        found = select(Client.id).where(col(Client.search_text).contains(query_text(query)))
        assert len((await session.exec(found)).all()) == 1


async def counts(sessions: Sessions) -> list[int]:
    async with sessions() as session:
        tables = (Manager, User, Client, Accession, Event)
        return [(await session.exec(select(func.count()).select_from(table))).one() for table in tables]


async def test_a_second_seed_changes_nothing(sessions: Sessions, clock: FakeClock) -> None:
    results = [await seed(sessions, KEYRING, clock()), await seed(sessions, KEYRING, clock())]

    assert results == [True, False]
    assert await counts(sessions) == [1, 3, 3, 3, 3]


async def test_two_seeds_at_once_make_the_accounts_once(sessions: Sessions, clock: FakeClock) -> None:
    results = await asyncio.gather(*(seed(sessions, KEYRING, clock()) for _ in range(4)))

    assert sorted(results) == [False, False, False, True]
    assert await counts(sessions) == [1, 3, 3, 3, 3]


async def test_a_database_that_is_in_use_gets_no_demo_accounts(sessions: Sessions, clock: FakeClock) -> None:
    await factories.make_manager(sessions)

    assert not await seed(sessions, KEYRING, clock())
    assert await counts(sessions) == [1, 0, 0, 0, 0]


async def test_a_demo_phone_that_is_somebodys_stays_his(sessions: Sessions, clock: FakeClock) -> None:
    user = await factories.make_user(sessions, phone="9000000002", name="Не демонстрационный")
    await seed(sessions, KEYRING, clock())

    async with sessions() as session:
        assert (await session.get_one(User, user.id)).name == "Не демонстрационный"
    assert await counts(sessions) == [1, 3, 2, 2, 2]


@pytest.mark.parametrize("embedded", ["", "0", "yes"])
async def test_outside_make_up_no_demo_account_is_made(database_url: str, sessions: Sessions, embedded: str) -> None:
    with pytest.raises(SystemExit, match="only by `make up`"):
        main({"DATABASE_URL": database_url, "PRIVET_EMBEDDED": embedded})
    assert await counts(sessions) == [0, 0, 0, 0, 0]


async def test_make_up_runs_the_seed_as_a_command(database_url: str, sessions: Sessions) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "worker.seed"),
        cwd=database.CHECKOUT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": database_url, "DATA_KEYS": DATA_KEYS, "PRIVET_EMBEDDED": "1"},
        stdout=PIPE,
        stderr=STDOUT,
    )
    printed, _ = await process.communicate()

    assert (process.returncode, printed.decode()) == (0, "demo accounts are made\n")
    assert await counts(sessions) == [1, 3, 3, 3, 3]
