"""Routes of managers in the support chats of their clients."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Response

from api.context import Ctx
from api.http.problems import problems
from api.http.route import Routes, router
from api.people.access import CurrentManager, caller_of
from api.support.messages import NO_TICKET, WRITES, MessageView, NewMessage, Writer, write_message
from api.writes.once import IdempotencyKey
from domain.kernel.refusal import found
from domain.onboarding.refusals import ClientNotTaken, ClientTaken
from models.kernel.upload import manager_place
from models.support.ticket import SupportTicket

routes = router("client: support", "/support")


async def clients_ticket(ticket_id: UUID, manager: CurrentManager, ctx: Ctx) -> SupportTicket:
    """The ticket of a client of the manager's organisation."""
    async with ctx.autocommit() as session:
        return found(await SupportTicket.of_organisation(session, ticket_id, manager.organisation_id), NO_TICKET)


ClientsTicket = Annotated[SupportTicket, Depends(clients_ticket)]


@routes.post(
    "/{ticket_id}/messages/support",
    status_code=201,
    response_model=MessageView,
    responses=problems(*WRITES, ClientTaken, ClientNotTaken),
    tags=["manager: support"],
)
async def write_as_support(
    asked: NewMessage, ticket: ClientsTicket, manager: CurrentManager, ctx: Ctx, key: IdempotencyKey = None
) -> Response:
    """Staff only, with the manager's token; into «Подписание договора» only the holder of the client."""
    writer = Writer(caller_of(manager), manager_place(manager.id), manager)
    return await write_message(ctx, asked, ticket, writer, key)


ROUTES: Final = Routes(client=(routes,))
