"""Operators add, list and disable managers."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from domain.people.password import matches
from embedded.stack import Stack
from models import Manager, ManagerSession
from models.kernel.database import Sessions
from models.people.manager import Role
from models.people.organisation import FIRST
from tests import database, factories
from tests.clock import FakeClock
from worker.managers import NewManager, Refused, add_manager, all_managers, disable_manager, main

PASSWORD = "зелёный чайник"
ANNA = NewManager("anna@example.com", "Анна Петрова", PASSWORD)


async def the_only(sessions: Sessions) -> Manager:
    (manager,) = await all_managers(sessions)
    return manager


async def test_a_manager_of_organisation_1_may_onboard_and_is_nothing_more(
    sessions: Sessions, clock: FakeClock
) -> None:
    added = await add_manager(sessions, ANNA, clock())

    manager = await the_only(sessions)
    assert (manager.id, manager.email, manager.name) == (added.id, "anna@example.com", "Анна Петрова")
    assert (manager.organisation_id, manager.role) == (FIRST, Role.MANAGER)
    assert (manager.can_onboard, manager.is_super_admin, manager.disabled_at) == (True, False, None)
    assert manager.created_at == clock.now


async def test_the_password_is_kept_as_an_argon2id_hash(sessions: Sessions, clock: FakeClock) -> None:
    await add_manager(sessions, ANNA, clock())

    stored = (await the_only(sessions)).password_hash or ""
    assert stored.startswith("$argon2id$")
    assert matches(stored, PASSWORD)
    assert PASSWORD not in repr(ANNA)


async def test_an_operator_and_owner_is_made_only_when_asked_for(sessions: Sessions, clock: FakeClock) -> None:
    new = NewManager("boss@example.com", "Борис", PASSWORD, admin=True, owner=True)
    await add_manager(sessions, new, clock())

    manager = await the_only(sessions)
    assert (manager.is_super_admin, manager.role) == (True, Role.OWNER)


async def test_a_known_email_in_other_letters_changes_nothing(sessions: Sessions, clock: FakeClock) -> None:
    first = await add_manager(sessions, ANNA, clock())
    again = NewManager("ANNA@example.com", "Другая", "another-password", admin=True)
    with pytest.raises(Refused, match=rf"anna@example.com is a manager already \(id {first.id}\); nothing was changed"):
        await add_manager(sessions, again, clock.advance(timedelta(days=1)))

    assert (await the_only(sessions)).model_dump() == first.model_dump()


async def test_of_two_operators_at_once_one_adds_the_manager(sessions: Sessions, clock: FakeClock) -> None:
    tries = [add_manager(sessions, ANNA, clock()) for _ in range(5)]
    results = await asyncio.gather(*tries, return_exceptions=True)

    assert [type(result) for result in results].count(Manager) == 1
    assert [type(result) for result in results].count(Refused) == 4
    await the_only(sessions)


@pytest.mark.parametrize(
    ("email", "name", "password", "why"),
    [
        ("anna", "Анна", "long-enough-77", "'anna' is not an e-mail address"),
        ("", "Анна", "long-enough-77", "'' is not an e-mail address"),
        ("anna@example.com", "Анна", "чайник поёт", "The password must have 12 to 128 characters"),
        ("anna@example.com", "Анна", "x" * 129, "The password must have 12 to 128 characters"),
        ("anna@example.com", "Анна", "1234567890123", "one of the commonest"),
        ("anna@example.com", "Анна Петрова", "Petrova_1985!", "repeats the manager's name"),
        ("chief-of-all@example.com", "Анна", "chief.of.all.77", "repeats the manager's e-mail"),
        ("anna@example.com", "Анна", "PRIVET-2026-!", "repeats the product's name"),
        ("anna@example.com", "  ", "long-enough-77", "The name must have 1 to 200 characters"),
        ("anna@example.com", "А" * 201, "long-enough-77", "The name must have 1 to 200 characters"),
        ("anna@example.com", "Анна\x00", "long-enough-77", "The name must have 1 to 200 characters"),
    ],
)
def test_what_cannot_be_a_manager_is_refused(email: str, name: str, password: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        NewManager(email, name, password)


async def test_a_disabled_manager_stays_on_record(sessions: Sessions, clock: FakeClock) -> None:
    await add_manager(sessions, ANNA, clock())
    disabled_at = clock.advance(timedelta(hours=1))
    await disable_manager(sessions, "Anna@Example.com", disabled_at)
    await disable_manager(sessions, "anna@example.com", clock.advance(timedelta(hours=1)))

    assert (await the_only(sessions)).disabled_at == disabled_at


async def test_who_is_disabled_is_signed_out_everywhere_and_nobody_else_is(
    sessions: Sessions, clock: FakeClock
) -> None:
    anna = await factories.make_manager(sessions, email="anna@example.com")
    boris = await factories.make_manager(sessions)
    later = clock.now + timedelta(days=1)
    await factories.stored(sessions, ManagerSession(manager_id=anna.id, expires_at=later))
    await disable_manager(sessions, "anna@example.com", clock())

    async with sessions() as session:
        rows = (await session.exec(select(ManagerSession))).all()
    assert [row.manager_id for row in rows if row.revoked_at is None] == [boris.id]
    assert [(row.manager_id, row.revoked_at) for row in rows if row.revoked_at] == [(anna.id, clock.now)] * 2


async def test_nobody_can_be_disabled_who_is_not_there(sessions: Sessions, clock: FakeClock) -> None:
    with pytest.raises(Refused, match=r"no manager with the e-mail who@example\.com"):
        await disable_manager(sessions, "who@example.com", clock())


async def command(*arguments: str, given: str = "", **environment: str) -> tuple[int | None, str]:
    """Exit code and all that was printed, of the command as an operator runs it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "worker.managers", *arguments),
        cwd=database.CHECKOUT,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **environment},
        stdin=PIPE,
        stdout=PIPE,
        stderr=STDOUT,
    )
    printed, _ = await process.communicate(given.encode())
    return process.returncode, printed.decode()


