"""All routes of the managers."""

from typing import Final

from fastapi import APIRouter

from api.manager import auth, billing, clients, contract, devices, history, passport, payment, tariff, uploads

NOUNS: Final = (auth, clients, history, passport, devices, tariff, contract, payment, billing, uploads)


def build() -> APIRouter:
    router = APIRouter()
    for noun in NOUNS:
        router.include_router(noun.routes)
    return router
