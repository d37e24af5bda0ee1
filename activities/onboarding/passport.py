"""The passport of a client: sealed fields, a blind index against duplicates, a photo."""

from typing import Any

from sqlalchemy.exc import IntegrityError
from temporalio import activity

from activities.clients.command import ClientApplied, ClientCommand
from activities.clients.step import ClientActivities, ClientStep
from activities.onboarding.photo import clean_key
from domain.clients.document import DocumentType
from domain.kernel.refusal import NotFound
from domain.onboarding.passport import full_name, merged, missing_fields, number_to_compare
from domain.onboarding.refusals import PassportDuplicate
from models import PassportRow
from models.clients.passport import NUMBER, SEALED
from models.kernel.columns import seal, unseal

DUPLICATE = "Документ с такими серией и номером уже записан у другого клиента. Проверьте данные."


class PassportActivities(ClientActivities):
    @activity.defn
    async def save_passport(self, command: ClientCommand) -> ClientApplied:
        """Merge the fields that were sent; raises `PassportDuplicate` for the number of another client.

        Raises `InvalidValue` for a value that the stored type of document cannot have.
        """
        return await self.steps.write(command, self._save_passport)

    async def _save_passport(self, step: ClientStep) -> None:
        user, known = await PassportRow.beside_user(step.session, step.client.user_id)
        row = known or self._new(step)
        stored = unseal(self.steps.keyring, SEALED, row.data)
        after = merged(stored, step.payload, step.at.astimezone(self.steps.zone).date())
        before = {"document_type": DocumentType.PASSPORT_RF, **stored}
        changed = sorted(field for field in after if after[field] != before.get(field))
        row.data = seal(self.steps.keyring, SEALED, after)
        row.complete = not missing_fields(after)
        row.updated_at = step.at
        step.client.full_name = (
            full_name(after.get("last_name"), after.get("first_name"), after.get("middle_name")) or None
        )
        step.client.index(user, after.get("registration_address"))
        await self._index_number(step, row, after)
        if changed:
            step.change_card()
        step.record("passport-saved", fields=changed)

    async def _index_number(self, step: ClientStep, row: PassportRow, fields: dict[str, Any]) -> None:
        """Looks the number up before the write; the unique index decides between concurrent writes."""
        number = number_to_compare(fields)
        if number is None:
            row.number_index = None
            return
        index = self.steps.keyring.blind_index(NUMBER, number)
        if row.number_index == index:
            return
        known = self.steps.keyring.blind_indexes(NUMBER, number)
        if await PassportRow.is_taken(step.session, known, row.id):
            raise PassportDuplicate(DUPLICATE)
        row.number_index = index
        try:
            await step.session.flush()
        except IntegrityError:
            raise PassportDuplicate(DUPLICATE) from None

    @activity.defn
    async def record_passport_photo(self, command: ClientCommand) -> ClientApplied:
        """Point the passport to the photo that was accepted for this command."""
        return await self.steps.write(command, self._record_photo)

    async def _record_photo(self, step: ClientStep) -> None:
        row = await self._row(step)
        if row.photo_key is not None:
            step.trash.append(row.photo_key)
        row.photo_key, row.updated_at = clean_key(step.source), step.at
        step.record("passport-photo-added")

    @activity.defn
    async def remove_passport_photo(self, command: ClientCommand) -> ClientApplied:
        return await self.steps.write(command, self._remove_photo)

    async def _remove_photo(self, step: ClientStep) -> None:
        row = await PassportRow.of_user(step.session, step.client.user_id)
        if row is None or row.photo_key is None:
            raise NotFound("Фотографии паспорта нет.")
        step.trash.append(row.photo_key)
        row.photo_key, row.updated_at = None, step.at
        step.record("passport-photo-removed")

    async def _row(self, step: ClientStep) -> PassportRow:
        return await PassportRow.of_user(step.session, step.client.user_id) or self._new(step)

    def _new(self, step: ClientStep) -> PassportRow:
        row = PassportRow(
            id=step.id_for("passport"),
            user_id=step.client.user_id,
            data=seal(self.steps.keyring, SEALED, {}),
            created_at=step.at,
            updated_at=step.at,
        )
        step.session.add(row)
        return row
