"""Contracts: number, frozen snapshot of the card, PDF, and voiding of unsigned versions."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from temporalio import activity

from activities.billing.invoice import settle_status
from activities.clients.command import ClientApplied, ClientCommand, ClientOutcome
from activities.clients.step import ClientStep, ClientSteps
from activities.contracts.agreement import Agreements
from activities.contracts.code import CodeActivities
from activities.support.notices import tell_client, tell_manager
from documents.contracts.contract import render_contract
from documents.contracts.coverage import check_printable
from domain.clients.status import ClientStatus
from domain.contracts.contract import (
    TEMPLATE,
    ContractSnapshot,
    DeviceSnapshot,
    Executor,
    TariffSnapshot,
    content_digest,
    contract_number,
    from_json,
    number_prefix,
    passport_from,
    to_canonical_json,
)
from domain.contracts.status import UNSIGNED, ContractStatus
from domain.deliveries.delivery import Purpose
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.money import Kopecks
from domain.kernel.phone import normalise_phone
from domain.onboarding.passport import full_name
from domain.onboarding.refusals import NotReady
from domain.onboarding.tariff import device_fee
from gateways.storage.client import Storage
from models import ClientTariff, Contract, ContractCounter, Delivery, Device, PassportRow, User
from models.clients.passport import SEALED
from models.contracts.contract import REASON, SNAPSHOT
from models.kernel.columns import seal, unseal

PDF = "application/pdf"


@dataclass(frozen=True)
class Terms:
    """Terms of all contracts: the executor, and the lifetime of an offer."""

    executor: Executor
    offer: timedelta


class ContractActivities:
    def __init__(self, steps: ClientSteps, codes: CodeActivities, agreements: Agreements, terms: Terms) -> None:
        self.steps, self.codes, self.agreements, self.terms = steps, codes, agreements, terms

    @activity.defn
    async def draft_contract(self, command: ClientCommand) -> ClientApplied:
        """Draft the contract of the current card: the newest one if nothing changed, else a new version and number.

        A new version voids an unsigned predecessor; after a signature it is an amendment. Raises `Unprintable` before
        anything is made.
        """
        return await self.steps.write(command, self._draft)

    async def _draft(self, step: ClientStep) -> None:
        newest = await Contract.newest(step.session, step.client.id)
        devices = await Device.of_client(step.session, step.client.id)
        if newest is not None and _stands(newest, step, devices):
            step.outcome = ClientOutcome(contract_id=newest.id)
            return
        signed = await self._signed(step)
        snapshot = await self._snapshot(step, devices, signed)
        check_printable(snapshot)
        digest = content_digest(snapshot)
        if newest is not None and newest.status in UNSIGNED and newest.content_digest == digest:
            newest.card_version = step.client.card_version
            step.outcome = ClientOutcome(contract_id=newest.id)
            return
        if newest is not None and newest.status in UNSIGNED:
            await void(step, newest, "Сформирована новая версия договора")
        await self.agreements.attest(step)
        contract = await self._insert(step, snapshot, digest, signed)
        if step.client.status is ClientStatus.IN_VERIFICATION:
            step.client.status = ClientStatus.AWAITING_CONTRACT
        step.outcome = ClientOutcome(contract_id=contract.id)
        step.record("contract-drafted", contract_id=str(contract.id), number=contract.number, version=contract.version)

    async def _insert(
        self, step: ClientStep, snapshot: ContractSnapshot, digest: str, signed: Contract | None
    ) -> Contract:
        await step.session.flush()
        day = step.at.astimezone(self.steps.zone).date()
        prefix = number_prefix(snapshot.passport.last_name)
        versions = await Contract.all_of(step.session, step.client.id)
        snapshot = replace(
            snapshot,
            number=contract_number(prefix, day, await ContractCounter.next(step.session, prefix, day)),
            version=versions[0].version + 1 if versions else 1,
            day=day,
        )
        contract = Contract(
            id=step.id_for("contract"),
            organisation_id=step.client.organisation_id,
            client_id=step.client.id,
            number=snapshot.number,
            version=snapshot.version,
            amendment_of_id=signed.id if signed else None,
            status=ContractStatus.DRAFT,
            card_version=step.client.card_version,
            content_digest=digest,
            snapshot=self.steps.keyring.encrypt(SNAPSHOT, to_canonical_json(snapshot)),
            total_fee=snapshot.amount_due,
            created_at=step.at,
        )
        step.session.add(contract)
        await step.session.flush()
        return contract

    async def _signed(self, step: ClientStep) -> Contract | None:
        """The newest signed contract, to which an amendment refers."""
        versions = await Contract.all_of(step.session, step.client.id)
        return next((one for one in versions if one.status is ContractStatus.SIGNED), None)

    async def _snapshot(self, step: ClientStep, devices: Sequence[Device], signed: Contract | None) -> ContractSnapshot:
        client = step.client
        user = await step.session.get_one(User, client.user_id)
        passport = await PassportRow.of_user(step.session, client.user_id)
        tariff = await ClientTariff.of_client(step.session, client.id)
        if passport is None or not passport.complete or tariff is None:
            raise NotReady("Чтобы сформировать договор, заполните паспортные данные и примените тариф.")
        fields = unseal(self.steps.keyring, SEALED, passport.data)
        contact = client.contact(user)
        name = full_name(fields["last_name"], fields["first_name"], fields.get("middle_name"))
        return ContractSnapshot(
            template=TEMPLATE,
            number="",
            version=0,
            amendment_of=signed.number if signed else None,
            day=date.min,
            client_name=name,
            client_phone=normalise_phone(contact.phone or ""),
            client_email=contact.email,
            client_address=contact.address,
            passport=passport_from(fields),
            devices=tuple(_device(device, tariff.extra_per_device) for device in devices),
            billed_devices=tuple(device.id for device in devices if device.covered_by_id is None),
            tariff=TariffSnapshot(
                tariff_id=tariff.tariff_id,
                name=tariff.name,
                base_fee=Kopecks(tariff.base_fee),
                extra_per_device=Kopecks(tariff.extra_per_device),
                device_count=tariff.device_count,
                total_extra_fee=Kopecks(tariff.total_extra_fee),
            ),
            executor=self.terms.executor,
        )

    @activity.defn
    async def send_contract(self, client_id: UUID, contract_id: UUID, actor: Actor) -> ClientApplied:
        """Start the offer of a rendered contract and send the first code; does nothing if it was sent before."""
        return await self.steps.act(client_id, contract_id, "send", self._send, actor)

    async def _send(self, step: ClientStep) -> None:
        contract = await step.session.get_one(Contract, step.about)
        step.outcome = ClientOutcome(contract_id=contract.id)
        if contract.status is not ContractStatus.DRAFT:
            return
        contract.status = ContractStatus.SENT
        contract.offer_started_at, contract.offer_expires_at = step.at, step.at + self.terms.offer
        step.record("contract-sent", contract_id=str(contract.id), number=contract.number, sha256=contract.sha256)
        sent = await self.codes.send_first_code(step, contract)
        step.outcome = ClientOutcome(sent=sent, contract_id=contract.id)

    @activity.defn
    async def void_contract(self, command: ClientCommand) -> ClientApplied:
        """Void the unsigned contract on a manager's command."""
        return await self.steps.write(command, self._void)

    @activity.defn
    async def decline_contract(self, command: ClientCommand) -> ClientApplied:
        """Decline the unsigned contract on the client's command."""
        return await self.steps.apply(command, self._void)

    async def _void(self, step: ClientStep) -> None:
        contract = await Contract.newest(step.session, step.client.id)
        if contract is None:
            return
        reason = step.payload["reason"]
        sent = contract.status is ContractStatus.SENT
        await void(step, contract, reason)
        if step.actor.kind is ActorKind.CLIENT:
            step.client.last_step_at = step.at  # restarts the manager's three days
            await tell_manager(step, f"Клиент отказался подписывать договор {contract.number}. Причина: {reason}")
        elif sent:
            await tell_client(step, "void", void_message(contract.number))


