"""Migrating a database of a test, from Python and whether or not an event loop runs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

from alembic.config import Config

from alembic import command

CHECKOUT = Path(__file__).parents[1]


def configuration(url: str) -> Config:
    config = Config(toml_file=CHECKOUT / "pyproject.toml", stdout=StringIO())
    config.attributes["database_url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    _blocking(lambda: command.upgrade(configuration(url), revision))


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
