"""Erasure of a client's invoices."""

from typing import Final

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.billing.invoice import Invoice
from models.kernel.subject import Person

ERASES: Final = (Invoice,)


async def erase(session: AsyncSession, person: Person) -> set[str]:
    """Delete the client's invoices, open ones too; their retention is the caller's responsibility."""
    connection = await session.connection()
    await connection.execute(delete(Invoice).where(col(Invoice.client_id) == person.client_id))
    return set()
