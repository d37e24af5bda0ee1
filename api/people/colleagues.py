"""The names of managers who work on clients."""

from uuid import UUID

from api.context import Ctx
from api.http.problems import ASKED, problems
from api.http.route import router
from api.http.shapes import Shape
from api.people.access import CurrentManager
from models.onboarding.colleagues import colleagues

routes = router("colleagues", "/colleagues")


class Colleague(Shape):
    id: UUID
    name: str


@routes.get("", response_model=list[Colleague], responses=problems(*ASKED))
async def list_of_colleagues(ctx: Ctx, manager: CurrentManager) -> list[Colleague]:
    """Everybody of the organisation with the onboarding right, the caller too, and whoever holds a client still."""
    async with ctx.autocommit() as session:
        return [Colleague.model_validate(dict(row)) for row in await colleagues(session, manager.organisation_id)]
