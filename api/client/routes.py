"""Routes of the clients' app."""

from typing import Final

from api.client import (
    auth,
    confirmation,
    contract_file,
    contracts,
    invoices,
    support,
    telegram,
    uploads,
    user,
    verification,
)
from api.http.route import Routes

# Verification first, because its fixed path also matches a contract's id.
ROUTES: Final = Routes(
    client=(
        auth.routes,
        confirmation.routes,
        telegram.routes,
        user.routes,
        support.routes,
        verification.routes,
        contracts.routes,
        contract_file.routes,
        invoices.routes,
        uploads.routes,
    )
)
