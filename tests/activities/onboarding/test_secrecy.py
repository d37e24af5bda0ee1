"""What must not be readable in the database is readable nowhere in it."""

from collections.abc import Iterator

from sqlalchemy import text

from domain.people.refusals import WrongCode
from models import SupportMessage
from models.kernel.columns import unseal
from models.support.ticket import BODY
from tests.database_content import without_ids
from tests.factories import PASSPORT
from tests.onboarding_setup import CODE, DEVICE, OnboardingSetup, as_client

SERIES, NUMBER, ISSUER = "4519", "837261", "ОВД Приметного района"
COLUMNS = text(
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
    "AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'bytea', 'ARRAY')"
)


async def everything(onboarding: OnboardingSetup) -> list[tuple[str, str | bytes]]:
    """Every text, document and byte string in every table, with the name of its column."""
    found: list[tuple[str, str | bytes]] = []
    async with onboarding.sessions() as session:
        connection = await session.connection()
        for table, column in (await connection.execute(COLUMNS)).all():
            values = await connection.execute(text(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'))
            for (value,) in values:
                found.append((f"{table}.{column}", value if isinstance(value, str | bytes) else repr(value)))
    return found


def places_of(word: str, values: list[tuple[str, str | bytes]]) -> Iterator[str]:
    """Where it stands in clear."""
    for place, value in values:
        if word in (value.decode("utf-8", "replace") if isinstance(value, bytes) else without_ids(value)):
            yield place


async def test_code_and_passport_are_in_clear_nowhere_in_the_database(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client(series=SERIES, number=NUMBER, issued_by=ISSUER)
    await onboarding.generate(client)
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    await onboarding.generate(client)
    waiting = await onboarding.command(client, {"code": CODE, **dict(PASSPORT), "series": SERIES, "number": NUMBER})
    await onboarding.wrong(client, WrongCode, "428572")
    await onboarding.sign(client, actor=as_client(client))
    await onboarding.seal_traces(client)
    contract = await onboarding.contract(client)
    await onboarding.certificates.certify_signature(client.id, contract.id)
    values = await everything(onboarding)
    assert waiting.draft_id
    assert len(values) > 200
    for secret in (CODE, SERIES, NUMBER, f"{SERIES}{NUMBER}", f"{SERIES} {NUMBER}", ISSUER, "428572", "770-001"):
        assert list(places_of(secret, values)) == []


async def test_the_search_itself_finds_what_is_there(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    number = (await onboarding.contract(client)).number
    values = await everything(onboarding)
    assert "manager_contracts.number" in set(places_of(number, values))
    assert "support_messages.body" in set(places_of(number, values))
    assert "audit_events.details" in set(places_of(number, values))


async def test_the_code_is_readable_only_where_the_client_alone_reads(onboarding: OnboardingSetup) -> None:
    await onboarding.offered()
    sealed = [message for message in await onboarding.rows(SupportMessage) if message.body_sealed is not None]
    assert [CODE in unseal(onboarding.keyring, BODY, message.body_sealed or b"") for message in sealed] == [True]
    assert all(CODE not in (message.body or "") for message in sealed)
