"""A step is one transaction that happens once, however often and by however many it is tried."""

import asyncio
import json
from uuid import UUID, uuid4

from activities.clients.command import ClientCommand
from activities.clients.step import ClientStep
from activities.kernel.command import Applied
from domain.clients.status import ClientStatus
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import DraftGone, InvalidValue, NotFound
from domain.onboarding.refusals import CardChanged, ClientTaken
from domain.people.refusals import WrongCode
from models import Client, Draft, Event
from tests.database_content import count_of, dump, without_ids
from tests.factories import PASSPORT
from tests.onboarding_setup import (
    CODE,
    DEVICE,
    ORIGIN,
    PROFILE,
    OnboardingSetup,
    another_manager,
    as_client,
    refusal_of,
)


async def test_the_draft_loses_its_payload_in_the_transaction_that_uses_it(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    command = await onboarding.command(client, PROFILE)
    await onboarding.cards.save_profile(command)
    draft = await onboarding.row(Draft, command.draft_id)
    assert draft.payload is None
    assert draft.applied_at == onboarding.clock()


async def test_a_command_without_its_draft_is_refused(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.refuses(
        DraftGone, onboarding.cards.save_profile, ClientCommand(client.id, uuid4(), onboarding.manager)
    )


async def test_a_command_for_nobody_is_refused(onboarding: OnboardingSetup) -> None:
    command = ClientCommand(uuid4(), uuid4(), onboarding.manager)
    await onboarding.refuses(NotFound, onboarding.cards.save_profile, command)
    assert (await refusal_of(lambda one: onboarding.cards.load_onboarding(one.client_id), command)).code == "not-found"


async def test_the_first_step_takes_the_client_and_another_managers_write_changes_nothing(
    onboarding: OnboardingSetup,
) -> None:
    client = await onboarding.new_client()
    applied = await onboarding.do(onboarding.cards.save_profile, client, PROFILE)
    assert applied.state.manager_id == onboarding.manager.id
    assert applied.state.last_step_at == onboarding.clock()
    command = await onboarding.command(client, DEVICE, await another_manager(onboarding))
    before = await dump(onboarding.sessions)
    await onboarding.refuses(ClientTaken, onboarding.devices.add_device, command)
    assert await dump(onboarding.sessions) == before


async def test_a_write_for_an_older_card_changes_nothing_and_one_that_was_done_is_answered_for_ever(
    onboarding: OnboardingSetup,
) -> None:
    client = await onboarding.new_client()
    first, late = await expecting(onboarding, client, 0), await expecting(onboarding, client, 0)
    await onboarding.twice(lambda: onboarding.cards.save_profile(first))
    before = await dump(onboarding.sessions)
    refusal = await onboarding.refuses(CardChanged, onboarding.cards.save_profile, late)
    assert refusal.extra == {"card_version": 1}
    assert await dump(onboarding.sessions) == before
    await onboarding.cards.save_profile(await expecting(onboarding, client, 1))


async def expecting(onboarding: OnboardingSetup, client: Client, version: int) -> ClientCommand:
    """A command for the card of this version."""
    command = await onboarding.command(client, PROFILE)
    async with onboarding.sessions.begin() as session:
        (await session.get_one(Draft, command.draft_id)).expected_version = version
    return command


async def test_the_clients_own_step_takes_nobody(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    applied = await onboarding.do(onboarding.pep.agree, client, ORIGIN, as_client(client))
    assert applied.state.manager_id is None
    assert applied.state.last_step_at is None


async def test_of_two_managers_at_once_one_wins(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    other = await another_manager(onboarding)
    commands = [await onboarding.command(client, PROFILE, actor) for actor in (onboarding.manager, other)]
    ended = await asyncio.gather(*(onboarding.cards.save_profile(one) for one in commands), return_exceptions=True)
    assert {type(one) for one in ended} == {Applied, ClientTaken}
    assert (await onboarding.verbs(client)).count("profile-saved") == 1


async def test_thirty_tries_of_one_command_at_once_are_one_effect_with_one_answer(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    command = await onboarding.command(client, DEVICE)
    answers = await asyncio.gather(*(onboarding.devices.add_device(command) for _ in range(30)))
    assert all(answer == answers[0] for answer in answers)
    assert await count_of(onboarding.sessions, "manager_devices") == 1
    assert await onboarding.verbs(client) == ["client-taken", "device-added"]


async def test_a_refusal_without_an_effect_leaves_the_draft_for_another_try(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    command = await onboarding.command(client, {"device_count": 1, "tariff_id": None})
    await refusal_of(onboarding.tariffs.apply_tariff, command)
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    applied = await onboarding.twice(lambda: onboarding.tariffs.apply_tariff(command))
    assert applied.state.tariff_applied


async def test_the_trail_of_a_whole_onboarding_is_a_chain_without_personal_data(onboarding: OnboardingSetup) -> None:
    client = await onboarding.ready_client(devices=2, last_name="Тестовый-Приметный", number="837261")
    await onboarding.generate(client)
    await onboarding.wrong(client, WrongCode)
    await onboarding.sign(client)
    await onboarding.do(onboarding.payments.confirm_payment, client, {"amount": None})
    await onboarding.do(
        onboarding.cards.take_over_client, client, {"reason": "Отпуск"}, await another_manager(onboarding)
    )
    events = await onboarding.events(client)
    assert len(events) > 12
    assert_chained(events, onboarding.keyring)
    assert (await onboarding.card(client)).events_head == events[-1].hash
    told = without_ids(json.dumps([event.details for event in events], ensure_ascii=False))
    for secret in (*PASSPORT.values(), *PROFILE.values(), "837261", CODE, "Приметный", "Отпуск", *ORIGIN.values()):
        assert secret is not None
        assert secret not in told


async def test_a_changed_event_breaks_the_chain(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.do(onboarding.cards.save_profile, client, PROFILE)
    event = (await onboarding.events(client))[0]
    event.details = {"fields": ["other"]}
    assert event.link.hash(onboarding.keyring) != event.hash


async def test_who_did_what_stands_in_the_trail(onboarding: OnboardingSetup) -> None:
    client = await onboarding.offered()
    await onboarding.sign(client, actor=as_client(client))
    by = {event.verb: (event.actor_kind, event.actor_id) for event in await onboarding.events(client)}
    assert by["contract-drafted"] == (onboarding.manager.kind, onboarding.manager.id)
    assert by["contract-signed"] == (as_client(client).kind, client.user_id)


async def test_a_workflow_that_begins_notes_itself_once(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    state = await onboarding.twice(lambda: onboarding.state(client))
    assert (state.status, state.client_id) == (ClientStatus.NEW, client.id)
    seen = onboarding.clock()
    onboarding.clock.advance(onboarding.contracts.terms.offer)
    await onboarding.state(client)
    assert (await onboarding.card(client)).workflow_seen_at == seen


def assert_chained(events: list[Event], keyring: Keyring) -> None:
    previous: bytes | None = None
    for event in events:
        assert event.previous == previous
        assert event.link.hash(keyring) == event.hash
        previous = event.hash


async def test_an_id_for_a_purpose_is_the_same_in_every_try(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    command = await onboarding.command(client, PROFILE)
    seen: list[UUID] = []

    async def cut_off(step: ClientStep) -> None:
        seen.append(step.id_for("thing"))
        raise ConnectionError

    for _ in range(2):
        await asyncio.gather(onboarding.steps.apply(command, cut_off), return_exceptions=True)
    assert seen[0] == seen[1]


async def test_a_value_that_the_database_cannot_hold_is_refused_and_holds_nobody_up(
    onboarding: OnboardingSetup,
) -> None:
    client = await onboarding.new_client()
    command = await onboarding.command(client, {**PROFILE, "name": "И" * 201})
    before = await dump(onboarding.sessions)
    await onboarding.refuses(InvalidValue, onboarding.cards.save_profile, command)
    assert await dump(onboarding.sessions) == before
    await onboarding.do(onboarding.cards.save_profile, client, PROFILE)
