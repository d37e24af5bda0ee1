"""The client's invoices."""

from typing import Annotated

from fastapi import Query

from api.client.access import CurrentUser
from api.context import Ctx
from api.http.problems import LISTING, problems
from api.http.route import router
from api.onboarding.shapes import InvoiceShape
from models import Invoice

routes = router("client: invoices")


class InvoiceView(InvoiceShape):
    pass


@routes.get("/invoices/my", responses=problems(*LISTING))
async def list_invoices(
    user: CurrentUser, ctx: Ctx, include_paid: bool = False, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[InvoiceView]:
    """Newest first; with `include_paid` also those that are paid or canceled."""
    async with ctx.autocommit() as session:
        found = await Invoice.of_user(session, user.id, settled=include_paid, limit=limit)
    return [InvoiceView.model_validate(one) for one in found]
