"""Messages to the client in the support chat, and to managers in the client's log."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.clients.step import ClientStep
from models import Client, ManagerMessage, ManagerThread, SupportMessage, SupportTicket
from models.kernel.columns import seal
from models.support.ticket import BODY, SIGNING, Author, TicketStatus


async def tell_client(step: ClientStep, purpose: str, body: str, *, secret: str | None = None) -> UUID:
    """Write to the ticket «Подписание договора», which the first message creates; returns the id of the message.

    `secret` is shown only to the client instead of `body`; it is stored sealed.
    """
    message = SupportMessage(
        id=step.id_for(f"message-{purpose}"),
        ticket_id=await signing_ticket(step.session, step.client, step.id_for("signing-ticket"), step.at),
        author=Author.SUPPORT,
        body=body,
        body_sealed=seal(step.keyring, BODY, secret) if secret is not None else None,
        created_at=step.at,
    )
    step.session.add(message)
    return message.id


async def tell_manager(step: ClientStep, body: str) -> None:
    """Write to the managers' log of this client."""
    thread = await ManagerThread.of_client(step.session, step.client.id)
    if thread is None:
        thread = ManagerThread(client_id=step.client.id, created_at=step.at)
        step.session.add(thread)
        await step.session.flush()
    step.session.add(
        ManagerMessage(
            id=step.id_for(f"notice-{body}"),
            thread_id=thread.id,
            manager_id=step.client.assigned_manager_id,
            body=body,
            created_at=step.at,
        )
    )


async def signing_ticket(session: AsyncSession, client: Client, new_id: UUID, at: datetime) -> UUID:
    """The ticket of codes and bills of a locked client; made with `new_id` if there is none."""
    if client.support_ticket_id is None:
        ticket = SupportTicket(
            id=new_id, user_id=client.user_id, subject=SIGNING, status=TicketStatus.OPEN, created_at=at
        )
        session.add(ticket)
        await session.flush()
        client.support_ticket_id = ticket.id
    return client.support_ticket_id
