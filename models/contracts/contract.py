"""Contracts with their frozen snapshot and the trace of the signature; signed rows are never deleted."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.contracts.signature import ConfirmChannel
from domain.contracts.status import GONE, ContractStatus, is_outdated
from domain.kernel import sizes
from models.clients.client import Client
from models.kernel.columns import choice, created, key, reference, sealed

SNAPSHOT = "manager_contracts.snapshot"
REASON = "manager_contracts.void_reason"
TRACE = "manager_contracts.trace"


class Contract(SQLModel, table=True):
    """`total_fee` is the amount of its invoice in kopecks; `sha256` is of the unsealed PDF that the client accepts.

    `trace` is the trace of the second version, encrypted; rows signed before have none. The sealing process writes
    `signature_hmac`, the stamp of the trace, the certificate and its stamped edition, each once. `stamped_at` and
    `stamped_by` are of the stamp that covers the whole certificate.
    """

    __tablename__ = "manager_contracts"
    __table_args__ = (
        Index(
            "uq_manager_contracts_open",
            "client_id",
            unique=True,
            postgresql_where=text("status IN ('draft', 'sent')"),
        ),
        Index(
            "ix_manager_contracts_unstamped",
            "id",
            postgresql_where=text("certificate_key IS NOT NULL AND stamped_at IS NULL AND trace IS NOT NULL"),
        ),
        Index("uq_manager_contracts_version", "client_id", "version", unique=True),
    )

    id: UUID = key()
    organisation_id: UUID = reference("organisations.id")
    client_id: UUID = reference("manager_clients.id", index=True)
    number: str = Field(max_length=32, unique=True)
    version: int = Field(sa_type=Integer)
    amendment_of_id: UUID | None = reference("manager_contracts.id", nullable=True)
    status: ContractStatus = choice(ContractStatus, "contract_status")
    card_version: int = Field(sa_type=Integer)
    content_digest: str = Field(max_length=64)
    snapshot: bytes = sealed(nullable=False)
    total_fee: int = Field(sa_type=BigInteger)
    file_key: str | None = Field(default=None, max_length=sizes.FILE_KEY)
    sha256: str | None = Field(default=None, max_length=64)
    size: int | None = Field(default=None, sa_type=Integer)
    offer_started_at: datetime | None = None
    offer_expires_at: datetime | None = None
    client_reminded_at: datetime | None = None
    manager_reminded_at: datetime | None = None
    wrong_tries: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})
    voided_at: datetime | None = None
    void_reason: bytes | None = sealed()
    signed_at: datetime | None = None
    signature_hash: str | None = Field(default=None, max_length=64)
    signature_hmac: str | None = Field(default=None, max_length=160)
    trace: bytes | None = sealed()
    trace_stamp: bytes | None = Field(default=None, sa_type=LargeBinary)
    trace_stamped_at: datetime | None = None
    trace_stamped_by: str | None = Field(default=None, max_length=sizes.LINE)
    pep_agreed_at: datetime | None = None
    agreement_version: str | None = Field(default=None, max_length=64)
    agreement_sha256: str | None = Field(default=None, max_length=64)
    attested_by_id: UUID | None = reference("manager_users.id", nullable=True)
    confirm_channel: ConfirmChannel | None = choice(ConfirmChannel, "confirm_channel", nullable=True)
    signed_ip: str | None = Field(default=None, max_length=64)
    signed_user_agent: str | None = Field(default=None, max_length=sizes.LONG_LINE)
    entered_by_id: UUID | None = reference("manager_users.id", nullable=True)
    entered_by_ip: str | None = Field(default=None, max_length=64)
    entered_by_user_agent: str | None = Field(default=None, max_length=sizes.LONG_LINE)
    payment_confirmed_at: datetime | None = None
    certificate_key: str | None = Field(default=None, max_length=sizes.FILE_KEY)
    certificate_sha256: str | None = Field(default=None, max_length=64)
    stamped_key: str | None = Field(default=None, max_length=sizes.FILE_KEY)
    stamped_sha256: str | None = Field(default=None, max_length=64)
    stamped_at: datetime | None = None
    stamped_by: str | None = Field(default=None, max_length=sizes.LINE)
    created_at: datetime = created()

    @property
    def newest_certificate(self) -> str | None:
        """Key of the stamped edition of the certificate, else of the first one."""
        return self.stamped_key or self.certificate_key

    def is_outdated(self, client: Client) -> bool:
        """Whether the card has changed since; for the newest contract in force."""
        return is_outdated(self.status, self.card_version, client.card_version, client.status)

    @staticmethod
    async def newest(session: AsyncSession, client_id: UUID) -> "Contract | None":
        """The newest contract that is not void or declined."""
        query = select(Contract).where(col(Contract.client_id) == client_id, col(Contract.status).not_in(GONE))
        return (await session.exec(query.order_by(col(Contract.version).desc()).limit(1))).first()

    @staticmethod
    async def all_of(session: AsyncSession, client_id: UUID) -> Sequence["Contract"]:
        """Newest first, void ones included."""
        query = select(Contract).where(col(Contract.client_id) == client_id).order_by(col(Contract.version).desc())
        return (await session.exec(query)).all()

    @staticmethod
    async def of_user(session: AsyncSession, user_id: UUID, limit: int) -> Sequence["Contract"]:
        """Newest first, void ones included."""
        query = select(Contract).join(Client, col(Client.id) == col(Contract.client_id))
        ordered = query.where(col(Client.user_id) == user_id).order_by(col(Contract.version).desc()).limit(limit)
        return (await session.exec(ordered)).all()

    @staticmethod
    async def owned(session: AsyncSession, contract_id: UUID, user_id: UUID) -> "Contract | None":
        query = select(Contract).join(Client, col(Client.id) == col(Contract.client_id))
        return (
            await session.exec(query.where(col(Contract.id) == contract_id, col(Client.user_id) == user_id))
        ).first()

    @staticmethod
    async def signed_by_number(session: AsyncSession, number: str) -> "Contract | None":
        query = select(Contract).where(col(Contract.number) == number, col(Contract.signed_at).is_not(None))
        return (await session.exec(query)).first()

    @staticmethod
    async def signed_by_digest(session: AsyncSession, sha256: str) -> "Contract | None":
        """The signed contract whose PDF or certificate, in one of its editions, has this digest."""
        digests = (Contract.sha256, Contract.certificate_sha256, Contract.stamped_sha256)
        file = or_(*(col(digest) == sha256 for digest in digests))
        query = select(Contract).where(file, col(Contract.signed_at).is_not(None)).limit(1)
        return (await session.exec(query)).first()

    @staticmethod
    async def without_stamp(session: AsyncSession, after: UUID, limit: int) -> Sequence[UUID]:
        """Certified contracts without a stamp over their certificate, in the order of ids; `after` all ids up to it."""
        query = select(Contract.id).where(
            col(Contract.certificate_key).is_not(None),
            col(Contract.stamped_at).is_(None),
            col(Contract.trace).is_not(None),
            col(Contract.id) > after,
        )
        return (await session.exec(query.order_by(col(Contract.id)).limit(limit))).all()


class ContractCounter(SQLModel, table=True):
    """The last ordinal of a prefix on a day; locked until the number is committed, so there are no gaps."""

    __tablename__ = "manager_contract_counters"

    prefix: str = Field(primary_key=True, max_length=4)
    day: date = Field(primary_key=True)
    last: int = Field(sa_type=Integer)

    @staticmethod
    async def next(session: AsyncSession, prefix: str, day: date) -> int:
        """The next ordinal; the counter's row stays locked until the transaction ends."""
        first = insert(ContractCounter).values(prefix=prefix, day=day, last=1)
        taken = first.on_conflict_do_update(
            index_elements=["prefix", "day"], set_={"last": col(ContractCounter.last) + 1}
        )
        connection = await session.connection()
        return int((await connection.execute(taken.returning(col(ContractCounter.last)))).scalar_one())
