"""Columns that many tables share: ids, times, closed sets and sealed values."""

import json
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from pydantic_core import PydanticUndefined
from sqlalchemy import Enum, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from domain.kernel.crypto import Keyring

# PostgreSQL's own default names, spelt out, so that a migration can name the constraints that it drops.
SQLModel.metadata.naming_convention = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


def key() -> Any:
    """A UUID primary key made by the application, so that a repeated command makes the same row."""
    return Field(default_factory=uuid4, primary_key=True)


def reference(
    target: str, *, nullable: bool = False, index: bool = False, unique: bool = False, cascade: bool = False
) -> Any:
    return Field(
        default=None if nullable else ...,
        foreign_key=target,
        nullable=nullable,
        index=index,
        unique=unique,
        ondelete="CASCADE" if cascade else PydanticUndefined,
    )


def created() -> Any:
    """Set from the caller's clock; the database's clock is the default."""
    return Field(nullable=False, sa_column_kwargs={"server_default": text("now()")})


def choice(values: type[StrEnum], name: str, *, nullable: bool = False, default: StrEnum | None = None) -> Any:
    """An enum stored as its values, with a CHECK, so that other programs can read the column."""
    return Field(
        default=default or (None if nullable else ...),
        sa_type=Enum(
            values,
            values_callable=lambda members: [member.value for member in members],
            native_enum=False,
            create_constraint=True,
            length=32,
            name=name,
        ),
        nullable=nullable,
        sa_column_kwargs={"server_default": text(f"'{default.value}'")} if default else {},
    )


def sealed(*, nullable: bool = True) -> Any:
    """Encrypted bytes: see `seal` and `unseal`."""
    return Field(default=None if nullable else ..., sa_type=LargeBinary, nullable=nullable)


def document() -> Any:
    return Field(default=None, sa_type=JSONB(none_as_null=True), nullable=True)


def seal(keyring: Keyring, purpose: str, value: object) -> bytes:
    """JSON, encrypted for one purpose (`table.column`)."""
    return keyring.encrypt(
        purpose, json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain).encode()
    )


def unseal(keyring: Keyring, purpose: str, value: bytes) -> Any:
    return json.loads(keyring.decrypt(purpose, value))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