class RenderingActivities:
    """Renders contracts to PDF on the documents queue."""

    def __init__(self, steps: ClientSteps, storage: Storage) -> None:
        self.sessions, self.keyring, self.storage = steps.sessions, steps.keyring, storage

    @activity.defn
    async def store_contract(self, contract_id: UUID) -> None:
        """Render the frozen snapshot and store the PDF; idempotent, because rendering is deterministic."""
        async with self.sessions() as session:
            contract = await session.get_one(Contract, contract_id)
        if contract.sha256 is not None:
            return
        snapshot = from_json(self.keyring.decrypt(SNAPSHOT, contract.snapshot))
        pdf = await asyncio.to_thread(render_contract, snapshot)
        key = f"contracts/{contract_id}.pdf"
        await self.storage.put(key, pdf, PDF)
        async with self.sessions.begin() as session:
            row = await session.get_one(Contract, contract_id, with_for_update=True)
            row.file_key, row.sha256, row.size = key, hashlib.sha256(pdf).hexdigest(), len(pdf)


async def void(step: ClientStep, contract: Contract, reason: str) -> None:
    """Void an unsigned contract, whose code is not sent any more; `DECLINED` if the actor is the client."""
    await Delivery.withdraw(step.session, step.client.id, Purpose.SIGNING_CODE, step.at)
    declined = step.actor.kind is ActorKind.CLIENT
    contract.status = ContractStatus.DECLINED if declined else ContractStatus.VOID
    contract.voided_at = step.at
    contract.void_reason = seal(step.keyring, REASON, reason)
    step.record(
        "contract-declined" if declined else "contract-voided", contract_id=str(contract.id), number=contract.number
    )


async def close_needless_amendment(step: ClientStep) -> None:
    """Void unsigned amendments once all devices are covered by a signed contract, and settle the client's status."""
    if step.client.status is not ClientStatus.AWAITING_CONTRACT:
        return
    versions = await Contract.all_of(step.session, step.client.id)
    if not any(one.status is ContractStatus.SIGNED for one in versions):
        return
    if any(device.covered_by_id is None for device in await Device.of_client(step.session, step.client.id)):
        return
    for contract in (one for one in versions if one.status in UNSIGNED):
        if contract.status is ContractStatus.SENT:
            await tell_client(step, "void", void_message(contract.number))
        await void(step, contract, "Новых устройств больше нет")
    await settle_status(step)


def void_message(number: str) -> str:
    return f"Договор {number} аннулирован. Подписывать его не нужно."


def _stands(newest: Contract, step: ClientStep, devices: Sequence[Device]) -> bool:
    """Whether the newest contract is still current."""
    if newest.status is ContractStatus.SIGNED and all(device.covered_by_id is not None for device in devices):
        return True
    return not newest.is_outdated(step.client)


def _device(device: Device, extra_per_device: int) -> DeviceSnapshot:
    return DeviceSnapshot(
        id=device.id,
        device_type=device.device_type,
        title=device.title,
        description=device.description,
        specs=device.specs,
        extra_fee=Kopecks(device_fee(device.extra_fee, extra_per_device)),
    )
