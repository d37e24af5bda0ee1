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


def check(url: str) -> None:
    """`alembic check`: raises when autogenerate would write something."""
    _blocking(lambda: command.check(configuration(url)))


def _blocking(work: Callable[[], None]) -> None:
    """In a thread, because `env.py` runs an event loop of its own."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(work).result()
