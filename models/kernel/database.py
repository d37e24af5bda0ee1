"""The engine and its sessions, built by the entry points."""

from typing import TypeAlias

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

Sessions: TypeAlias = async_sessionmaker[AsyncSession]


def connect(url: str, pool_size: int, name: str = "privet") -> AsyncEngine:
    """An engine for `postgresql+asyncpg://…`; made inside the running loop, closed by `dispose()`.

    `name` is the application name in PostgreSQL. JIT is off: compiling costs more than any statement takes.

    A connection that died with a restarted server is detected by asyncpg's closed flag, and the pool is emptied at the
    first error; `pool_pre_ping` would cost a round trip.
    """
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        # The last used connection has the statements prepared; round robin would prepare them on all twenty.
        pool_use_lifo=True,
        hide_parameters=True,
        pool_timeout=5,
        pool_recycle=1800,
        connect_args={
            "timeout": 5,
            "command_timeout": 20,
            "server_settings": {"application_name": name, "jit": "off"},
        },
    )


def at_once(sessions: Sessions) -> AsyncEngine:
    """The same pool, each statement its own transaction: one round trip instead of three."""
    engine: AsyncEngine = sessions.kw["bind"]
    return engine.execution_options(isolation_level="AUTOCOMMIT")


async def ping(sessions: Sessions) -> None:
    """One round trip; raises the error of the driver or network."""
    async with sessions() as session:
        await (await session.connection()).execute(text("SELECT 1"))


def make_sessions(engine: AsyncEngine) -> Sessions:
    """Sessions without autoflush: rows are written by an explicit flush or the commit, not by a query in between."""
    return async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False, autoflush=False)
