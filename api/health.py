"""Liveness, readiness of the servers that the API depends on, and metrics on an API of this machine alone."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Final, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

from api.context import Context, Ctx
from api.http.observability import Metrics
from gateways.storage.client import StorageError
from models.kernel.database import ping

PATIENCE: Final = 3.0
"""Seconds for each check; the checks run concurrently."""

router = APIRouter(tags=["operation"])

metrics_router = APIRouter(include_in_schema=False)
"""Only where `Settings.metrics_on_main_port`; elsewhere METRICS_PORT serves them."""


class Alive(BaseModel):
    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    status: Literal["ready", "not-ready"]
    missing: list[str] = Field(description="What does not answer: `database`, `temporal`, `storage`.")


@router.get("/healthz")
async def show_health() -> Alive:
    return Alive()


@router.get(
    "/readyz",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "`missing` names what does not answer"}},
)
async def show_readiness(ctx: Ctx) -> Response:
    checks = {"database": ping(ctx.sessions), "temporal": _temporal(ctx), "storage": ctx.storage.check()}
    answers = await asyncio.gather(*map(_answers, checks.values()))
    missing = [name for name, there in zip(checks, answers, strict=True) if not there]
    found = Readiness(status="not-ready" if missing else "ready", missing=missing)
    if missing:
        return JSONResponse(found.model_dump(), 503, {"Retry-After": "3"})
    return JSONResponse(found.model_dump())


@metrics_router.get("/metrics")
async def show_metrics(request: Request) -> Response:
    metrics: Metrics = request.app.state.metrics
    # In a thread, because a collector may wait for the event loop.
    text = await asyncio.to_thread(generate_latest, metrics.registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST)


async def _answers(check: Awaitable[None]) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await check
    except (TimeoutError, OSError, SQLAlchemyError, RPCError, RuntimeError, StorageError):
        # A Temporal client that has never connected raises RuntimeError.
        return False
    return True


async def _temporal(ctx: Context) -> None:
    if not await ctx.temporal.service_client.check_health(timeout=timedelta(seconds=PATIENCE)):
        raise RuntimeError("Temporal is not serving")
