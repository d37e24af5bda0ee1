"""Devices that a contract covers; every change recalculates the tariff."""

from uuid import UUID

from temporalio import activity

from activities.clients.command import ClientApplied, ClientCommand
from activities.clients.step import ClientActivities, ClientStep
from activities.contracts.contract import close_needless_amendment
from activities.onboarding.photo import clean_key
from activities.onboarding.tariff import recalculate
from domain.clients.status import ClientStatus
from domain.kernel.refusal import InvalidValue, NotFound
from models import Device, DevicePhoto

MOST_DEVICES = 200
"""Per client; a larger number is a mistake."""

MOST_PHOTOS = 20
"""Per device."""


class DeviceActivities(ClientActivities):
    @activity.defn
    async def add_device(self, command: ClientCommand) -> ClientApplied:
        """Add a device with the id of the draft; after a signature it requires an amendment."""
        return await self.steps.write(command, self._add)

    async def _add(self, step: ClientStep) -> None:
        devices = await Device.of_client(step.session, step.client.id)
        if len(devices) >= MOST_DEVICES:
            raise InvalidValue(f"У клиента уже {MOST_DEVICES} устройств, больше добавить нельзя.")
        device = Device(
            id=step.source, client_id=step.client.id, created_at=step.at, updated_at=step.at, **step.payload
        )
        step.session.add(device)
        if step.client.status in (ClientStatus.AWAITING_PAYMENT, ClientStatus.PROCESSED):
            step.client.status = ClientStatus.AWAITING_CONTRACT
        await self._changed(step)
        step.record("device-added", device_id=str(device.id))

    @activity.defn
    async def change_device(self, command: ClientCommand) -> ClientApplied:
        return await self.steps.write(command, self._change)

    async def _change(self, step: ClientStep) -> None:
        device = await self._device(step)
        changes = step.payload["changes"]
        changed = sorted(name for name, value in changes.items() if getattr(device, name) != value)
        for name in changed:
            setattr(device, name, changes[name])
        device.updated_at = step.at
        if changed:
            await self._changed(step)
        step.record("device-changed", device_id=str(device.id), fields=changed)

    @activity.defn
    async def remove_device(self, command: ClientCommand) -> ClientApplied:
        """Remove a device and its photos; signed contracts keep their snapshot of it."""
        return await self.steps.write(command, self._remove)

    async def _remove(self, step: ClientStep) -> None:
        device = await self._device(step)
        photos = await DevicePhoto.of_device(step.session, device.id)
        step.trash.extend(photo.file_key for photo in photos)
        for photo in photos:
            await step.session.delete(photo)
        await step.session.flush()
        await step.session.delete(device)
        await self._changed(step)
        await close_needless_amendment(step)
        step.record("device-removed", device_id=str(device.id))

    @activity.defn
    async def record_device_photo(self, command: ClientCommand) -> ClientApplied:
        """Add the photo that was accepted for this command, with the id of the draft."""
        return await self.steps.write(command, self._record_photo)

    async def _record_photo(self, step: ClientStep) -> None:
        device = await self._device(step)
        if len(await DevicePhoto.of_device(step.session, device.id)) >= MOST_PHOTOS:
            raise InvalidValue(f"У устройства уже {MOST_PHOTOS} фотографий, удалите лишние.")
        step.session.add(
            DevicePhoto(id=step.source, device_id=device.id, file_key=clean_key(step.source), created_at=step.at)
        )
        step.record("device-photo-added", device_id=str(device.id))

    @activity.defn
    async def remove_device_photo(self, command: ClientCommand) -> ClientApplied:
        return await self.steps.write(command, self._remove_photo)

    async def _remove_photo(self, step: ClientStep) -> None:
        device = await self._device(step)
        photo = await step.session.get(DevicePhoto, UUID(step.payload["photo_id"]))
        if photo is None or photo.device_id != device.id:
            raise NotFound("Такой фотографии нет.")
        step.trash.append(photo.file_key)
        await step.session.delete(photo)
        step.record("device-photo-removed", device_id=str(device.id))

    async def _changed(self, step: ClientStep) -> None:
        step.change_card()
        await step.session.flush()
        await recalculate(step)

    async def _device(self, step: ClientStep) -> Device:
        device = await step.session.get(Device, UUID(step.payload["device_id"]))
        if device is None or device.client_id != step.client.id:
            raise NotFound("Такого устройства у клиента нет.")
        return device
