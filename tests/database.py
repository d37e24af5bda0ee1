"""Migrating a database of a test, from Python and whether or not an event loop runs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

from alembic.config import Config

from alembic import command
from embedded.servers.postgres import APPLICATION

CHECKOUT = Path(__file__).parents[1]


def configuration(url: str, role: str | None = None) -> Config:
    config = Config(toml_file=CHECKOUT / "pyproject.toml", stdout=StringIO())
    config.attributes["database_url"], config.attributes["application_role"] = url, role
    return config


def upgrade(url: str, revision: str = "head", role: str | None = APPLICATION) -> str:
    """Migrate as the owner of `url`, and let `role` use the tables; returns what alembic prints."""
    config = configuration(url, role)
    _blocking(lambda: command.upgrade(config, revision))
    assert isinstance(config.stdout, StringIO)
    return config.stdout.getvalue()


def downgrade(url: str, revision: str = "base") -> None:
    _blocking(lambda: command.downgrade(configuration(url), revision))


def check(url: str) -> str:
    """What `alembic check` says; raises when autogenerate would write something."""
    config = configuration(url)
    _blocking(lambda: command.check(config))
    assert isinstance(config.stdout, StringIO)
    return config.stdout.getvalue()


def _blocking(work: Callable[[], None]) -> None:
    """In a thread, because `env.py` runs an event loop of its own."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(work).result()
