"""All routes of the staff's conversations."""

from typing import Final

from fastapi import APIRouter

from api.staff import accounts, admin, auth, bots, dialogs, events, export, master, organisation, session

NOUNS: Final = (auth, session, master, organisation, bots, accounts, dialogs, events, export, admin)


def build() -> APIRouter:
    router = APIRouter()
    for noun in NOUNS:
        router.include_router(noun.routes)
    return router
