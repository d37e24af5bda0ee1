"""Declarations of each subject about its tables: erasure of a person, and deletion of rows by age."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import Delete
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


@dataclass(frozen=True)
class Person:
    """A client: the account and, if there is one, the card."""

    user_id: UUID
    client_id: UUID | None


class Erasure(Protocol):
    """A module `models.<subject>.erase`; `ERASES` are the tables without data of the person after `erase`."""

    @property
    def ERASES(self) -> Sequence[type[SQLModel]]: ...  # noqa: N802 - a constant of the module

    async def erase(self, session: AsyncSession, person: Person) -> set[str]:
        """Erase the person's rows in the caller's transaction; a repeat changes nothing.

        Returns the keys of stored objects that no row refers to any more. A repeat does not find them again: the caller
        stores them in the same transaction and deletes the objects after it.
        """


class Upkeep(Protocol):
    """A module `models.<subject>.upkeep`; `GROWS` are the tables that its deletions keep small."""

    @property
    def GROWS(self) -> Sequence[type[SQLModel]]: ...  # noqa: N802 - a constant of the module

    def deletions(self, now: datetime) -> Sequence[Delete]:
        """Statements that delete the rows past their retention time."""
