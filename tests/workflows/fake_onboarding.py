"""Fake activities: the same names and types as the real ones, over cards in memory that remember what was asked."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from temporalio import activity

from activities.clients.command import ClientApplied, ClientCommand, ClientOutcome
from activities.deliveries.messages import DeliveryStanding
from domain.kernel.actor import Actor
from domain.kernel.refusal import NotFound, Refusal
from domain.onboarding.deadline import Deadline
from domain.onboarding.process import OnboardingState
from domain.people.refusals import WrongCode
from tests.workflows.arranged import Call
from tests.workflows.attempts import WorkflowClock
from tests.workflows.fake_card import FakeCard
from tests.workflows.fake_deliveries import FakeDelivery
from worker.subject import activities_of
from workflows.deliveries.start import delivery_workflow_id
from workflows.onboarding.start import onboarding_id


class FakeRows:
    """The cards of all clients, and the activities over them."""

    def __init__(self, clock: WorkflowClock) -> None:
        self.clock = clock
        self.cards: dict[UUID, FakeCard] = {}
        self.deliveries: dict[UUID, FakeDelivery] = {}
        self.swept: list[int] = []
        self.adopted: list[int] = []
        self.uploads: list[list[str]] = []
        """What is found abandoned, batch by batch."""
        self.upkeep: list[tuple[str, object]] = []

    def card(self, client_id: UUID) -> FakeCard:
        return self.cards.setdefault(client_id, FakeCard(client_id))

    def delivery(self, delivery_id: UUID) -> FakeDelivery:
        return self.deliveries.setdefault(delivery_id, FakeDelivery(delivery_id))

    def row_activities(self) -> list[Callable[..., Awaitable[Any]]]:
        return activities_of(FakeCore(self))

    def document_activities(self) -> list[Callable[..., Awaitable[Any]]]:
        return activities_of(FakeDocuments(self))

    def sealing_activities(self) -> list[Callable[..., Awaitable[Any]]]:
        return activities_of(FakeSealing(self))

    async def attempt(self, client_id: UUID, name: str, about: object = None) -> tuple[FakeCard, datetime]:
        """Remember it, wait where a test wants to, fail as it arranged."""
        card = self.cards.get(client_id)
        if card is None or card.deleted:
            raise NotFound("Клиент не найден.")
        at = await self.clock(onboarding_id(client_id))
        card.calls.append(Call(name, at, about))
        card.news.set()
        if name in card.gates:
            await card.gates[name].wait()
        if name in card.broken:
            raise ConnectionError(name)
        if card.faults[name]:
            raise card.faults[name].popleft()
        return card, at

    async def apply(self, command: ClientCommand, *, takes: bool = True) -> ClientApplied:
        """Once per draft, as `Steps.apply` does it."""
        name = activity.info().activity_type
        card, at = await self.attempt(command.client_id, name, command)
        if command.draft_id not in card.answers:
            with _one_transaction(card):
                if takes:
                    card.take(command.actor, at)
                try:
                    card.answers[command.draft_id] = getattr(card, name)(command, at)
                except WrongCode as counted:
                    card.answers[command.draft_id] = counted
        card.news.set()
        return _answer(card, command)

    async def apply_photo(self, command: ClientCommand, key: str | None) -> ClientApplied:
        """Point the card to another object: the one before is trash."""
        name = activity.info().activity_type
        card, at = await self.attempt(command.client_id, name, command)
        trash: tuple[str, ...] = ()
        if command.draft_id not in card.answers:
            with _one_transaction(card):
                card.take(command.actor, at)
                trash = card.show_photo(key)
            card.answers[command.draft_id] = ClientOutcome()
        return replace(_answer(card, command), trash=trash)


class FakeCore:
    """What the core queue does; `at` is never asked of the machine's clock."""

    def __init__(self, rows: FakeRows) -> None:
        self.rows = rows

    @activity.defn
    async def load_onboarding(self, client_id: UUID) -> OnboardingState:
        card, _ = await self.rows.attempt(client_id, "load_onboarding")
        return card.state()

    @activity.defn
    async def save_profile(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command)

    @activity.defn
    async def save_passport(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command)

    @activity.defn
    async def record_passport_photo(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply_photo(command, f"photos/{command.draft_id}.jpg")

    @activity.defn
    async def remove_passport_photo(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply_photo(command, None)

    @activity.defn
    async def add_device(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command)

    @activity.defn
    async def change_device(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command)

    @activity.defn
    async def remove_device(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command)

    @activity.defn
    async def record_device_photo(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command)

    @activity.defn
    async def remove_device_photo(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command)

    @activity.defn
    async def apply_tariff(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command)

    @activity.defn
    async def draft_contract(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command)

    @activity.defn
    async def send_contract(self, client_id: UUID, contract_id: UUID, actor: Actor) -> ClientApplied:
        card, at = await self.rows.attempt(client_id, "send_contract", contract_id)
        outcome = card.send(contract_id, at)
        return ClientApplied(card.state(), outcome)

    @activity.defn
    async def request_code(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command)

    @activity.defn
    async def agree(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command, takes=False)

    @activity.defn
    async def sign_contract(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command)

    @activity.defn
    async def void_contract(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command)

    @activity.defn
    async def decline_contract(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command, takes=False)

    @activity.defn
    async def confirm_payment(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command)

    @activity.defn
    async def bill(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command)

    @activity.defn
    async def release_client(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command, takes=False)

    @activity.defn
    async def take_over_client(self, command: ClientCommand) -> ClientApplied:
        return await self.rows.apply(command, takes=False)

    @activity.defn
    async def fall_due(self, client_id: UUID, deadline: Deadline) -> ClientApplied:
        card, at = await self.rows.attempt(client_id, "fall_due", deadline)
        card.fall_due(deadline, at)
        card.news.set()
        return ClientApplied(card.state(), ClientOutcome())

    @activity.defn
    async def start_deliveries(self, delivery_ids: list[UUID]) -> None:
        card, _ = await self.rows.attempt(_client_of_this(), "start_deliveries", list(delivery_ids))
        card.undelivered = tuple(one for one in card.undelivered if one not in delivery_ids)
        card.news.set()

    @activity.defn
    async def sweep_deliveries(self) -> int:
        return self.rows.swept.pop(0)

    @activity.defn
    async def deliver(self, delivery_id: UUID) -> DeliveryStanding:
        delivery = self.rows.delivery(delivery_id)
        at = await self.rows.clock(delivery_workflow_id(delivery_id))
        delivery.calls.append(Call("deliver", at, delivery_id))
        delivery.news.set()
        if delivery.faults:
            raise delivery.faults.popleft()
        return delivery.standing(at)

    @activity.defn
    async def adopt_clients(self) -> int:
        return self.rows.adopted.pop(0)

    @activity.defn
    async def delete_leftovers(self) -> int:
        self.rows.upkeep.append(("delete_leftovers", None))
        return 7

    @activity.defn
    async def abandoned_uploads(self) -> list[str]:
        return self.rows.uploads.pop(0) if self.rows.uploads else []

    @activity.defn
    async def forget_uploads(self, keys: list[str]) -> None:
        self.rows.upkeep.append(("forget_uploads", keys))


class FakeDocuments:
    """What the queue for slow work does."""

    def __init__(self, rows: FakeRows) -> None:
        self.rows = rows

    @activity.defn
    async def store_contract(self, contract_id: UUID) -> None:
        await self.rows.attempt(_client_of_this(), "store_contract", contract_id)

    @activity.defn
    async def accept_photo(self, command: ClientCommand) -> None:
        await self.rows.attempt(command.client_id, "accept_photo", command)

    @activity.defn
    async def delete_objects(self, keys: list[str]) -> None:
        if not _is_of_a_client():
            self.rows.upkeep.append(("delete_objects", keys))
            return
        card, _ = await self.rows.attempt(_client_of_this(), "delete_objects", keys)
        card.deleted_objects.update(keys)
        card.news.set()


class FakeSealing:
    """What the sealing process does."""

    def __init__(self, rows: FakeRows) -> None:
        self.rows = rows

    @activity.defn
    async def seal_trace(self, client_id: UUID, contract_id: UUID) -> ClientApplied:
        card, _ = await self.rows.attempt(client_id, "seal_trace", contract_id)
        card.unsealed = tuple(one for one in card.unsealed if one != contract_id)
        applied = ClientApplied(card.state(), ClientOutcome())
        card.news.set()
        return applied

    @activity.defn
    async def stamp_certificates(self) -> int:
        self.rows.upkeep.append(("stamp_certificates", None))
        return 0

    @activity.defn
    async def certify_signature(self, client_id: UUID, contract_id: UUID) -> ClientApplied:
        card, _ = await self.rows.attempt(client_id, "certify_signature", contract_id)
        card.certify(contract_id)
        applied = ClientApplied(card.state(), ClientOutcome())
        card.news.set()
        if "certified" in card.gates:
            await card.gates["certified"].wait()
        return applied


@contextmanager
def _one_transaction(card: FakeCard) -> Iterator[None]:
    """What is refused has not taken the client either."""
    before = card.manager_id, card.last_step_at
    try:
        yield
    except Refusal:
        card.manager_id, card.last_step_at = before
        raise


def _answer(card: FakeCard, command: ClientCommand) -> ClientApplied:
    answer = card.answers[command.draft_id]
    if isinstance(answer, Refusal):
        raise answer
    return ClientApplied(card.state(), answer)


def _is_of_a_client() -> bool:
    return activity.info().workflow_type == "OnboardingWorkflow"


def _client_of_this() -> UUID:
    return UUID((activity.info().workflow_id or "").removeprefix("onboarding-"))
