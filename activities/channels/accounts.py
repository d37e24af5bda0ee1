"""The Avito accounts of an organisation: connected by their key, changed and removed by its owner."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.channels.bot_request import Do, Request, once_in
from activities.channels.credentials import CheckedKey, check_key
from domain.channels.refusals import AccountTaken
from domain.conversations.limits import Unsent
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import InvalidValue, found
from gateways.avito.client import Avito
from models import BotRequest
from models.channels.account import CLIENT_SECRET, Account, AccountStatus
from models.channels.bot import REQUEST
from models.channels.connected import account_of, add_unless_taken, bot_of, is_account_taken
from models.conversations.sends import give_up_waiting
from models.kernel.columns import seal, unseal
from models.kernel.database import Sessions

NO_ACCOUNT: Final = "Аккаунт Avito не найден."
NO_BOT: Final = "Такого бота в вашей организации нет. Сначала подключите бота."
TAKEN: Final = "Аккаунт Avito с этим ключом уже подключён."
REMOVED: Final = "Не ушло: аккаунт Avito этого диалога отключён от Привета."
REMOVED_UNKNOWN: Final = (
    "Неизвестно, дошло ли: аккаунт Avito этого диалога отключён от Привета. Проверьте чат на Avito."
)
ANOTHER: Final = "Это ключ от другого аккаунта Avito. Подключите его как новый аккаунт."


class Accounts:
    def __init__(self, sessions: Sessions, keyring: Keyring, avito: Avito, now: Clock) -> None:
        self.sessions, self.keyring, self.avito, self.now = sessions, keyring, avito, now

    async def check_new_key(self, account: Account, client_id: str | None, secret: str | None) -> CheckedKey | None:
        """Check what is given with the stored rest; None when nothing is given.

        The key must be of the same Avito account, because the dialogs belong to that account.
        """
        if not client_id and not secret:
            return None
        stored = unseal(self.keyring, CLIENT_SECRET, account.secret_sealed)
        checked = await check_key(self.avito, client_id or account.api_client_id, secret or stored)
        if None not in (checked.user_id, account.avito_user_id) and checked.user_id != account.avito_user_id:
            raise InvalidValue(ANOTHER, [{"loc": ["body", "api_client_id"], "msg": ANOTHER}])
        return replace(checked, user_id=checked.user_id or account.avito_user_id)

    async def connect(
        self, session: AsyncSession, organisation_id: UUID, values: Mapping[str, Any], checked: CheckedKey
    ) -> Account:
        await _check_bot(session, organisation_id, values["bot_id"])
        now = self.now()
        account = Account(
            organisation_id=organisation_id,
            created_at=now,
            updated_at=now,
            **{**values, "name": values["name"] or f"Avito {checked.user_id or checked.client_id}"},
            **self._identity(checked),
        )
        return await _stored(session, account)

    async def change(
        self,
        session: AsyncSession,
        organisation_id: UUID,
        account_id: UUID,
        changes: Mapping[str, Any],
        checked: CheckedKey | None,
    ) -> Account:
        """Set the named columns; an empty name leaves the name as it is."""
        account = await _locked(session, organisation_id, account_id)
        if "bot_id" in changes:
            await _check_bot(session, organisation_id, changes["bot_id"])
        values = {**changes, "name": changes.get("name") or account.name, "updated_at": self.now()}
        if checked is not None:
            values |= {**self._identity(checked), "token_sealed": None, "token_expires_at": None}
        for name, value in values.items():
            setattr(account, name, value)
        return await _stored(session, account)

    async def remove(self, organisation_id: UUID, account_id: UUID) -> None:
        """Its dialogs stay readable; its workflow deletes the webhook and ends. What waits for buyers fails, and the
        bot says so in the topics."""
        async with self.sessions.begin() as session:
            account = await _locked(session, organisation_id, account_id)
            account.deleted_at = account.updated_at = self.now()
            waiting = await give_up_waiting(session, account.id, REMOVED, REMOVED_UNKNOWN, self.now())
            for chat_id, thread_id, message_id in waiting:
                told = Request(Do.UNSENT, chat_id, thread_id, message_id, reason=Unsent.ACCOUNT_GONE)
                row = BotRequest(
                    bot_id=account.bot_id,
                    update_id=once_in(chat_id, message_id),
                    payload_sealed=seal(self.keyring, REQUEST, told.stored()),
                    created_at=self.now(),
                )
                await BotRequest.add(session, row)

    def _identity(self, checked: CheckedKey) -> dict[str, Any]:
        return {
            "api_client_id": checked.client_id,
            "secret_sealed": seal(self.keyring, CLIENT_SECRET, checked.secret),
            "avito_user_id": checked.user_id,
            "status": checked.verdict.status if checked.verdict else AccountStatus.ACTIVE,
            "status_reason": checked.verdict.reason if checked.verdict else None,
        }


async def _check_bot(session: AsyncSession, organisation_id: UUID, bot_id: UUID) -> None:
    """Locked until the transaction ends, so that the bot is not removed meanwhile."""
    if await bot_of(session, organisation_id, bot_id, lock=True) is None:
        raise InvalidValue(NO_BOT, [{"loc": ["body", "bot_id"], "msg": NO_BOT}])


async def _stored(session: AsyncSession, account: Account) -> Account:
    taken = await is_account_taken(session, account.organisation_id, account.api_client_id, account.id)
    if taken or not await add_unless_taken(session, account):
        raise AccountTaken(TAKEN)
    return account


async def _locked(session: AsyncSession, organisation_id: UUID, account_id: UUID) -> Account:
    return found(await account_of(session, organisation_id, account_id, lock=True), NO_ACCOUNT)
