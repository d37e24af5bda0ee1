"""`python -m worker.managers add|list|password|disable`: managers; needs `DATABASE_URL` or a `make up`."""

import argparse
import asyncio
import getpass
import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.people.common_passwords import common_passwords
from domain.kernel import sizes
from domain.kernel.clock import utc_now
from domain.kernel.text import cleaned_line, is_unfit, visible
from domain.people.guessable import Owner, Weakness
from domain.people.password import LONGEST, SHORTEST_OF_STAFF, hash_password, weakness_of
from models import Manager
from models.kernel.database import Sessions, connect, make_sessions
from models.people.manager import Role
from models.people.manager_session import ManagerSession
from models.people.organisation import FIRST


class Refused(Exception):
    """The command changed nothing; the text is the reason."""


@dataclass(frozen=True)
class NewManager:
    """A new manager; construction checks the values and raises Refused. `demo`: with the password that is printed."""

    email: str
    name: str
    password: str = field(repr=False)
    admin: bool = False
    owner: bool = False
    demo: bool = False

    def __post_init__(self) -> None:
        address_of(self.email)
        if not 0 < len(self.full_name) <= sizes.LINE or is_unfit(self.full_name):
            raise Refused(f"The name must have 1 to {sizes.LINE} characters.")
        if not self.demo:
            check_password_of_staff(self.password, Owner(name=self.full_name, email=self.email))

    @property
    def full_name(self) -> str:
        return cleaned_line(self.name)

    def row(self, now: datetime) -> Manager:
        """The row, with the onboarding right, which only this command grants."""
        return Manager(
            organisation_id=FIRST,
            email=address_of(self.email),
            name=self.full_name,
            password_hash=hash_password(self.password),
            role=Role.OWNER if self.owner else Role.MANAGER,
            is_super_admin=self.admin,
            can_onboard=True,
            created_at=now,
            updated_at=now,
        )


WEAK = {
    Weakness.LENGTH: f"The password must have {SHORTEST_OF_STAFF} to {LONGEST} characters.",
    Weakness.COMMON: "The password is one of the commonest, which are guessed first; several words are better.",
    Weakness.PHONE: "The password repeats a phone number.",
    Weakness.NAME: "The password repeats the manager's name.",
    Weakness.EMAIL: "The password repeats the manager's e-mail.",
    Weakness.PRODUCT: "The password repeats the product's name.",
}


def check_password_of_staff(password: str, owner: Owner) -> None:
    weakness = weakness_of(password, owner, common_passwords(), SHORTEST_OF_STAFF)
    if weakness is not None:
        raise Refused(WEAK[weakness])


