"""The application: Telegram and Avito at the root of one origin, the control API under /sandbox, the page at /."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from sandbox import control
from sandbox.avito import control as avito_control
from sandbox.avito import routes as avito_routes
from sandbox.mail import control as mail_control
from sandbox.mail.server import MailServer
from sandbox.served_page import add_page
from sandbox.sms import control as sms_control
from sandbox.sms import routes as sms_routes
from sandbox.stamping import routes as stamping_routes
from sandbox.telegram import control as telegram_control
from sandbox.telegram import routes as telegram_routes
from sandbox.telegram.errors import Refused
from sandbox.telegram.people import Impossible
from sandbox.world import World


def create_app(
    folder: Path | None, seed: bool, links: Mapping[str, str] | None = None, mail: tuple[str, int] | None = None
) -> FastAPI:
    """`folder`: where the state is kept, None: nowhere; `links`: for the page; `mail`: where the mail server listens,
    None: nowhere. `app.state.world` is the World, `app.state.mail` the MailServer."""
    world = World(folder, seed)

    server = MailServer(world.mailbox, world.changed, *mail) if mail else None

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        world.start()
        if server:
            await server.start()
        yield
        if server:
            await server.stop()
        await world.stop()

    app = FastAPI(title="Sandbox: Telegram, Avito and mail", lifespan=lifespan)
    app.state.world, app.state.mail = world, server
    app.include_router(telegram_routes.build(world.telegram, world.changed))
    app.include_router(avito_routes.build(world.avito, world.changed))
    app.include_router(stamping_routes.build(world.stamping))
    app.include_router(control.build(world, links or {}))
    app.include_router(telegram_control.build(world.telegram, world.changed))
    app.include_router(avito_control.build(world.avito, world.changed))
    app.include_router(mail_control.build(world.mailbox, world.changed))
    app.include_router(sms_routes.build(world.phones, world.faults, world.journal, world.changed))
    app.include_router(sms_control.build(world.phones, world.changed))
    app.add_exception_handler(Impossible, _impossible)
    app.add_exception_handler(Refused, _impossible)
    add_page(app)
    return app


async def _impossible(_request: Request, error: Exception) -> Response:
    """A person asked for what cannot be."""
    return JSONResponse({"detail": str(error)}, 409)
