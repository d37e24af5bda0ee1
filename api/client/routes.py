"""All routes of the clients' app; mounted under `/api/v1`."""

from fastapi import APIRouter

from api.client import auth, contracts, invoices, support, uploads, user, verification

router = APIRouter()
for noun in (auth, user, support, verification, contracts, invoices, uploads):
    router.include_router(noun.router)
