"""The class of all routes: authentication and access are checked before the JSON of the body."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, Final, NamedTuple

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

NOT_JSON: Final = "not JSON"
"""Replaces an unreadable body: no model accepts a text, so it is refused by validation, after a 404."""


class PatientRequest(Request):
    async def json(self) -> Any:
        body = await self.body()
        try:
            return json.loads(body, parse_constant=_no_constant)
        # ValueError: no JSON, no UTF-8, NaN, or a number of thousands of digits; RecursionError: nested too deeply.
        except (ValueError, RecursionError):
            return NOT_JSON


class Route(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_patiently(request: Request) -> Response:
            return await handle(PatientRequest(request.scope, request.receive))

        return handle_patiently


def router(tag: str, prefix: str = "") -> APIRouter:
    return APIRouter(prefix=prefix, tags=[tag], route_class=Route)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


class Routes(NamedTuple):
    """The routers of one subject, by mount: `/api/manager`, `/api`, `/api/v1`, or the root."""

    manager: tuple[APIRouter, ...] = ()
    staff: tuple[APIRouter, ...] = ()
    client: tuple[APIRouter, ...] = ()
    root: tuple[APIRouter, ...] = ()
