"""Routes of dialogs, and the stream of live events."""

from typing import Final

from api.conversations import dialogs, events, export
from api.http.route import Routes

ROUTES: Final = Routes(staff=(dialogs.routes, events.routes, export.routes))
