"""Everything that is stored about the signatures of one client, for the export of evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.clients.client import Client
from models.clients.trail import Event
from models.contracts.agreement import Accession
from models.contracts.code import Code
from models.contracts.contract import Contract
from models.contracts.opening import ContractOpening
from models.contracts.seal import SealCertificate
from models.deliveries.delivery import Delivery, DeliveryAttempt


@dataclass(frozen=True)
class Dossier:
    """Rows in the order of their times; `contracts` are the signed ones that were asked for."""

    client: Client
    contracts: Sequence[Contract]
    events: Sequence[Event]
    accessions: Sequence[Accession]
    codes: Sequence[Code]
    openings: Sequence[ContractOpening]
    deliveries: Sequence[Delivery]
    attempts: Sequence[DeliveryAttempt]
    seals: Sequence[SealCertificate]


async def freeze(session: AsyncSession) -> None:
    """All that the session reads is of one moment."""
    await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


async def find_client(session: AsyncSession, client_id: UUID | None, number: str) -> Client | None:
    """By id, or by the number of a contract."""
    if client_id is not None:
        return await session.get(Client, client_id)
    query = select(Client).join(Contract, col(Contract.client_id) == col(Client.id))
    return (await session.exec(query.where(col(Contract.number) == number))).first()


async def signed_contracts(session: AsyncSession, client_id: UUID, number: str | None) -> Sequence[Contract]:
    """Oldest first; only the one with that number, if one is given."""
    query = select(Contract).where(col(Contract.client_id) == client_id, col(Contract.signed_at).is_not(None))
    if number is not None:
        query = query.where(col(Contract.number) == number)
    return (await session.exec(query.order_by(col(Contract.version)))).all()


async def read_dossier(session: AsyncSession, client: Client, contracts: Sequence[Contract]) -> Dossier:
    ids = [contract.id for contract in contracts]
    accessions = select(Accession).where(col(Accession.user_id) == client.user_id)
    codes = select(Code).where(col(Code.contract_id).in_(ids))
    openings = select(ContractOpening).where(col(ContractOpening.contract_id).in_(ids))
    deliveries = select(Delivery).where(
        or_(col(Delivery.client_id) == client.id, col(Delivery.user_id) == client.user_id)
    )
    sent = (await session.exec(deliveries.order_by(col(Delivery.created_at), col(Delivery.id)))).all()
    attempts = select(DeliveryAttempt).where(col(DeliveryAttempt.delivery_id).in_([one.id for one in sent]))
    return Dossier(
        client=client,
        contracts=contracts,
        events=await Event.of_client(session, client.id),
        accessions=(await session.exec(accessions.order_by(col(Accession.agreed_at), col(Accession.id)))).all(),
        codes=(await session.exec(codes.order_by(col(Code.sent_at), col(Code.id)))).all(),
        openings=(await session.exec(openings.order_by(col(ContractOpening.first_at)))).all(),
        deliveries=sent,
        attempts=(await session.exec(attempts.order_by(col(DeliveryAttempt.at), col(DeliveryAttempt.id)))).all(),
        seals=await SealCertificate.all(session),
    )
