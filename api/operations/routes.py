"""Routes of figures and the summary."""

from typing import Final

from api.http.route import Routes
from api.operations import figures, summary

ROUTES: Final = Routes(manager=(figures.routes,), staff=(summary.routes,))
