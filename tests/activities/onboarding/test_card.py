"""Contact data of the card, and who holds the client."""

import asyncio

import pytest

from domain.clients.status import ClientStatus
from domain.kernel.actor import Actor
from domain.kernel.refusal import InvalidValue
from models import ManagerMessage
from tests.factories import PASSPORT, make_client, make_user
from tests.onboarding_setup import PROFILE, OnboardingSetup, another_manager


async def test_a_saved_profile_starts_the_verification(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    applied = await onboarding.do(onboarding.cards.save_profile, client, PROFILE)
    card = await onboarding.card(client)
    assert applied.state.status is ClientStatus.IN_VERIFICATION
    assert {name: getattr(card, f"contact_{name}") for name in PROFILE} == PROFILE


async def test_a_profile_changes_the_card_and_not_the_clients_log_in(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    before = await onboarding.user(client)
    await onboarding.do(onboarding.cards.save_profile, client, PROFILE)
    assert await onboarding.user(client) == before


async def test_only_what_was_sent_changes_and_the_accounts_own_data_are_not_copied(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.do(onboarding.cards.save_profile, client, {"name": "Мария"})
    card, user = await onboarding.card(client), await onboarding.user(client)
    assert (card.contact_name, card.contact_phone, card.contact_email, card.contact_address) == ("Мария",) + (None,) * 3
    assert (card.contact(user).phone, card.contact(user).address) == (user.phone, user.address)


async def test_two_managers_windows_that_change_different_fields_lose_nothing(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.do(onboarding.cards.save_profile, client, PROFILE)
    commands = [await onboarding.command(client, sent) for sent in ({"name": "Анна"}, {"address": "г. Псков"})]
    await asyncio.gather(*(onboarding.cards.save_profile(command) for command in commands))
    card = await onboarding.card(client)
    assert (card.contact_name, card.contact_address, card.contact_phone) == ("Анна", "г. Псков", PROFILE["phone"])


@pytest.mark.parametrize(
    ("account", "sent", "field"),
    [
        ({"phone": None}, {"name": "Мария"}, "phone"),
        ({"name": None}, {"phone": "9161112233"}, "name"),
        ({"phone": "375291234567"}, {"name": "Мария"}, "phone"),
    ],
)
async def test_a_card_without_a_phone_or_a_name_is_refused_under_the_lock(
    onboarding: OnboardingSetup, account: dict[str, str | None], sent: dict[str, str], field: str
) -> None:
    user = await make_user(onboarding.sessions, **account)
    client = await make_client(onboarding.sessions, user)
    command = await onboarding.command(client, sent)
    refusal = await onboarding.refuses(InvalidValue, onboarding.cards.save_profile, command)
    assert [error["loc"] for error in refusal.extra["errors"]] == [["body", field]]  # type: ignore[attr-defined]
    assert (await onboarding.card(client)).status is ClientStatus.NEW


async def test_a_profile_saved_later_leaves_the_status(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    applied = await onboarding.do(onboarding.cards.save_profile, client, PROFILE)
    assert applied.state.status is ClientStatus.AWAITING_CONTRACT


@pytest.mark.parametrize(
    ("change", "outdated"), [({}, False), ({"address": "г. Тверь"}, True), ({"email": None}, True)]
)
async def test_only_a_changed_profile_outdates_the_contract(
    onboarding: OnboardingSetup, change: dict[str, str | None], outdated: bool
) -> None:
    client = await onboarding.offered()
    applied = await onboarding.do(onboarding.cards.save_profile, client, {**PROFILE, **change})
    assert applied.state.contract is not None
    assert applied.state.contract.outdated is outdated


async def test_the_card_is_found_by_what_was_saved(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.do(onboarding.cards.save_profile, client, {**PROFILE, "name": "Алёна", "address": "Псков"})
    await onboarding.do(onboarding.passports.save_passport, client, PASSPORT)
    found_by = (await onboarding.card(client)).search_text
    for word in ("алена", "9161112233", "maria@example.com", "псков", "елкина мария петровна", "арбат"):
        assert word in found_by


async def test_the_passport_number_is_not_searched_by(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.do(onboarding.passports.save_passport, client, {**PASSPORT, "series": "4519", "number": "837261"})
    found_by = (await onboarding.card(client)).search_text
    assert "837261" not in found_by
    assert "4519" not in found_by


async def test_a_client_given_back_is_nobodys_and_stays_where_he_was(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    applied = await onboarding.do(onboarding.cards.release_client, client)
    assert (applied.state.manager_id, applied.state.last_step_at) == (None, None)
    assert applied.state.status is ClientStatus.AWAITING_CONTRACT


async def test_a_client_given_back_may_be_taken_by_the_next(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    await onboarding.do(onboarding.cards.release_client, client)
    other = await another_manager(onboarding)
    applied = await onboarding.do(onboarding.cards.save_profile, client, PROFILE, other)
    assert applied.state.manager_id == other.id


async def test_a_take_over_is_on_record_with_whom_it_was_taken_from_and_why(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    other = await another_manager(onboarding)
    onboarding.clock.advance(onboarding.contracts.terms.offer)
    applied = await onboarding.do(onboarding.cards.take_over_client, client, {"reason": "Коллега заболел"}, other)
    assert (applied.state.manager_id, applied.state.last_step_at) == (other.id, onboarding.clock())
    event = (await onboarding.events(client))[-1]
    assert (event.verb, event.details, event.actor_id) == (
        "client-taken-over",
        {"before": str(onboarding.manager.id)},
        other.id,
    )
    [notice] = await onboarding.rows(ManagerMessage)
    assert notice.body == "Клиент взят другим менеджером. Причина: Коллега заболел"


async def test_a_free_client_may_be_taken_over_too(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    applied = await onboarding.do(onboarding.cards.take_over_client, client, {"reason": "Мой клиент"})
    assert applied.state.manager_id == onboarding.manager.id
    assert (await onboarding.events(client))[-1].details == {"before": None}


async def test_notices_about_one_client_stand_in_one_log(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    actors: list[Actor] = [onboarding.manager, await another_manager(onboarding), onboarding.manager]
    for actor in actors:
        await onboarding.do(onboarding.cards.take_over_client, client, {"reason": "Смена"}, actor)
    notices = await onboarding.rows(ManagerMessage)
    assert len(notices) == 3
    assert len({notice.thread_id for notice in notices}) == 1


async def test_registration_makes_no_ticket(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client()
    assert (await onboarding.card(client)).support_ticket_id is None
