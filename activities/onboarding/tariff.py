"""The client's tariff and the fees of the devices."""

from uuid import UUID

from temporalio import activity

from activities.clients.command import ClientApplied, ClientCommand
from activities.clients.step import ClientActivities, ClientStep
from domain.clients.status import ClientStatus
from domain.kernel.refusal import InvalidValue
from domain.onboarding.refusals import TariffMismatch
from domain.onboarding.tariff import DEFAULT_EXTRA, total_extra
from models import ClientTariff, Device, Tariff

NO_TARIFF = "Без тарифа"


class TariffActivities(ClientActivities):
    @activity.defn
    async def apply_tariff(self, command: ClientCommand) -> ClientApplied:
        """Copy the tariff's name and fees to the client; raises `TariffMismatch` for another number of devices."""
        return await self.steps.write(command, self._apply)

    async def _apply(self, step: ClientStep) -> None:
        devices = await Device.of_client(step.session, step.client.id)
        if step.payload["device_count"] != len(devices):
            raise TariffMismatch(f"В карточке устройств: {len(devices)}. Обновите страницу и проверьте расчёт.")
        tariff = await self._tariff(step)
        applied = await ClientTariff.of_client(step.session, step.client.id)
        if applied is None:
            applied = ClientTariff(
                id=step.id_for("tariff"),
                client_id=step.client.id,
                name="",
                base_fee=0,
                extra_per_device=0,
                device_count=0,
                total_extra_fee=0,
            )
            step.session.add(applied)
        if _choose(applied, tariff):
            step.change_card()
        _calculate(step, applied, [device.extra_fee for device in devices])
        if step.client.status is ClientStatus.IN_VERIFICATION:
            step.client.status = ClientStatus.AWAITING_CONTRACT
        step.record("tariff-applied", tariff_id=step.payload["tariff_id"], total_extra_fee=applied.total_extra_fee)

    async def _tariff(self, step: ClientStep) -> Tariff | None:
        if step.payload["tariff_id"] is None:
            return None
        tariff = await step.session.get(Tariff, UUID(step.payload["tariff_id"]))
        if tariff is None or tariff.archived_at is not None or tariff.organisation_id != step.client.organisation_id:
            unknown = "Такого тарифа нет. Выберите тариф из списка."
            raise InvalidValue(unknown, errors=[{"loc": ["body", "tariff_id"], "msg": unknown}])
        return tariff


async def recalculate(step: ClientStep) -> None:
    """Recalculate the fees after a change of devices; does nothing before a tariff is applied."""
    applied = await ClientTariff.of_client(step.session, step.client.id)
    if applied is not None:
        devices = await Device.of_client(step.session, step.client.id)
        _calculate(step, applied, [device.extra_fee for device in devices])


def _choose(applied: ClientTariff, tariff: Tariff | None) -> bool:
    """Copy name and fees; returns whether contract data changed."""
    before = (applied.tariff_id, applied.name, applied.base_fee, applied.extra_per_device)
    chosen = (
        (tariff.id, tariff.name, tariff.base_fee, tariff.extra_per_device)
        if tariff
        else (None, NO_TARIFF, 0, DEFAULT_EXTRA)
    )
    applied.tariff_id, applied.name, applied.base_fee, applied.extra_per_device = chosen
    return before != chosen


def _calculate(step: ClientStep, applied: ClientTariff, own_fees: list[int | None]) -> None:
    applied.device_count = len(own_fees)
    applied.total_extra_fee = total_extra(own_fees, applied.extra_per_device)
    applied.calculated_at = step.at
