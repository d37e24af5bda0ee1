"""The whole installation in numbers."""

from datetime import timedelta
from typing import Final

from api.context import Ctx
from api.conversations.access import ASKED, CurrentOperator
from api.conversations.shapes import Summary
from api.http.problems import problems
from api.http.route import router
from models.operations.summary import count_everything

DAY: Final = timedelta(hours=24)

routes = router("conversations: operator", "/admin")


@routes.get("/summary", response_model=Summary, responses=problems(*ASKED))
async def show_summary(ctx: Ctx, _: CurrentOperator) -> Summary:
    """Of all organisations, for the operator alone."""
    async with ctx.autocommit() as session:
        return Summary.model_validate(dict(await count_everything(session, ctx.now() - DAY)))
