"""Nobody is left out: users get a card, cards get a workflow."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.operations.adoption import BATCH, AdoptionActivities
from domain.clients.status import ClientStatus
from models import Client, User
from models.people.organisation import FIRST
from tests.factories import make_user
from tests.onboarding_setup import OnboardingSetup


async def test_a_user_without_a_card_gets_one_and_a_workflow(onboarding: OnboardingSetup) -> None:
    user = await make_user(onboarding.sessions, name="Пётр Старый")
    assert await onboarding.adoption.adopt_clients() == 1
    [card] = await onboarding.rows(Client)
    assert (card.user_id, card.organisation_id, card.status) == (user.id, FIRST, ClientStatus.NEW)
    assert (card.assigned_manager_id, card.created_at) == (None, user.created_at)
    assert "петр старый" in card.search_text
    assert onboarding.begun == [card.id]


async def test_a_user_of_the_older_product_without_a_time_is_adopted_now(
    onboarding: OnboardingSetup, owner_engine: AsyncEngine
) -> None:
    await make_user(onboarding.sessions)
    async with owner_engine.begin() as connection:
        await connection.execute(text("ALTER TABLE users ALTER created_at DROP NOT NULL"))
        await connection.execute(text("UPDATE users SET created_at = NULL"))
    await onboarding.adoption.adopt_clients()
    assert [card.created_at for card in await onboarding.rows(Client)] == [onboarding.clock()]
    async with owner_engine.begin() as connection:
        await connection.execute(text("DELETE FROM manager_clients"))
        await connection.execute(text("DELETE FROM users"))
        await connection.execute(text("ALTER TABLE users ALTER created_at SET NOT NULL"))


async def test_a_card_whose_workflow_never_ran_is_begun_until_it_did(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    for _ in range(2):
        assert await onboarding.adoption.adopt_clients() == 1
    await onboarding.state(client)
    assert await onboarding.adoption.adopt_clients() == 0
    assert onboarding.begun == [client.id, client.id]


async def test_a_repeated_adoption_makes_no_second_card(onboarding: OnboardingSetup) -> None:
    await make_user(onboarding.sessions)
    for _ in range(2):
        await onboarding.adoption.adopt_clients()
    assert len(await onboarding.rows(Client)) == 1


async def test_the_oldest_are_begun_first_and_what_is_left_later(onboarding: OnboardingSetup) -> None:
    at = onboarding.clock()
    async with onboarding.sessions.begin() as session:
        users = [User(phone=f"9{number:09}", name=f"{number}") for number in range(BATCH + 3)]
        session.add_all(users)
        await session.flush()
        session.add_all(
            Client(
                organisation_id=FIRST,
                user_id=user.id,
                status=ClientStatus.NEW,
                created_at=at - timedelta(minutes=number),
            )
            for number, user in enumerate(users)
        )
    assert await onboarding.adoption.adopt_clients() == BATCH
    cards = {card.id: card.created_at for card in await onboarding.rows(Client)}
    begun = [cards[client_id] for client_id in onboarding.begun]
    assert begun == sorted(begun)
    for client_id in onboarding.begun.copy():
        await onboarding.cards.load_onboarding(client_id)
    assert await onboarding.adoption.adopt_clients() == 3


async def test_while_temporal_does_not_answer_the_cards_are_made_and_the_next_try_begins_them(
    onboarding: OnboardingSetup,
) -> None:
    await make_user(onboarding.sessions)

    async def silent(_: object) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await AdoptionActivities(onboarding.sessions, onboarding.keyring, silent, onboarding.clock).adopt_clients()
    assert await onboarding.adoption.adopt_clients() == 1
    assert len(onboarding.begun) == 1
