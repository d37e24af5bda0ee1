"""The simple electronic signature: checks the code, stores the trace, which the sealing process seals, and bills."""

from temporalio import activity

from activities.billing.invoice import issue_invoice, settle_status
from activities.clients.command import ClientApplied, ClientCommand
from activities.clients.step import ClientStep, ClientSteps
from activities.contracts.agreement import Agreements
from activities.contracts.code import contract_out, use_code
from activities.contracts.signer import check_signer
from activities.contracts.trace import collected
from domain.contracts.signature import ConfirmChannel
from domain.contracts.status import ContractStatus
from domain.contracts.trace import trace_document
from domain.kernel.actor import ActorKind
from domain.people.refusals import WrongCode
from models import Accession, Contract, Device
from models.contracts.agreement import AgreedBy
from models.contracts.contract import TRACE


class SignatureActivities:
    def __init__(self, steps: ClientSteps, agreements: Agreements, *, needs_confirmed_phone: bool = True) -> None:
        self.steps, self.agreements = steps, agreements
        self.needs_confirmed_phone = needs_confirmed_phone

    @activity.defn
    async def agree(self, command: ClientCommand) -> ClientApplied:
        """Record the accession in the client's own session; a repeat changes nothing."""
        return await self.steps.apply(command, self._agree)

    async def _agree(self, step: ClientStep) -> None:
        known = await Accession.of_user(step.session, step.client.user_id)
        if known is None or known.agreed_by is AgreedBy.MANAGER:
            self.agreements.accede(step, AgreedBy.CLIENT_APP)
            step.record("pep-agreed")

    @activity.defn
    async def sign_contract(self, command: ClientCommand) -> ClientApplied:
        """Sign the newest contract with the right code; a wrong code is counted and refused.

        Raises `PhoneUnconfirmed` before state and value of the code are looked at.
        """
        return await self.steps.write(command, self._sign)

    async def _sign(self, step: ClientStep) -> None:
        contract = await contract_out(step)
        if self.needs_confirmed_phone:
            await check_signer(step, contract)
        try:
            await use_code(step, contract)
        except WrongCode as wrong:
            step.refuse_after(wrong)
            return
        await self._keep_trace(step, contract)
        for device in await Device.of_client(step.session, step.client.id):
            device.covered_by_id = device.covered_by_id or contract.id
        step.record(
            "contract-signed",
            contract_id=str(contract.id),
            number=contract.number,
            sha256=contract.sha256,
            channel=contract.confirm_channel,
        )
        if contract.total_fee:
            await issue_invoice(step, contract, self.steps.zone)
        await settle_status(step)

    async def _keep_trace(self, step: ClientStep, contract: Contract) -> None:
        """Store the evidence of 63-FZ, art. 9: actor, time, origin, agreement version and document hash."""
        by_client = step.actor.kind is ActorKind.CLIENT
        agreement = await Accession.of_user(step.session, step.client.user_id)
        if agreement is None or (by_client and agreement.agreed_by is AgreedBy.MANAGER):
            agreement = self.agreements.accede(step, AgreedBy.SIGNING if by_client else AgreedBy.MANAGER)
        contract.status, contract.signed_at = ContractStatus.SIGNED, step.at
        contract.pep_agreed_at = agreement.agreed_at
        contract.agreement_version, contract.agreement_sha256 = agreement.version, agreement.sha256
        contract.attested_by_id = agreement.attested_by_id
        ip, user_agent = step.payload.get("ip"), step.payload.get("user_agent")
        if by_client:
            contract.confirm_channel = ConfirmChannel.CLIENT_APP
            contract.signed_ip, contract.signed_user_agent = ip, user_agent
        else:
            contract.confirm_channel = ConfirmChannel.MANAGER_DEVICE
            contract.entered_by_id = step.actor.id
            contract.entered_by_ip, contract.entered_by_user_agent = ip, user_agent
        contract.signature_hash = contract.sha256
        # In one statement with the status: nothing of a signed row can be added later.
        with step.session.no_autoflush:
            document = trace_document(await collected(step, contract, agreement))
        contract.trace = step.keyring.encrypt(TRACE, document)