async def test_the_command_needs_the_database_and_nothing_else(database_url: str, sessions: Sessions) -> None:
    arguments = ("add", "--email", "anna@example.com", "--name", "Анна", "--password-stdin")
    code, printed = await command(*arguments, given="a secret of words\n", DATABASE_URL=database_url)

    manager = await the_only(sessions)
    assert (code, str(manager.id) in printed) == (0, True), printed
    assert matches(manager.password_hash or "", "a secret of words")
    assert "secret" not in printed


async def test_beside_make_up_the_command_finds_its_database(stack: Stack, tmp_path: Path) -> None:
    database.upgrade(stack.owner_url)
    (tmp_path / "secrets.json").write_text(json.dumps(stack.secrets))
    code, printed = await command("list", DATA_DIR=str(tmp_path), POSTGRES_PORT=str(stack.postgres.port))
    assert code == 0, printed

    code, printed = await command("list", DATA_DIR=str(tmp_path / "elsewhere"))
    assert code == 1
    assert "start `make up` first" in printed


class Operator:
    """Runs the command in this process, beside the test's event loop."""

    def __init__(self, printed: pytest.CaptureFixture[str]) -> None:
        self.printed = printed

    async def runs(self, *arguments: str, **environment: str) -> str:
        await _elsewhere(arguments, environment)
        return self.printed.readouterr().out

    async def is_refused(self, *arguments: str, **environment: str) -> str:
        with pytest.raises(SystemExit) as stopped:
            await _elsewhere(arguments, environment)
        return str(stopped.value)


async def _elsewhere(arguments: tuple[str, ...], environment: dict[str, str]) -> None:
    """In a thread that ends with the command.

    Threads of the loop's own pool die all at once at the end of the session. What SQLAlchemy's greenlets leave there is
    then cleared up from within each other, which under coverage never ends (CPython 3.11).
    """
    with ThreadPoolExecutor(1) as thread:
        await asyncio.get_running_loop().run_in_executor(thread, main, arguments, environment)


