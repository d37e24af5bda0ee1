"""All routes of the staff's conversations."""

from typing import Final

from fastapi import APIRouter

from api.staff import accounts, admin, auth, bots, dialogs, export, master, organisation

NOUNS: Final = (auth, master, organisation, bots, accounts, dialogs, export, admin)


def build() -> APIRouter:
    router = APIRouter()
    for noun in NOUNS:
        router.include_router(noun.routes)
    return router
