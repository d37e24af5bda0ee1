"""The whole installation in numbers."""

from datetime import timedelta
from typing import Final

from api.context import Ctx
from api.problems import problems
from api.route import router
from api.staff.access import ASKED, CurrentOperator
from api.staff.shapes import Summary
from models.summary import count_everything

DAY: Final = timedelta(hours=24)

routes = router("conversations: operator", "/admin")


@routes.get("/summary", response_model=Summary, responses=problems(*ASKED))
async def show_summary(ctx: Ctx, _: CurrentOperator) -> Summary:
    """Of all organisations, for the operator alone."""
    async with ctx.autocommit() as session:
        return Summary.model_validate(dict(await count_everything(session, ctx.now() - DAY)))
