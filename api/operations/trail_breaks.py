"""Broken trails, for owners and the operator."""

from typing import Final
from uuid import UUID

from pydantic import Field

from api.context import Ctx
from api.http.problems import ASKED, problems
from api.http.route import router
from api.http.shapes import Moment, Shape
from api.people.access import CurrentOwner
from domain.clients.trail import BreakKind
from domain.clients.wording import BREAKS
from models.operations.trails import newest_breaks

MOST: Final = 200

routes = router("evidence", "/evidence/breaks")


class TrailBreakView(Shape):
    client_id: UUID
    kind: BreakKind
    ordinal: int | None = Field(description="The first bad event, counted from 1; null: card or contract.")
    found_at: Moment
    detail: str


class TrailBreaks(Shape):
    items: list[TrailBreakView] = Field(description=f"The last found first, {MOST} at most.")


@routes.get("", response_model=TrailBreaks, responses=problems(*ASKED))
async def list_breaks(ctx: Ctx, owner: CurrentOwner) -> TrailBreaks:
    """Of the owner's organisation; of all organisations for the operator. None is ever removed."""
    async with ctx.autocommit() as session:
        found = await newest_breaks(session, None if owner.is_super_admin else owner.organisation_id, MOST)
    return TrailBreaks(
        items=[
            TrailBreakView(
                client_id=one.client_id,
                kind=one.kind,
                ordinal=one.ordinal,
                found_at=one.found_at,
                detail=BREAKS[one.kind],
            )
            for one in found
        ]
    )
