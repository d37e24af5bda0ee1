"""Routes of bots and accounts, and the webhooks of both services."""

from typing import Final

from api.channels import accounts, bots, webhooks
from api.http.route import Routes

ROUTES: Final = Routes(staff=(bots.routes, accounts.routes), root=(webhooks.routes,))
