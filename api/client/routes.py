"""All routes of the clients' app."""

from typing import Final

from fastapi import APIRouter

from api.client import auth, contracts, invoices, support, uploads, user, verification

# Verification first: its fixed path would else be taken for a contract's id.
NOUNS: Final = (auth, user, support, verification, contracts, invoices, uploads)


def build() -> APIRouter:
    router = APIRouter()
    for noun in NOUNS:
        router.include_router(noun.routes)
    return router