@pytest.fixture
def operator(capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(capsys)


async def test_make_hands_on_email_name_and_password_in_the_environment(
    operator: Operator, database_url: str, sessions: Sessions
) -> None:
    make = {"EMAIL": "anna@example.com", "NAME": "Анна Петрова", "PASSWORD": "a-secret-of-words"}
    printed = await operator.runs("add", DATABASE_URL=database_url, **make)

    manager = await the_only(sessions)
    assert matches(manager.password_hash or "", "a-secret-of-words")
    assert printed == f"added: {manager.id}  anna@example.com  Анна Петрова  manager, onboarding\n"


async def test_managers_are_listed_with_their_rights(
    operator: Operator, database_url: str, sessions: Sessions, clock: FakeClock
) -> None:
    boss = await add_manager(
        sessions, NewManager("b@example.com", "Борис", "a-secret-of-words", admin=True, owner=True), clock()
    )
    anna = await add_manager(sessions, ANNA, clock.advance(timedelta(days=1)))
    await disable_manager(sessions, "anna@example.com", clock())

    assert await operator.runs("list", DATABASE_URL=database_url) == (
        f"{boss.id}  b@example.com  Борис  owner, onboarding, super admin\n"
        f"{anna.id}  anna@example.com  Анна Петрова  manager, onboarding, disabled since 2026-03-03\n"
    )


async def test_a_manager_is_disabled_by_the_command(
    operator: Operator, database_url: str, sessions: Sessions, clock: FakeClock
) -> None:
    await add_manager(sessions, ANNA, clock())
    printed = await operator.runs("disable", "--email", "anna@example.com", DATABASE_URL=database_url)

    assert printed.startswith("disabled: ")
    assert (await the_only(sessions)).disabled_at is not None


async def test_a_new_password_ends_what_the_old_one_has_opened(
    operator: Operator, database_url: str, sessions: Sessions
) -> None:
    anna = await factories.make_manager(sessions, email="anna@example.com", name="Анна")
    await factories.make_manager(sessions)
    given = {"EMAIL": "Anna@example.com", "DATABASE_URL": database_url}
    assert "repeats the manager's name" in await operator.is_refused("password", **given, PASSWORD="anna-1985-1985")
    printed = await operator.runs("password", **given, PASSWORD=PASSWORD)

    assert printed.startswith(f"changed: {anna.id}")
    async with sessions() as session:
        manager = await session.get_one(Manager, anna.id)
        ended = (await session.exec(select(ManagerSession).where(ManagerSession.revoked_at != None))).all()  # noqa: E711
    assert matches(manager.password_hash or "", PASSWORD)
    assert [one.manager_id for one in ended] == [anna.id]
    assert "There is no manager" in await operator.is_refused(
        "password", EMAIL="who@example.com", DATABASE_URL=database_url, PASSWORD=PASSWORD
    )


async def test_a_refusal_says_what_to_give(operator: Operator, database_url: str, sessions: Sessions) -> None:
    anna = {"EMAIL": "anna@example.com", "NAME": "Анна", "DATABASE_URL": database_url}

    assert (
        await operator.is_refused("add", **anna, PASSWORD="ChangeMe123")
        == "The password must have 12 to 128 characters."
    )
    told = await operator.is_refused("add", **anna)
    assert told == "Give the password in MANAGER_PASSWORD, or by --password-stdin."
    told = await operator.is_refused("add", DATABASE_URL=database_url)
    assert told == "Give the e-mail: --email anna@example.com, or EMAIL=anna@example.com with make."
    assert await all_managers(sessions) == []


async def test_a_database_that_cannot_be_used_is_told(operator: Operator, empty_database_url: str) -> None:
    assert "is it migrated?" in await operator.is_refused("list", DATABASE_URL=empty_database_url)
    nowhere = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
    assert "does not answer" in await operator.is_refused("list", DATABASE_URL=nowhere)
