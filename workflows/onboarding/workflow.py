"""Onboarding of one client, from registration to the last invoice: updates, their validators, and deadlines."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.billing.invoice import InvoiceActivities
from activities.billing.payment import PaymentActivities
from activities.clients.command import ClientCommand, ClientOutcome
from activities.contracts.code import CodeActivities
from activities.contracts.contract import ContractActivities, RenderingActivities
from activities.contracts.signature import SignatureActivities
from activities.onboarding.card import OnboardingActivities
from activities.onboarding.device import DeviceActivities
from activities.onboarding.passport import PassportActivities
from activities.onboarding.tariff import TariffActivities
from domain.clients.status import ClientStatus
from domain.contracts.status import ContractStatus
from domain.kernel.actor import Actor
from domain.kernel.refusal import Refusal
from domain.onboarding import process as rules
from domain.onboarding.deadline import Deadline, next_deadline
from workflows.kernel.base import refusal_of
from workflows.kernel.names import DOCUMENTS_QUEUE
from workflows.kernel.policies import INTERACTIVE, RENDERING
from workflows.onboarding.process import Process
from workflows.onboarding.start import StartOnboarding

PAUSE_FOR_ERRANDS = timedelta(seconds=30)


@workflow.defn(failure_exception_types=[Refusal])
class OnboardingWorkflow(Process):
    """`onboarding-{client_id}`: orders the writes to one client; the workflow id is the lock.

    It ends when the client is processed and nothing is due; the next update starts it again from the rows.
    """

    @workflow.init
    def __init__(self, start: StartOnboarding) -> None:
        super().__init__(start.client_id, start.trash)

    @workflow.run
    async def run(self, start: StartOnboarding) -> str:  # noqa: ARG002  # used by `__init__`
        await self.load()
        while not self.gone:
            seen = self.version
            self.send_errands()
            deadline = next_deadline(self.known)
            if deadline is not None and deadline.at <= workflow.now():
                await self.meet(deadline)
            elif workflow.info().is_continue_as_new_suggested():
                await self.go_on_in_a_new_run()
            elif self.is_over(deadline):
                await workflow.wait_condition(workflow.all_handlers_finished)
                if self.version == seen:
                    return self.known.status.value
            else:
                await self.wait_for_change(seen, deadline)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return "unknown client"

    def is_over(self, deadline: Deadline | None) -> bool:
        return self.known.status is ClientStatus.PROCESSED and deadline is None and not self.errands

    async def go_on_in_a_new_run(self) -> None:
        """Continue as new; an errand that outlasts the pause is started again by the new run."""
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: not self.errands, timeout=PAUSE_FOR_ERRANDS)
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(StartOnboarding(self.client_id, tuple(self.trash)))

    # The card.

    @workflow.update
    async def save_profile(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(OnboardingActivities.save_profile, command, rules.may_write, command.actor)

    @workflow.update
    async def save_passport(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(PassportActivities.save_passport, command, rules.may_write, command.actor)

    @workflow.update
    async def attach_passport_photo(self, command: ClientCommand) -> ClientOutcome:
        return await self.step_with_photo(PassportActivities.record_passport_photo, command)

    @workflow.update
    async def remove_passport_photo(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(PassportActivities.remove_passport_photo, command, rules.may_write, command.actor)

    @workflow.update
    async def add_device(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(DeviceActivities.add_device, command, rules.may_write, command.actor)

    @workflow.update
    async def change_device(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(DeviceActivities.change_device, command, rules.may_write, command.actor)

    @workflow.update
    async def remove_device(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(DeviceActivities.remove_device, command, rules.may_write, command.actor)

    @workflow.update
    async def attach_device_photo(self, command: ClientCommand) -> ClientOutcome:
        return await self.step_with_photo(DeviceActivities.record_device_photo, command)

    @workflow.update
    async def remove_device_photo(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(DeviceActivities.remove_device_photo, command, rules.may_write, command.actor)

    @workflow.update
    async def apply_tariff(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(TariffActivities.apply_tariff, command, rules.may_write, command.actor)

    # The contract and its signature.

    @workflow.update
    async def generate_contract(self, command: ClientCommand) -> ClientOutcome:
        """Draft the rows, render the PDF on the documents queue, then send the offer with its first code."""
        await self.loaded()
        async with self.one_at_a_time:
            rules.may_generate(self.known, command.actor)
            outcome = self.done(await self.do(ContractActivities.draft_contract, command))
            contract = self.known.contract
            if contract is None or contract.status is not ContractStatus.DRAFT:
                return outcome
            return await self.render_and_send(contract.id, command.actor)

    async def render_and_send(self, contract_id: UUID, actor: Actor) -> ClientOutcome:
        with self.being("store_contract"):
            try:
                await workflow.execute_activity_method(
                    RenderingActivities.store_contract,
                    contract_id,
                    task_queue=DOCUMENTS_QUEUE,
                    summary="contract as PDF",
                    **RENDERING,
                )
            except ActivityError as error:
                raise refusal_of(error) from None
        with self.being("send_contract"):
            applied = await workflow.execute_local_activity_method(
                ContractActivities.send_contract, args=[self.client_id, contract_id, actor], **INTERACTIVE
            )
        return self.done(applied)

    @workflow.update
    async def request_code(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(
            CodeActivities.request_code, command, rules.may_request_code, command.actor, command.contract_id
        )

    @workflow.update
    async def agree(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(SignatureActivities.agree, command, rules.may_write, command.actor)

    @workflow.update
    async def confirm_code(self, command: ClientCommand) -> ClientOutcome:
        """Sign on the manager's device."""
        return await self.step(SignatureActivities.sign_contract, command, rules.may_sign, command.actor)

    @workflow.update
    async def sign_contract(self, command: ClientCommand) -> ClientOutcome:
        """Sign in the client's own session."""
        return await self.step(
            SignatureActivities.sign_contract, command, rules.may_sign, command.actor, command.contract_id
        )

    @workflow.update
    async def void_contract(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(ContractActivities.void_contract, command, rules.may_void, command.actor)

    @workflow.update
    async def decline_contract(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(
            ContractActivities.decline_contract, command, rules.may_void, command.actor, command.contract_id
        )

    # Payments and assignment.

    @workflow.update
    async def confirm_payment(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(PaymentActivities.confirm_payment, command, rules.may_confirm_payment, command.actor)

    @workflow.update
    async def bill(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(InvoiceActivities.bill, command, rules.may_write, command.actor)

    @workflow.update
    async def release(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(OnboardingActivities.release_client, command, rules.may_release, command.actor)

    @workflow.update
    async def take_over(self, command: ClientCommand) -> ClientOutcome:
        return await self.step(OnboardingActivities.take_over_client, command, rules.may_take_over, command.actor)

    # Validators: a refused update leaves no trace in the history.

    @save_profile.validator
    @save_passport.validator
    @attach_passport_photo.validator
    @remove_passport_photo.validator
    @add_device.validator
    @change_device.validator
    @remove_device.validator
    @attach_device_photo.validator
    @remove_device_photo.validator
    @apply_tariff.validator
    @agree.validator
    @bill.validator
    def may_write(self, command: ClientCommand) -> None:
        self.ask(rules.may_write, command.actor)

    @generate_contract.validator
    def may_generate(self, command: ClientCommand) -> None:
        self.ask(rules.may_generate, command.actor)

    @request_code.validator
    def may_request_code(self, command: ClientCommand) -> None:
        self.ask(rules.may_request_code, command.actor, command.contract_id)

    @confirm_code.validator
    @sign_contract.validator
    def may_sign(self, command: ClientCommand) -> None:
        self.ask(rules.may_sign, command.actor, command.contract_id)

    @void_contract.validator
    @decline_contract.validator
    def may_void(self, command: ClientCommand) -> None:
        self.ask(rules.may_void, command.actor, command.contract_id)

    @confirm_payment.validator
    def may_confirm_payment(self, command: ClientCommand) -> None:
        self.ask(rules.may_confirm_payment, command.actor)

    @release.validator
    def may_release(self, command: ClientCommand) -> None:
        self.ask(rules.may_release, command.actor)

    @take_over.validator
    def may_take_over(self, command: ClientCommand) -> None:
        self.ask(rules.may_take_over, command.actor)
