"""The engine and its sessions, built by the entry points."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

Sessions: TypeAlias = async_sessionmaker[AsyncSession]


def connect(url: str, pool_size: int, connect_args: Mapping[str, Any] | None = None) -> AsyncEngine:
    """An engine for `postgresql+asyncpg://…`; made inside the running loop, closed by `dispose()`.

    A connection that died with a restarted server is noticed before it is used (`pool_pre_ping` costs a round trip, so
    asyncpg's own closed flag is relied on and the pool is emptied at the first error instead).
    """
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,
        pool_timeout=5,
        pool_recycle=1800,
        connect_args={"timeout": 5, "command_timeout": 20, **(connect_args or {})},
    )


def make_sessions(engine: AsyncEngine) -> Sessions:
    return async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
