"""The sandbox's own API that both sides share: what there is, faults, journal, clock."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from sandbox.faults import Fault, Setting, Side
from sandbox.world import World


class NewFault(BaseModel):
    side: Side
    fault: Fault
    every: int = Field(default=1, ge=1)
    times: int | None = Field(default=None, ge=1)
    path: str | None = None
    seconds: float = Field(default=1.0, ge=0)
    code: int | None = Field(default=None, ge=100, le=999)


class Advance(BaseModel):
    seconds: float = Field(gt=0)


class Control:
    def __init__(self, world: World, links: Mapping[str, str]) -> None:
        self._world, self._links = world, links

    async def links(self) -> Mapping[str, str]:
        """Where the product is, as far as somebody said."""
        return self._links

    async def state(self) -> dict[str, Any]:
        return self._world.view()

    async def events(self) -> StreamingResponse:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._world.watchers.stream(), media_type="text/event-stream", headers=headers)

    async def add_fault(self, new: NewFault) -> list[dict[str, Any]]:
        try:
            self._world.faults.set(Setting(**new.model_dump()))
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        return self._faults()

    async def show_faults(self) -> list[dict[str, Any]]:
        return self._world.faults.view()

    async def clear_faults(self, side: Side | None = None, fault: Fault | None = None) -> list[dict[str, Any]]:
        self._world.faults.clear(side, fault)
        return self._faults()

    async def journal(self, side: Side | None = None) -> list[dict[str, Any]]:
        return self._world.journal.view(side)

    async def violations(self) -> list[str]:
        return self._world.journal.violations()

    async def clear_journal(self) -> dict[str, bool]:
        self._world.journal.clear()
        self._world.changed()
        return {"ok": True}

    async def advance(self, advance: Advance) -> dict[str, float]:
        """Moves the clock of both sides forward: tokens, links and budgets run out."""
        self._world.clock.advance(advance.seconds)
        self._world.changed()
        return {"now": self._world.clock()}

    def _faults(self) -> list[dict[str, Any]]:
        self._world.changed()
        return self._world.faults.view()


def build(world: World, links: Mapping[str, str]) -> APIRouter:
    control = Control(world, links)
    router = APIRouter(prefix="/sandbox")

    def at(method: str, path: str, endpoint: Callable[..., object]) -> None:
        router.add_api_route(path, endpoint, methods=[method])

    at("GET", "/links", control.links)
    at("GET", "/state", control.state)
    router.add_api_route("/events", control.events, methods=["GET"], response_model=None)
    at("POST", "/faults", control.add_fault)
    at("GET", "/faults", control.show_faults)
    at("DELETE", "/faults", control.clear_faults)
    at("GET", "/journal", control.journal)
    at("GET", "/violations", control.violations)
    at("DELETE", "/journal", control.clear_journal)
    at("POST", "/clock", control.advance)
    return router
