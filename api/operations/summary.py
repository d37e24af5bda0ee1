"""Totals of the installation."""

from datetime import timedelta
from typing import Final

from pydantic import Field

from api.context import Ctx
from api.http.problems import ASKED, problems
from api.http.route import router
from api.http.shapes import Shape
from api.people.access import CurrentOperator
from models.operations.summary import count_everything

DAY: Final = timedelta(hours=24)

routes = router("conversations: operator", "/admin")


class Summary(Shape):
    clients: int = Field(description="Organisations.")
    users: int = Field(description="Accounts of the staff.")
    bots: int
    avito_accounts: int
    dialogs: int
    messages_24h: int
    failed_24h: int
    auto_replies_24h: int


@routes.get("/summary", response_model=Summary, responses=problems(*ASKED))
async def show_summary(ctx: Ctx, _: CurrentOperator) -> Summary:
    """Of all organisations, for the operator alone."""
    async with ctx.autocommit() as session:
        return Summary.model_validate(dict(await count_everything(session, ctx.now() - DAY)))
