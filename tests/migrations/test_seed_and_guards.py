"""What the first migration brings along, and what it forbids for ever."""

import asyncpg
import pytest
from sqlalchemy import create_mock_engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, select, text, update

from domain.contracts.status import ContractStatus
from domain.kernel.actor import SYSTEM
from domain.kernel.crypto import Keyring
from models import Client, Contract, Event, Organisation, Tariff
from models.kernel.database import Sessions
from models.people.organisation import FIRST
from tests import factories
from tests.clock import MONDAY_NOON
from tests.migrations.schema import run


async def test_onboarding_has_its_organisation_and_three_tariffs_one_of_them_free(sessions: Sessions) -> None:
    async with sessions() as session:
        organisation = await session.get_one(Organisation, FIRST)
        tariffs = await Tariff.offered(session, FIRST)

    assert organisation.name == "Привет"
    assert [(tariff.id, tariff.name, tariff.base_fee, tariff.extra_per_device) for tariff in tariffs] == [
        (factories.FREE, "Бесплатный", 0, 0),
        (factories.BASIC, "Базовый", 99_000, 100_000),
        (factories.FAMILY, "Семейный", 199_000, 80_000),
    ]
    assert all(tariff.notes for tariff in tariffs)


@pytest.fixture
async def client(sessions: Sessions, keyring: Keyring) -> Client:
    """A client whose trail has one event."""
    client = await factories.make_client(sessions)
    async with sessions.begin() as session:
        held = await session.get_one(Client, client.id)
        Event.add(session, keyring, held, SYSTEM, "registered", MONDAY_NOON, client.id)
    return client


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET verb = 'nothing happened'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
        "TRUNCATE manager_clients CASCADE",
    ],
)
async def test_what_happened_to_a_client_cannot_be_changed_or_removed_by_the_owner_of_the_tables(
    owner_url: str, sessions: Sessions, client: Client, statement: str
) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match=r"is append-only"):
        await run(owner_url, statement)

    async with sessions() as session:
        assert [event.verb for event in await Event.of_client(session, client.id)] == ["registered"]


@pytest.fixture
async def signed(sessions: Sessions, keyring: Keyring, client: Client) -> Contract:
    return await factories.make_contract(
        sessions, keyring, client, status=ContractStatus.SIGNED, signed_at=MONDAY_NOON, signature_hmac="k1:00"
    )


@pytest.fixture
async def unsealed(sessions: Sessions, keyring: Keyring, client: Client) -> Contract:
    """Signed, and what the sealing process adds is not there yet."""
    return await factories.make_contract(sessions, keyring, client, status=ContractStatus.SIGNED, signed_at=MONDAY_NOON)


MAY_CHANGE = {
    "certificate_key": "certificates/1.pdf",
    "certificate_sha256": "1" * 64,
    "payment_confirmed_at": MONDAY_NOON,
    "card_version": 7,
    "wrong_tries": 1,
    "client_reminded_at": MONDAY_NOON,
    "manager_reminded_at": MONDAY_NOON,
}


ONCE = {
    "signature_hmac": "k1:11",
    "trace_stamp": b"1",
    "trace_stamped_at": MONDAY_NOON,
    "trace_stamped_by": "TSA",
    "certificate_key": "certificates/1.pdf",
    "certificate_sha256": "1" * 64,
    "stamped_key": "certificates/1.stamped.pdf",
    "stamped_sha256": "2" * 64,
    "stamped_at": MONDAY_NOON,
    "stamped_by": "TSA",
}
"""What comes after the signature, once."""

OTHER_ONCE = {"trace_stamp": "'x'", "trace_stamped_at": "now()", "stamped_at": "now()"}


OTHER = {
    "VARCHAR": "'other'",
    "UUID": "gen_random_uuid()",
    "INTEGER": "99",
    "BIGINT": "99",
    "BYTEA": "'x'",
    "TIMESTAMP": "now()",
}
"""Another value than what stands there, by type; the guard speaks before references and closed sets are checked."""

DIALECT = create_mock_engine("postgresql+asyncpg://", lambda *_: None).dialect
COLUMNS = {
    column.name: str(column.type.compile(dialect=DIALECT)).split("(")[0].split(" ")[0]
    for column in SQLModel.metadata.tables["manager_contracts"].columns
    if column.name not in {*MAY_CHANGE, *ONCE}
}


@pytest.mark.parametrize("column", COLUMNS)
async def test_what_was_signed_does_not_change(sessions: Sessions, signed: Contract, column: str) -> None:
    statement = text(f"UPDATE manager_contracts SET {column} = {OTHER[COLUMNS[column]]} WHERE id = :id")
    with pytest.raises(IntegrityError, match="what was signed does not change"):
        async with sessions.begin() as session:
            await (await session.connection()).execute(statement, {"id": signed.id})


@pytest.mark.parametrize("column", ONCE)
async def test_what_comes_after_the_signature_is_written_once(
    database_url: str, sessions: Sessions, unsealed: Contract, column: str
) -> None:
    first = text(f"UPDATE manager_contracts SET {column} = :value WHERE id = :id")
    async with sessions.begin() as session:
        await (await session.connection()).execute(first, {"id": unsealed.id, "value": ONCE[column]})
    for again in ("NULL", OTHER_ONCE.get(column, "'other'")):
        with pytest.raises(
            asyncpg.IntegrityConstraintViolationError, match=f"{column} of a signed contract is written"
        ):
            await run(database_url, f"UPDATE manager_contracts SET {column} = {again}")


async def test_certificate_and_payment_come_after_the_signature(sessions: Sessions, signed: Contract) -> None:
    async with sessions.begin() as session:
        await session.exec(update(Contract).where(col(Contract.id) == signed.id).values(MAY_CHANGE))

    async with sessions() as session:
        after = (await session.exec(select(Contract).where(col(Contract.id) == signed.id))).one()
    assert {name: getattr(after, name) for name in MAY_CHANGE} == MAY_CHANGE


async def test_a_signed_contract_is_kept_for_ever(sessions: Sessions, signed: Contract) -> None:
    with pytest.raises(IntegrityError, match="kept for ever"):
        async with sessions.begin() as session:
            await session.delete(await session.get_one(Contract, signed.id))


async def test_an_unsigned_contract_may_still_change(sessions: Sessions, keyring: Keyring, client: Client) -> None:
    draft = await factories.make_contract(sessions, keyring, client)
    async with sessions.begin() as session:
        (await session.get_one(Contract, draft.id)).status = ContractStatus.VOID

    async with sessions() as session:
        assert (await session.get_one(Contract, draft.id)).status is ContractStatus.VOID