def address_of(email: str) -> str:
    try:
        return validate_email(visible(email), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Refused(f"{email!r} is not an e-mail address: {error}") from None


async def add_manager(sessions: Sessions, new: NewManager, now: datetime) -> Manager:
    """Add a manager; raises Refused if the e-mail is taken (case-insensitive)."""
    manager = new.row(now)
    try:
        async with sessions.begin() as session:
            if (known := await Manager.by_email(session, new.email)) is not None:
                raise Refused(f"{known.email} is a manager already (id {known.id}); nothing was changed.")
            session.add(manager)
    except IntegrityError:
        raise Refused(f"{new.email} was added by somebody else just now; nothing was changed.") from None
    return manager


async def set_password(sessions: Sessions, email: str, password: str, now: datetime) -> Manager:
    """Give a manager a new password and end all sessions, tokens and streams of the old one."""
    async with sessions.begin() as session:
        manager = await _known(session, email)
        check_password_of_staff(password, Owner(name=manager.name, email=manager.email))
        manager.password_hash, manager.updated_at = hash_password(password), now
        await ManagerSession.end_all(session, manager.id, now)
    return manager


async def _known(session: AsyncSession, email: str) -> Manager:
    manager = await Manager.by_email(session, email)
    if manager is None:
        raise Refused(f"There is no manager with the e-mail {email}.")
    return manager


async def disable_manager(sessions: Sessions, email: str, now: datetime) -> Manager:
    """Disable log-in, tokens and sessions of a manager; the manager's records are kept."""
    async with sessions.begin() as session:
        manager = await _known(session, email)
        manager.disabled_at = manager.disabled_at or now
        manager.updated_at = now
        await ManagerSession.end_all(session, manager.id, now)
    return manager


async def all_managers(sessions: Sessions) -> Sequence[Manager]:
    """Oldest first."""
    async with sessions() as session:
        return await Manager.oldest_first(session)


def show(manager: Manager) -> str:
    rights = [
        manager.role.value,
        *(["onboarding"] if manager.can_onboard else []),
        *(["super admin"] if manager.is_super_admin else []),
        *([f"disabled since {manager.disabled_at:%Y-%m-%d}"] if manager.disabled_at else []),
    ]
    return "  ".join((str(manager.id), manager.email or "-", manager.name, ", ".join(rights)))


def parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    """E-mail and name default to `EMAIL` and `NAME`, which `make manager` sets."""
    top = argparse.ArgumentParser(prog="python -m worker.managers", description=__doc__)
    verbs = top.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser(
        "add", help="the password comes from MANAGER_PASSWORD, PASSWORD or the input, or is asked for"
    )
    add.add_argument("--email", default=environment.get("EMAIL"))
    add.add_argument("--name", default=environment.get("NAME"))
    add.add_argument("--admin", action="store_true", help="operator of the installation (super admin)")
    add.add_argument("--owner", action="store_true", help="owner of organisation 1")
    add.add_argument("--password-stdin", action="store_true", help="read the password from the first line of the input")
    verbs.add_parser("list")
    verbs.add_parser("disable").add_argument("--email", default=environment.get("EMAIL"))
    change = verbs.add_parser("password", help="a new password, given as with add; it ends all sessions")
    change.add_argument("--email", default=environment.get("EMAIL"))
    change.add_argument("--password-stdin", action="store_true")
    return top


def password_from(options: argparse.Namespace, environment: Mapping[str, str]) -> str:
    """Never from an argument, because the process list shows arguments."""
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if given := environment.get("MANAGER_PASSWORD") or environment.get("PASSWORD"):
        return given
    if not sys.stdin.isatty():
        raise Refused("Give the password in MANAGER_PASSWORD, or by --password-stdin.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise Refused("The two passwords differ.")
    return password


async def execute(options: argparse.Namespace, environment: Mapping[str, str], url: str) -> list[str]:
    """Execute the command; returns the lines to print, raises Refused."""
    engine = connect(url, pool_size=1)
    sessions = make_sessions(engine)
    try:
        match options.verb:
            case "list":
                return [show(manager) for manager in await all_managers(sessions)]
            case _ if not options.email:
                raise Refused("Give the e-mail: --email anna@example.com, or EMAIL=anna@example.com with make.")
            case "disable":
                return [f"disabled: {show(await disable_manager(sessions, options.email, utc_now()))}"]
            case "password":
                manager = await set_password(sessions, options.email, password_from(options, environment), utc_now())
                return [f"changed: {show(manager)}"]
            case _:
                password = password_from(options, environment)
                new = NewManager(options.email, options.name or "", password, options.admin, options.owner)
                return [f"added: {show(await add_manager(sessions, new, utc_now()))}"]
    finally:
        await engine.dispose()


def use_embedded_database(arguments: Sequence[str]) -> None:
    """Replace the process by the same command in the environment of the `make up` in this folder."""
    if importlib.util.find_spec("embedded") is None:
        sys.exit("DATABASE_URL is not set.")
    again = [sys.executable, "-m", "embedded.within", "python", "-m", "worker.managers", *arguments]
    os.execv(sys.executable, again)  # noqa: S606  # intended


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    options = parser(environment).parse_args(arguments)
    url = environment.get("DATABASE_URL")
    if not url:
        return use_embedded_database(arguments)
    try:
        print("\n".join(asyncio.run(execute(options, environment, url))))
    except Refused as refused:
        sys.exit(str(refused))
    except DBAPIError as error:
        # Without the statement and its values, which include an e-mail.
        sys.exit(f"The database cannot be used as it is (is it migrated?): {error.orig}")
    except OSError as error:
        sys.exit(f"The database does not answer: {error}")


if __name__ == "__main__":
    main(sys.argv[1:], os.environ)
