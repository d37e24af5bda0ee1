"""One-time codes: generated, hashed, stored and sent to the client in one transaction."""

import secrets
from collections.abc import Callable
from datetime import datetime, time, timedelta

from temporalio import activity

from activities.clients.command import ClientApplied, ClientCommand, ClientOutcome
from activities.clients.step import ClientStep, ClientSteps
from activities.contracts.code_delivery import CodeChannels, CodeLetter, deliver_code
from activities.contracts.signer import require_proven_session
from domain.contracts.code import CONTRACT_CHANGED, MAX_CODES_PER_DAY, MAX_OWN_CODES_PER_DAY, MAX_WRONG_PER_VERSION
from domain.contracts.refusals import ContractMissing, ContractOutdated
from domain.contracts.status import ContractStatus
from domain.deliveries.delivery import DeliveryState
from domain.kernel.actor import ActorKind
from domain.people.one_time_code import CodeRules, SentCode, check_code, cooldown_left, hash_code, make_code
from domain.people.refusals import CodeExpired, CodeLocked, WrongCode
from models import Code, Contract

OTP = "otp"
"""Purpose of the sub-key for hashing codes."""

SALT_BYTES = 16
CHAT_ONLY = CodeChannels()
MANY_WRONG = "Слишком много неверных попыток. Новый код может запросить только сам клиент в своём приложении."
ASK_CLIENT = "Новый код может запросить только сам клиент в своём приложении."
TOMORROW = "Сегодня кодов отправлено слишком много. Новый код можно запросить завтра."


class CodeActivities:
    def __init__(
        self,
        steps: ClientSteps,
        rules: CodeRules,
        choose: Callable[[int], int] = secrets.randbelow,
        channels: CodeChannels = CHAT_ONLY,
        *,
        needs_confirmed_phone: bool = True,
    ) -> None:
        self.steps, self.rules, self.choose, self.channels = steps, rules, choose, channels
        self.needs_confirmed_phone = needs_confirmed_phone

    @activity.defn
    async def request_code(self, command: ClientCommand) -> ClientApplied:
        """Send a new code for the sent contract; sends nothing within the cool-down.

        The client's own request lifts the daily bound and the lock after 30 wrong tries; a manager's does not, nor does
        one in a session that has not proven the phone: a manager may know the password. That one is `PhoneUnconfirmed`
        where a manager's is `CodeLocked`.
        """
        return await self.steps.write(command, self._request)

    async def _request(self, step: ClientStep) -> None:
        contract = await contract_out(step)
        newest = await Code.newest(step.session, contract.id)
        wait = cooldown_left(newest.sent_at if newest else None, step.at, self.rules.resend)
        if wait:
            step.outcome = ClientOutcome(sent=False, retry_after=wait)
            return
        if await self._bound_reached(step, contract):
            await self._lift(step, contract)
        sent = await self._send(step, contract)
        step.outcome = ClientOutcome(sent=sent, retry_after=self.rules.resend)

    async def send_first_code(self, step: ClientStep, contract: Contract) -> bool:
        """Send the code of a new version, without cool-down; False if the daily bound is reached, or no channel is."""
        if await self._bound_reached(step, contract):
            step.record("code-withheld", contract_id=str(contract.id))
            return False
        return await self._send(step, contract)

    async def _send(self, step: ClientStep, contract: Contract) -> bool:
        """Stores the digits only in what is sent to the client, sealed. False if no channel can reach him.

        A code counts against the bounds whatever becomes of its delivery.
        """
        digits, salt = make_code(self.choose), secrets.token_bytes(SALT_BYTES)
        document = contract.sha256 or ""
        code = Code(
            id=step.id_for("code"),
            client_id=step.client.id,
            contract_id=contract.id,
            hash=hash_code(digits, salt, self.steps.keyring.subkey(OTP), document),
            salt=salt,
            key_id=self.steps.keyring.current,
            document_sha256=document,
            sent_at=step.at,
            expires_at=step.at + self._lifetime,
            tries_left=self.rules.tries,
        )
        delivery = await deliver_code(step, self.channels, CodeLetter(contract, digits, self._lifetime))
        code.delivery_id = delivery.id
        step.session.add(code)
        return delivery.state is not DeliveryState.FAILED

    @property
    def _lifetime(self) -> timedelta:
        return timedelta(seconds=self.rules.ttl)

    async def _lift(self, step: ClientStep, contract: Contract) -> None:
        """A bound that is reached holds no more for the client himself, up to `MAX_OWN_CODES_PER_DAY`."""
        if step.actor.kind is not ActorKind.CLIENT:
            raise CodeLocked(f"Кодов за сегодня или неверных попыток слишком много. {ASK_CLIENT}")
        if self.needs_confirmed_phone:
            await require_proven_session(step)
        if await self._sent_today(step) >= MAX_OWN_CODES_PER_DAY:
            raise CodeLocked(TOMORROW)
        contract.wrong_tries = 0

    async def _bound_reached(self, step: ClientStep, contract: Contract) -> bool:
        sent = await self._sent_today(step)
        return sent >= MAX_CODES_PER_DAY or contract.wrong_tries >= MAX_WRONG_PER_VERSION

    async def _sent_today(self, step: ClientStep) -> int:
        return await Code.sent_since(step.session, step.client.id, self._midnight(step.at))

    def _midnight(self, at: datetime) -> datetime:
        return datetime.combine(at.astimezone(self.steps.zone).date(), time(), self.steps.zone)


async def contract_out(step: ClientStep) -> Contract:
    """The contract that awaits a signature; repeats the workflow's check on the rows."""
    contract = await Contract.newest(step.session, step.client.id)
    if contract is None or contract.status is not ContractStatus.SENT:
        raise ContractMissing("Нет договора, который ждёт подписи.")
    if contract.is_outdated(step.client):
        raise ContractOutdated("Данные изменились после формирования договора. Сформируйте договор заново.")
    # The timer that voids the contract may be late after an outage; an expired offer is refused here.
    if contract.offer_expires_at is not None and contract.offer_expires_at <= step.at:
        raise ContractOutdated("Срок подписания договора истёк. Сформируйте договор заново.")
    return contract


async def use_code(step: ClientStep, contract: Contract) -> None:
    """Check and use the code of the payload. A `WrongCode` is counted: the caller must commit the rows."""
    if contract.wrong_tries >= MAX_WRONG_PER_VERSION:
        raise CodeLocked(MANY_WRONG)
    code = await Code.newest(step.session, contract.id)
    if code is None:
        raise CodeExpired("Код ещё не отправлен. Запросите код.")
    sent = SentCode(
        hash=code.hash,
        salt=code.salt,
        bound_to=code.document_sha256,
        sent_at=code.sent_at,
        expires_at=code.expires_at,
        tries_left=code.tries_left,
        used=code.used_at is not None,
    )
    key = step.keyring.subkey(OTP, code.key_id)
    try:
        check_code(sent, step.payload["code"], key, contract.sha256 or "", step.at, CONTRACT_CHANGED)
    except WrongCode:
        code.tries_left -= 1
        contract.wrong_tries += 1
        step.record("code-wrong", contract_id=str(contract.id), tries_left=code.tries_left)
        if code.tries_left <= 0:
            step.record("code-locked", contract_id=str(contract.id))
        raise
    code.used_at = step.at


async def expire_code(step: ClientStep) -> None:
    """Record that the newest code of a contract has expired."""
    code = await Code.newest(step.session, step.about)
    if code is not None:
        code.expiry_noted_at = step.at
        step.record("code-expired", contract_id=str(step.about))
