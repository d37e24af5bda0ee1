"""The engine and its sessions, built by the entry points."""

from typing import TypeAlias

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

Sessions: TypeAlias = async_sessionmaker[AsyncSession]


def connect(url: str, pool_size: int, name: str = "privet") -> AsyncEngine:
    """An engine for `postgresql+asyncpg://…`; made inside the running loop, closed by `dispose()`.

    `name` is what PostgreSQL shows of us. Its JIT is off: compiling costs more than any of our statements takes.

    A connection that died with a restarted server is noticed before it is used (`pool_pre_ping` costs a round trip, so
    asyncpg's own closed flag is relied on and the pool is emptied at the first error instead).
    """
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        # The connection used last knows our statements; in turn, each of twenty would have to learn them.
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
    """The same pool, each statement a transaction of its own: one round trip instead of three where one is enough."""
    engine: AsyncEngine = sessions.kw["bind"]
    return engine.execution_options(isolation_level="AUTOCOMMIT")


async def ping(sessions: Sessions) -> None:
    """One round trip; raises what the driver or the network says."""
    async with sessions() as session:
        await (await session.connection()).execute(text("SELECT 1"))


def make_sessions(engine: AsyncEngine) -> Sessions:
    """Nothing is written before it is flushed by name or committed: a query in between costs no UPDATE of its own."""
    return async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False, autoflush=False)
