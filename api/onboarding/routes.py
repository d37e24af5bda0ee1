"""Routes of clients, their cards and the wizard."""

from typing import Final

from api.http.route import Routes
from api.onboarding import autosave, clients, contracts, history, rules, uploads
from api.onboarding.steps import billing, contract, devices, passport, payment, tariff

ROUTES: Final = Routes(
    manager=(
        rules.routes,
        clients.routes,
        history.routes,
        autosave.routes,
        passport.routes,
        devices.routes,
        tariff.routes,
        contract.routes,
        contracts.routes,
        payment.routes,
        billing.routes,
        uploads.routes,
    )
)
