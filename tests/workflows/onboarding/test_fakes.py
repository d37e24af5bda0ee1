"""The fake activities of onboarding leave a client where the real ones do, step by step."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from temporalio.testing import ActivityEnvironment

from activities.clients.command import ClientCommand
from activities.kernel.command import Applied
from domain.clients.status import ClientStatus
from domain.contracts.status import ContractStatus
from domain.kernel.actor import Actor
from domain.kernel.refusal import NotFound, Refusal
from domain.onboarding.deadline import Deadline, Due, deadlines
from domain.onboarding.process import OnboardingState
from domain.onboarding.refusals import ClientTaken
from domain.people.refusals import CodeExpired, CodeLocked, WrongCode
from models import Client, Device
from tests.factories import BASIC, FAMILY, PASSPORT, make_manager
from tests.onboarding_setup import CODE, DEVICE, ORIGIN, PROFILE, WRONG, OnboardingSetup, as_client, as_manager, entered
from tests.workflows.fake_card import RIGHT_CODE
from tests.workflows.fake_onboarding import FakeCore, FakeDocuments, FakeRows, FakeSealing
from worker.subject import activities_of
from workflows.onboarding.start import onboarding_id

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
REASON = {"reason": "Так вышло"}
MINUTE = timedelta(minutes=1)


class BothActivities:
    """One client in real rows and in the fake ones; each step goes through both, which answer the same after it."""

    def __init__(self, real: OnboardingSetup, client: Client) -> None:
        self.real, self.client = real, client
        self.rows = FakeRows(self.now)
        self.card = self.rows.card(client.id)
        self.fakes = _by_name(FakeCore(self.rows), FakeDocuments(self.rows), FakeSealing(self.rows))
        self.reals = _by_name(
            *(real.cards, real.passports, real.devices, real.tariffs, real.codes, real.contracts, real.pep),
            *(real.payments, real.invoices, real.due, real.rendering, real.sealing, real.certificates),
        )

    async def now(self, _workflow_id: str) -> datetime:
        return self.real.clock()

    @property
    def state(self) -> OnboardingState:
        return self.card.state()

    # Steps.

    async def step(
        self, name: str, payload: dict[str, Any] | None = None, by: Actor | None = None, fake: Any = None
    ) -> None:
        """A minute after the step before it; `fake` is the payload for the fake, where that is another one."""
        await self._both(name, await self._command(payload, by, fake))

    async def refused(
        self, kind: type[Refusal], name: str, payload: dict[str, Any], by: Actor | None = None, fake: Any = None
    ) -> None:
        """In both for the same reason and with the same details; and what it leaves behind is the same."""
        command = await self._command(payload, by, fake)
        with pytest.raises(kind) as real:
            await self.reals[name](command)
        with pytest.raises(kind) as fakes:
            await self._fake(name, command)
        assert fakes.value.extra == real.value.extra
        await self.is_the_same()

    async def generate(self) -> None:
        """Draft, render, send, as the workflow does it."""
        await self.step("draft_contract")
        contract = self.state.contract
        assert contract is not None
        if contract.status is ContractStatus.DRAFT:
            await self._both("store_contract", contract.id)
            await self._both("send_contract", self.client.id, contract.id, self.real.manager)

    async def sign(self, by: Actor | None = None) -> None:
        await self.step("sign_contract", dict(entered(self.client, CODE)), by, fake={"code": RIGHT_CODE})

    async def certify(self) -> None:
        for contract_id in self.state.unsealed:
            await self._both("seal_trace", self.client.id, contract_id)
        for contract_id in self.state.uncertified:
            await self._both("certify_signature", self.client.id, contract_id)

    async def falls_due(self, due: Due) -> None:
        """Each side meets its own deadline: ids and days of invoices are not the same."""
        theirs, ours = _coming(await self.real.state(self.client), due), _coming(self.state, due)
        self.real.clock.now = max(theirs.at, ours.at)
        real = await self.reals["fall_due"](self.client.id, theirs)
        fakes = await self._fake("fall_due", self.client.id, ours)
        assert comparable(fakes.state) == comparable(real.state)
        await self.is_the_same()

    async def fill_card(self) -> None:
        await self.step("save_profile", PROFILE)
        await self.step("save_passport", dict(PASSPORT))
        await self.step("add_device", DEVICE)
        await self.step("apply_tariff", {"device_count": 1, "tariff_id": str(BASIC)})

    async def is_the_same(self) -> None:
        """Field by field."""
        real = comparable(await self.real.state(self.client))
        fakes = comparable(self.state)
        assert asdict(fakes) == asdict(real)

    # How they are asked.

    async def _command(self, payload: dict[str, Any] | None, by: Actor | None, fake: Any) -> ClientCommand:
        self.real.clock.advance(MINUTE)
        command = await self.real.command(self.client, payload or {}, by)
        self.card.drafts[command.draft_id] = fake or payload or {}
        return command

    async def _both(self, name: str, *arguments: Any) -> None:
        """Each of them twice, as after a kill."""
        for _ in range(2):
            real = await self.reals[name](*arguments)
            fakes = await self._fake(name, *arguments)
            if isinstance(real, Applied):
                assert comparable(fakes.state) == comparable(real.state)
                assert fakes.outcome == real.outcome
            await self.is_the_same()

    async def _fake(self, name: str, *arguments: Any) -> Any:
        inside = ActivityEnvironment()
        inside.info = replace(
            inside.info,
            activity_type=name,
            workflow_id=onboarding_id(self.client.id),
            workflow_type="OnboardingWorkflow",
        )
        return await inside.run(self.fakes[name], *arguments)


def _by_name(*families: object) -> dict[str, Callable[..., Awaitable[Any]]]:
    return {method.__name__: method for family in families for method in activities_of(family)}


def _coming(state: OnboardingState, due: Due) -> Deadline:
    return next(one for one in deadlines(state) if one.due is due)


def comparable(state: OnboardingState) -> OnboardingState:
    """Without what legitimately differs: the contract's number, ids and days of invoices, the time of the reading.

    Copies of a signature wait for their delivery in real rows only.
    """
    contract = state.contract and replace(state.contract, number="")
    nowhere = UUID(int=0)
    invoices = tuple(replace(one, id=nowhere, remind_at=EPOCH, overdue_at=EPOCH) for one in state.invoices)
    return replace(state, contract=contract, invoices=invoices, undelivered=(), as_of=None)


@pytest.fixture
async def both(onboarding: OnboardingSetup) -> BothActivities:
    both = BothActivities(onboarding, await onboarding.new_client())
    await both.is_the_same()
    return both


async def test_an_onboarding_without_detours(both: BothActivities) -> None:
    await both.fill_card()
    await both.step("record_passport_photo")
    await both.step("record_passport_photo")
    await both.generate()
    await both.generate()
    await both.sign()
    await both.certify()
    await both.step("confirm_payment", {"amount": None})
    assert both.state.status is ClientStatus.PROCESSED


async def test_a_bill_that_no_contract_asked_for_is_not_waited_for(both: BothActivities) -> None:
    await both.fill_card()
    await both.generate()
    await both.sign()
    number = (await both.real.contract(both.client)).number
    due = (both.real.clock() + timedelta(days=30)).date().isoformat()
    bill = {"contract_number": number, "amount": 5000, "description": "Доставка", "due_date": due}
    await both.step("bill", bill)
    await both.step("confirm_payment", {"amount": None})
    assert (both.state.status, len(both.state.invoices)) == (ClientStatus.PROCESSED, 1)
    await both.step("confirm_payment", {"amount": None})
    assert both.state.invoices == ()


async def test_versions_that_are_void(both: BothActivities) -> None:
    await both.fill_card()
    await both.generate()
    await both.step("void_contract", REASON)
    await both.generate()
    await both.step("save_passport", {"last_name": "Новикова"})
    assert both.state.contract is not None
    assert both.state.contract.outdated
    await both.generate()
    await both.step("decline_contract", REASON, as_client(both.client))
    await both.generate()
    assert both.state.contract is not None
    assert both.state.contract.version == 4


async def test_a_changed_card_outdates_its_contract(both: BothActivities) -> None:
    await both.fill_card()
    [device] = await both.real.rows(Device)
    changes: list[tuple[str, dict[str, Any]]] = [
        ("save_profile", {**PROFILE, "address": "г. Псков, ул. Новая, д. 7"}),
        ("apply_tariff", {"device_count": 1, "tariff_id": str(FAMILY)}),
        ("change_device", {"device_id": str(device.id), "changes": {"title": "X1"}}),
    ]
    for name, payload in changes:
        await both.generate()
        await both.step(name, payload)
        assert both.state.contract is not None
        assert both.state.contract.outdated
    await both.generate()


async def test_codes(both: BothActivities) -> None:
    await both.fill_card()
    await both.generate()
    wrong = dict(entered(both.client, WRONG))
    right = dict(entered(both.client, CODE))
    for _ in range(5):
        await both.refused(WrongCode, "sign_contract", wrong)
    await both.refused(CodeLocked, "sign_contract", right, fake={"code": RIGHT_CODE})
    await both.step("request_code")
    both.real.clock.advance(-MINUTE)
    await both.step("request_code")
    await both.falls_due(Due.CODE_EXPIRES)
    await both.refused(CodeExpired, "sign_contract", right, fake={"code": RIGHT_CODE})
    client = as_client(both.client)
    await both.step("agree", ORIGIN, client)
    await both.step("request_code", by=client)
    await both.sign(client)


async def test_an_amendment(both: BothActivities) -> None:
    await both.fill_card()
    await both.generate()
    await both.sign()
    await both.step("confirm_payment", {"amount": None})
    await both.step("add_device", DEVICE)
    assert both.state.status is ClientStatus.AWAITING_CONTRACT
    await both.generate()
    await both.sign()
    await both.certify()
    await both.step("confirm_payment", {"amount": None})


async def test_an_amendment_that_became_needless(both: BothActivities) -> None:
    await both.fill_card()
    await both.generate()
    await both.sign()
    await both.step("add_device", DEVICE)
    await both.generate()
    newest = str((await both.real.rows(Device))[-1].id)
    await both.step("remove_device", {"device_id": newest})
    assert both.state.status is ClientStatus.AWAITING_PAYMENT
    assert both.state.signed


async def test_deadlines_of_an_offer_and_of_its_client(both: BothActivities) -> None:
    await both.fill_card()
    await both.generate()
    offer = (Due.CODE_EXPIRES, Due.REMIND_CLIENT_OF_OFFER, Due.REMIND_MANAGER_OF_OFFER, Due.OFFER_EXPIRES)
    for due in (*offer, Due.OFFER_BACK):
        await both.falls_due(due)
    assert both.state.manager_id is None


async def test_deadlines_of_an_invoice(both: BothActivities) -> None:
    await both.fill_card()
    await both.generate()
    await both.sign()
    await both.falls_due(Due.REMIND_OF_INVOICE)
    await both.falls_due(Due.INVOICE_OVERDUE)
    await both.step("confirm_payment", {"amount": None})
    assert both.state.status is ClientStatus.PROCESSED


async def test_a_client_who_changes_hands(both: BothActivities) -> None:
    other = as_manager(await make_manager(both.real.sessions))
    await both.step("save_profile", PROFILE)
    await both.refused(ClientTaken, "save_passport", dict(PASSPORT), other)
    await both.step("release_client")
    await both.step("save_passport", dict(PASSPORT), other)
    await both.step("take_over_client", REASON)
    await both.refused(NotFound, "remove_passport_photo", {})
    await both.step("record_passport_photo")
    await both.step("remove_passport_photo")
