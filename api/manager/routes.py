"""All routes of the managers."""

from typing import Final

from fastapi import APIRouter

from api.manager import (
    auth,
    autosave,
    billing,
    clients,
    colleagues,
    contract,
    contracts,
    devices,
    figures,
    history,
    passport,
    payment,
    rules,
    tariff,
    uploads,
)

NOUNS: Final = (
    auth,
    colleagues,
    rules,
    clients,
    history,
    autosave,
    passport,
    devices,
    tariff,
    contract,
    contracts,
    payment,
    billing,
    uploads,
    figures,
)


def build() -> APIRouter:
    router = APIRouter()
    for noun in NOUNS:
        router.include_router(noun.routes)
    return router
