"""Routes of signing in, sessions and organisations."""

from typing import Final

from api.http.route import Routes
from api.people import colleagues, manager_session, managers, master_bot, organisation, staff

ROUTES: Final = Routes(
    manager=(managers.routes, colleagues.routes),
    staff=(staff.routes, manager_session.routes, master_bot.routes, organisation.routes),
)
