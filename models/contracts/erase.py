"""Erasure of a client's contracts, codes and accessions to the signature agreement."""

from typing import Final

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contracts.agreement import Accession
from models.contracts.code import Code
from models.contracts.contract import Contract
from models.contracts.opening import ContractOpening, VerifyLink
from models.kernel.subject import Person

ERASES: Final = (Code, ContractOpening, VerifyLink, Contract, Accession)

_FILES: Final = (Contract.file_key, Contract.certificate_key, Contract.stamped_key)


async def erase(session: AsyncSession, person: Person) -> set[str]:
    """Delete them all; returns the keys of their PDFs and certificates.

    Raises IntegrityError, and nothing is erased, if the client has a signed contract, which the database refuses to
    delete. The retention time of contracts is the caller's responsibility.
    """
    connection = await session.connection()
    await connection.execute(delete(Code).where(col(Code.client_id) == person.client_id))
    contracts = delete(Contract).where(col(Contract.client_id) == person.client_id)
    files = await connection.execute(contracts.returning(*map(col, _FILES)))
    await connection.execute(delete(Accession).where(col(Accession.user_id) == person.user_id))
    return {key for row in files for key in row if key}
