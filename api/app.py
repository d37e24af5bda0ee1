"""The API put together from settings: what its routes are given, and the routes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from fastapi import FastAPI

import wiring
from activities.channels.inbox import Inbox
from api import routes
from api.context import Context
from api.http import edge, observability, openapi, problems
from api.machines.limits import Limits
from api.machines.live import Live
from api.machines.passwords import Passwords
from api.machines.tokens import client_tokens, codec_tokens, manager_tokens
from api.machines.uploads import Uploads
from api.machines.wakes import Wakes
from api.web import app as web
from api.web import temporal_ui
from domain.kernel.clock import Clock, utc_now
from gateways.avito.client import Avito
from gateways.http_outcome import open_client
from gateways.storage.client import StorageUnavailable
from gateways.telegram.client import TelegramApi
from gateways.telegram.updates import Updates
from models.kernel.database import connect, make_sessions
from settings import Settings

VERSION: Final = "0.1.0"


def create_app(settings: Settings, now: Clock = utc_now, dist: Path = web.DIST) -> FastAPI:
    """An app that starts also while the database, Temporal or the store is away, and says so when it is asked."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with build(settings, now) as context:
            app.state.context = context
            yield

    app = FastAPI(
        title="Привет",
        version=VERSION,
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    problems.install(app)
    routes.mount(app)
    web.install(app, settings, dist)
    # From the innermost to the outermost: what is answered to a crash must carry the headers too.
    app.add_middleware(edge.OneSpelling)
    app.add_middleware(edge.BoundedBody)
    temporal_ui.allow_web_ui(app, settings)
    observability.install(app)
    app.add_middleware(edge.ApiCors, origins=_listed(settings.cors_allow_origins))
    app.add_middleware(edge.SafeHeaders)
    openapi.install(app)
    return app


@asynccontextmanager
async def build(settings: Settings, now: Clock) -> AsyncIterator[Context]:
    keyring = wiring.keyring(settings)
    storage = wiring.storage(settings)
    temporal = await wiring.temporal(settings, keyring, lazy=True)
    engine = connect(settings.database_url.get_secret_value(), settings.database_pool, "privet-api")
    sessions = make_sessions(engine)
    autocommit = make_sessions(engine.execution_options(isolation_level="AUTOCOMMIT"))
    passwords = Passwords()
    telegram = TelegramApi(settings.telegram_api_base)
    http = open_client()
    wakes = Wakes(temporal, timedelta(seconds=settings.avito_sweep_seconds))
    live = Live(settings.database_url.get_secret_value())
    uploading = Uploads(storage, sessions, keyring, settings.web_url, settings.s3_uploads, now)
    try:
        with suppress(StorageUnavailable):
            await storage.ensure_bucket()
            await uploading.find_out()
        live.open()
        yield Context(
            settings=settings,
            sessions=sessions,
            autocommit=autocommit,
            keyring=keyring,
            secrets=wiring.signature_secrets(settings),
            temporal=temporal,
            storage=storage,
            passwords=passwords,
            limits=Limits(sessions, keyring, now),
            manager_tokens=manager_tokens(settings, now),
            client_tokens=client_tokens(settings, now),
            codec_tokens=codec_tokens(settings, now),
            uploads=uploading,
            telegram=telegram,
            avito=Avito(http, settings.avito_api_base),
            inbox=Inbox(sessions, keyring, Updates(), now),
            wakes=wakes,
            live=live,
            now=now,
        )
    finally:
        await live.close()
        await wakes.close()
        await telegram.close()
        await http.aclose()
        passwords.close()
        storage.close()
        await asyncio.shield(engine.dispose())


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
