"""Routes of figures and the summary."""

from typing import Final

from api.http.route import Routes
from api.operations import figures, summary, trail_breaks

ROUTES: Final = Routes(manager=(figures.routes, trail_breaks.routes), staff=(summary.routes,))
