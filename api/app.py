"""Builds the API from settings: dependencies, routes and middleware."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from pydantic import SecretStr

import wiring
from activities.channels.accounts import Accounts
from activities.channels.bots import Bots
from activities.channels.inbox import Inbox
from activities.clients.nearby import StaffPlaces
from activities.files.photos import Photos
from activities.files.uploads import Uploads
from activities.kernel.limits import Limits
from activities.onboarding.registration import Registration
from activities.people.client_sessions import ClientSessions
from activities.people.confirmation_codes import ConfirmationCodes
from activities.people.links import Links
from activities.people.manager_sessions import ManagerSessions
from activities.people.passwords import Passwords
from activities.people.phone_links import PhoneLinks
from activities.people.profile import Profiles
from activities.people.sign_in import SignIn
from api import health, routes
from api.context import Context
from api.http import edge, observability, openapi, problems
from api.machines.live import Live
from api.machines.tokens import client_tokens, codec_tokens, manager_tokens
from api.machines.wakes import Wakes
from api.operations import counts
from api.web import app as web
from api.web import temporal_ui
from domain.kernel.clock import Clock, utc_now
from gateways.avito.client import Avito
from gateways.http_outcome import open_client
from gateways.storage.client import StorageUnavailable
from gateways.telegram.updates import Updates
from models.kernel.database import connect, make_sessions
from settings import Settings

VERSION: Final = "0.1.0"


def create_app(settings: Settings, now: Clock = utc_now, dist: Path = web.DIST) -> FastAPI:
    """Build the app; it starts without the database, Temporal or the store, and then answers 503."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with build(settings, now) as context:
            app.state.context = context
            with counts.counted(app.state.metrics.registry, context.autocommit):
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
    if settings.metrics_on_main_port:
        app.include_router(health.metrics_router)
    web.install(app, settings, dist)
    # From the innermost to the outermost, so that the answer to a crash has the headers too.
    app.add_middleware(edge.OneSpelling)
    app.add_middleware(edge.BoundedBody)
    temporal_ui.allow_web_ui(app, settings)
    observability.install(app)
    edge.allow_origins(app, _listed(settings.cors_allow_origins))
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
    telegram = wiring.telegram(settings)
    http = open_client()
    avito = Avito(http, settings.avito_api_base)
    wakes = Wakes(temporal, timedelta(seconds=settings.avito_sweep_seconds))
    manager_sessions = ManagerSessions(sessions, now)
    live = Live(settings.database_url.get_secret_value(), manager_sessions.live)
    limits = Limits(sessions, keyring, now)
    client_sessions = ClientSessions(sessions, now)
    sign_in = SignIn(sessions, passwords, limits, now, _secret(settings.master_bot_token))
    uploads = Uploads(storage, sessions, keyring, settings.web_url, settings.s3_uploads, now)
    try:
        with suppress(StorageUnavailable):
            await storage.ensure_bucket()
            await uploads.find_out()
        live.open()
        yield Context(
            settings=settings,
            sessions=sessions,
            autocommit=autocommit,
            keyring=keyring,
            authorities=wiring.authorities(settings),
            temporal=temporal,
            storage=storage,
            limits=limits,
            sign_in=sign_in,
            staff_places=StaffPlaces(sessions, keyring, now),
            links=Links(sessions, settings.auto_reply_delay_seconds, now),
            phone_links=PhoneLinks(sessions, keyring, now),
            manager_sessions=manager_sessions,
            client_sessions=client_sessions,
            registration=Registration(sessions, keyring, passwords, sign_in, client_sessions, now),
            profiles=Profiles(sessions, keyring, now),
            confirmations=ConfirmationCodes(
                sessions, keyring, limits, wiring.code_rules(settings), now, wiring.confirming_channels(settings)
            ),
            manager_tokens=manager_tokens(settings, now),
            client_tokens=client_tokens(settings, now),
            codec_tokens=codec_tokens(settings, now),
            uploads=uploads,
            photos=Photos(sessions, storage, now),
            telegram=telegram,
            avito=avito,
            bots=Bots(sessions, keyring, telegram, settings.webhook_base_url or "", now),
            accounts=Accounts(sessions, keyring, avito, now),
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


def _secret(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value is not None else None


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
