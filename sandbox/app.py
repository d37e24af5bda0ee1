"""The application: both stand-ins at the root of one origin, the control API under /sandbox, the page at /."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from sandbox import control
from sandbox.avito import control as avito_control
from sandbox.avito import routes as avito_routes
from sandbox.telegram import control as telegram_control
from sandbox.telegram import routes as telegram_routes
from sandbox.telegram.errors import Refused
from sandbox.telegram.people import Impossible
from sandbox.world import World

PAGE = Path(__file__).parent / "page"
NO_PAGE = """<!doctype html><html lang="ru"><meta charset="utf-8"><title>Песочница</title>
<h1>Песочница Telegram и Avito</h1><p><a href="/sandbox/state">Состояние</a> · <a href="/docs">API</a></p></html>"""


def create_app(folder: Path | None, seed: bool) -> FastAPI:
    """`folder`: where the state is kept, None: nowhere; `app.state.world` is the World."""
    world = World(folder, seed)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        world.start()
        yield
        await world.stop()

    app = FastAPI(title="Sandbox: Telegram and Avito", lifespan=lifespan)
    app.state.world = world
    app.include_router(telegram_routes.build(world.telegram, world.changed))
    app.include_router(avito_routes.build(world.avito, world.changed))
    app.include_router(control.build(world))
    app.include_router(telegram_control.build(world.telegram, world.changed))
    app.include_router(avito_control.build(world.avito, world.changed))
    app.add_exception_handler(Impossible, _impossible)
    app.add_exception_handler(Refused, _impossible)
    app.add_api_route("/", _index, methods=["GET"], include_in_schema=False, response_model=None)
    if PAGE.is_dir():
        app.mount("/page", StaticFiles(directory=PAGE), name="page")
    return app


async def _index() -> Response:
    index = PAGE / "index.html"
    return FileResponse(index) if index.exists() else HTMLResponse(NO_PAGE)


async def _impossible(_request: Request, error: Exception) -> Response:
    """A person asked for what cannot be."""
    return JSONResponse({"detail": str(error)}, 409)
