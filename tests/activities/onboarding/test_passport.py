"""The passport: sealed, in parts, never of two clients."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text

from activities.clients.step import ClientStep, ClientSteps
from activities.onboarding.passport import PassportActivities
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import InvalidValue, NotFound
from domain.onboarding.refusals import PassportDuplicate
from models import Client, PassportRow
from models.clients.passport import SEALED
from models.kernel.columns import unseal
from tests.database_content import dump
from tests.factories import PASSPORT, make_manager
from tests.onboarding_setup import ZONE, OnboardingSetup, as_manager, refusal_of


async def passport(onboarding: OnboardingSetup, client: Client) -> dict[str, str | None]:
    async with onboarding.sessions() as session:
        row = await PassportRow.of_user(session, client.user_id)
    assert row is not None
    return dict(unseal(onboarding.keyring, SEALED, row.data))


async def test_a_passport_may_come_in_parts(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    half = dict(list(PASSPORT.items())[:4])
    applied = await onboarding.do(onboarding.passports.save_passport, client, half)
    assert not applied.state.passport_complete
    applied = await onboarding.do(onboarding.passports.save_passport, client, dict(list(PASSPORT.items())[4:]))
    assert applied.state.passport_complete
    assert await passport(onboarding, client) == PASSPORT


async def test_what_is_not_sent_is_kept_and_what_is_sent_replaces(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.do(onboarding.passports.save_passport, client, PASSPORT)
    await onboarding.do(onboarding.passports.save_passport, client, {"middle_name": None, "last_name": "Петрова"})
    assert await passport(onboarding, client) == {**PASSPORT, "middle_name": None, "last_name": "Петрова"}
    assert (await onboarding.card(client)).full_name == "Петрова Мария"


FOREIGN: dict[str, str | None] = {
    **PASSPORT,
    "document_type": "foreign_passport",
    "series": "FA",
    "number": "1234567",
    "issue_code": None,
}


async def test_an_internal_passport_without_a_division_code_is_complete(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    applied = await onboarding.do(onboarding.passports.save_passport, client, {**PASSPORT, "issue_code": None})
    assert applied.state.passport_complete


@pytest.mark.parametrize("document", ["foreign_passport", "residence_permit"])
async def test_a_document_without_a_series_is_complete_and_found_by_the_list(
    onboarding: OnboardingSetup, document: str
) -> None:
    client = await onboarding.new_client()
    fields = {**FOREIGN, "document_type": document, "series": None}
    applied = await onboarding.do(onboarding.passports.save_passport, client, fields)
    assert applied.state.passport_complete
    card = await onboarding.card(client)
    assert card.full_name == "Ёлкина Мария Петровна"
    assert "арбат" in card.search_text
    assert "1234567" not in card.search_text


async def test_another_type_of_document_leaves_nothing_that_it_cannot_have(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.do(onboarding.passports.save_passport, client, PASSPORT)
    applied = await onboarding.do(
        onboarding.passports.save_passport, client, {"document_type": "residence_permit", "series": "82"}
    )
    assert await passport(onboarding, client) == {
        **PASSPORT,
        "document_type": "residence_permit",
        "series": "82",
        "issue_code": None,
    }
    assert applied.state.passport_complete
    assert (await onboarding.events(client))[-1].details == {"fields": ["document_type", "issue_code", "series"]}
    applied = await onboarding.do(onboarding.passports.save_passport, client, {"document_type": "passport_rf"})
    assert not applied.state.passport_complete
    assert [row.number_index for row in await onboarding.rows(PassportRow)] == [None]


@pytest.mark.parametrize("change", [{"number": "FA12"}, {"series": "45"}])
async def test_a_value_that_the_stored_type_cannot_have_is_refused_and_kept_nowhere(
    onboarding: OnboardingSetup, change: dict[str, str]
) -> None:
    client = await onboarding.new_client()
    await onboarding.do(onboarding.passports.save_passport, client, PASSPORT)
    refusal = await onboarding.refused(InvalidValue, onboarding.passports.save_passport, client, change)
    assert isinstance(refusal, InvalidValue)
    assert [error["loc"] for error in refusal.errors] == [["body", *change]]
    assert await passport(onboarding, client) == PASSPORT


async def test_the_same_foreign_document_typed_in_other_letters_is_a_double(onboarding: OnboardingSetup) -> None:
    first, second, third = [await onboarding.new_client() for _ in range(3)]
    await onboarding.do(onboarding.passports.save_passport, first, {**FOREIGN, "series": "MP"})
    await onboarding.refused(PassportDuplicate, onboarding.passports.save_passport, second, {**FOREIGN, "series": "МР"})
    permit = {**FOREIGN, "document_type": "residence_permit", "series": "MP"}
    await onboarding.do(onboarding.passports.save_passport, third, permit)


async def test_naming_the_type_that_always_was_outdates_no_contract(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    applied = await onboarding.do(onboarding.passports.save_passport, client, {"document_type": "passport_rf"})
    assert applied.state.contract is not None
    assert not applied.state.contract.outdated


async def test_the_trail_names_the_fields_and_not_the_values(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.do(onboarding.passports.save_passport, client, PASSPORT)
    await onboarding.do(onboarding.passports.save_passport, client, {"number": "837261"})
    assert (await onboarding.events(client))[-1].details == {"fields": ["number"]}


@pytest.mark.parametrize(("change", "outdated"), [({}, False), ({"issued_by": "УВД Твери"}, True)])
async def test_only_a_changed_passport_outdates_the_contract(
    onboarding: OnboardingSetup, change: dict[str, str], outdated: bool
) -> None:
    client = await onboarding.offered()
    same = await passport(onboarding, client)
    applied = await onboarding.do(onboarding.passports.save_passport, client, {**same, **change})
    assert applied.state.contract is not None
    assert applied.state.contract.outdated is outdated


async def test_a_number_that_another_client_has_is_refused_and_names_nobody(onboarding: OnboardingSetup) -> None:
    first, second = await onboarding.new_client(), await onboarding.new_client()
    await onboarding.do(onboarding.passports.save_passport, first, PASSPORT)
    command = await onboarding.command(second, {**PASSPORT, "last_name": "Иванова"})
    before = await dump(onboarding.sessions)
    refusal = await onboarding.refuses(PassportDuplicate, onboarding.passports.save_passport, command)
    assert await dump(onboarding.sessions) == before
    assert refusal.extra == {}
    assert "Ёлкина" not in refusal.detail


async def test_the_same_client_may_save_his_number_again(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    for _ in range(2):
        await onboarding.do(onboarding.passports.save_passport, client, PASSPORT)
    assert len(await onboarding.rows(PassportRow)) == 1


async def test_a_corrected_number_is_free_again(onboarding: OnboardingSetup) -> None:
    first, second = await onboarding.new_client(), await onboarding.new_client()
    await onboarding.do(onboarding.passports.save_passport, first, PASSPORT)
    await onboarding.do(onboarding.passports.save_passport, first, {"number": "654321"})
    await onboarding.do(onboarding.passports.save_passport, second, PASSPORT)
    assert len({row.number_index for row in await onboarding.rows(PassportRow)}) == 2


async def test_two_without_a_number_are_no_doubles(onboarding: OnboardingSetup) -> None:
    for _ in range(2):
        await onboarding.do(
            onboarding.passports.save_passport, await onboarding.new_client(), {"last_name": "Ким", "series": "4510"}
        )
    assert [row.number_index for row in await onboarding.rows(PassportRow)] == [None, None]


def in_worker(onboarding: OnboardingSetup, *key_ids: str) -> PassportActivities:
    """The family in a worker that has these keys and writes with the first."""
    keyring = Keyring({key_id: onboarding.keyring.keys[key_id] for key_id in key_ids}, key_ids[0])
    return PassportActivities(ClientSteps(onboarding.sessions, keyring, ZONE, onboarding.clock))


async def test_a_number_stored_under_an_older_key_is_found_after_the_rotation(onboarding: OnboardingSetup) -> None:
    first, second = await onboarding.new_client(), await onboarding.new_client()
    await onboarding.do(in_worker(onboarding, "k1", "k2").save_passport, first, PASSPORT)
    await onboarding.refused(PassportDuplicate, onboarding.passports.save_passport, second, PASSPORT)


async def test_a_passport_saved_after_the_rotation_is_written_under_the_new_key(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.do(in_worker(onboarding, "k1", "k2").save_passport, client, PASSPORT)
    await onboarding.do(onboarding.passports.save_passport, client, {"middle_name": None})
    [row] = await onboarding.rows(PassportRow)
    assert row.number_index == onboarding.keyring.blind_index("users_passports.number", "4510123456")


@pytest.mark.parametrize(
    "keys", [("k2",), ("k2", "k1"), ("k1", "k2")], ids=["the only key", "the same key", "a key being rotated"]
)
async def test_of_two_transactions_with_one_number_the_second_is_refused(
    onboarding: OnboardingSetup, keys: tuple[str, ...]
) -> None:
    """The second looks while the first has written and not yet committed."""
    family = in_worker(onboarding, *sorted(keys, reverse=True))
    first, second = await onboarding.new_client(), await onboarding.new_client()
    written, may_commit = asyncio.Event(), asyncio.Event()

    async def save_and_wait(step: ClientStep) -> None:
        await family._save_passport(step)
        written.set()
        await may_commit.wait()

    slow = asyncio.create_task(onboarding.steps.apply(await onboarding.command(first, PASSPORT), save_and_wait))
    await written.wait()
    command = replace(
        await onboarding.command(second, PASSPORT), actor=as_manager(await make_manager(onboarding.sessions))
    )
    quick = asyncio.create_task(refusal_of(in_worker(onboarding, *keys).save_passport, command))
    await _somebody_waits_for_a_lock(onboarding, quick)
    may_commit.set()
    await slow
    assert (await quick).code == PassportDuplicate.code
    assert len(await onboarding.rows(PassportRow)) == 1


async def _somebody_waits_for_a_lock(onboarding: OnboardingSetup, task: asyncio.Task[object]) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(10), onboarding.sessions() as session:
        connection = await session.connection()
        while not task.done() and not (await connection.execute(waiting)).scalar_one():
            await connection.rollback()


async def test_a_photo_points_to_what_was_accepted_for_the_command(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    command = await onboarding.command(client, {"file_key": "uploads/1.jpg"})
    applied = await onboarding.twice(lambda: onboarding.passports.record_passport_photo(command))
    [row] = await onboarding.rows(PassportRow)
    assert row.photo_key == f"photos/{command.draft_id}.jpg"
    assert applied.trash == ()


async def test_a_new_photo_throws_the_old_one_away_also_when_the_answer_was_lost(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    first = await onboarding.command(client, {"file_key": "uploads/1.jpg"})
    await onboarding.passports.record_passport_photo(first)
    applied = await onboarding.do(onboarding.passports.record_passport_photo, client, {"file_key": "uploads/2.jpg"})
    assert applied.trash == (f"photos/{first.draft_id}.jpg",)
    applied = await onboarding.do(onboarding.passports.remove_passport_photo, client)
    assert len(applied.trash) == 1
    assert [row.photo_key for row in await onboarding.rows(PassportRow)] == [None]


async def test_a_photo_is_no_part_of_the_contract(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    applied = await onboarding.do(onboarding.passports.record_passport_photo, client, {"file_key": "uploads/1.jpg"})
    assert applied.state.out_for_signature


async def test_there_is_no_photo_to_remove(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.refused(NotFound, onboarding.passports.remove_passport_photo, client)
    await onboarding.do(onboarding.passports.save_passport, client, PASSPORT)
    await onboarding.refused(NotFound, onboarding.passports.remove_passport_photo, client)
