"""All routes of the API: one line per subject, matched in this order."""

from typing import Final

from fastapi import APIRouter, FastAPI

from api import health
from api.channels import routes as channels
from api.client import routes as client
from api.conversations import routes as conversations
from api.files import gateway
from api.http import docs
from api.http.route import Routes
from api.onboarding import routes as onboarding
from api.operations import routes as operations
from api.people import routes as people
from api.support import routes as support
from api.web import temporal_ui, verify

# Channels first: webhooks are called most.
SUBJECTS: Final[tuple[Routes, ...]] = (
    channels.ROUTES,
    people.ROUTES,
    onboarding.ROUTES,
    conversations.ROUTES,
    operations.ROUTES,
    support.ROUTES,
    client.ROUTES,
)

PAGES: Final = (gateway.routes, health.router, temporal_ui.router, docs.routes, verify.routes)


def mount(app: FastAPI) -> None:
    for subject in SUBJECTS:
        _include(app, subject.root)
        _include(app, subject.manager, "/api/manager")
        # An older prefix of the same routes; the document lists only one.
        _include(app, subject.manager, "/api/master", in_schema=False)
        _include(app, subject.client, "/api/v1")
        _include(app, subject.staff, "/api")
    _include(app, PAGES)


def _include(app: FastAPI, routers: tuple[APIRouter, ...], prefix: str = "", *, in_schema: bool = True) -> None:
    for router in routers:
        app.include_router(router, prefix=prefix, include_in_schema=in_schema)
