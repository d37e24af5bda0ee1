"""Copies of a signed contract for the client, out of our reach: to his own mail and his own Telegram."""

from collections.abc import Mapping
from typing import Final
from uuid import uuid5
from zoneinfo import ZoneInfo

from activities.clients.step import ClientStep
from activities.deliveries.queue import Attached, Letter, NewDelivery, queue_delivery
from domain.contracts.contract import Executor, from_json
from domain.deliveries.delivery import Channel, Purpose
from gateways.mail.letter import is_address
from models import Contract, User
from models.contracts.contract import SNAPSHOT

MOMENT: Final = "%d.%m.%Y %H:%M"


async def queue_copies(step: ClientStep, contract: Contract, zone: ZoneInfo, verify_url: str) -> None:
    """Queue contract and certificate by mail where the account has an address, and by Telegram where it is linked: each
    is a delivery of its own. In the transaction that stores the certificate; a repeat adds nothing.

    The addresses are the account's, which only the client changes, never those of the card, which staff can type.
    """
    user = await step.session.get(User, step.client.user_id)
    if user is None or user.blocked_at is not None:
        return
    letters = _letters(step, contract, zone, verify_url)
    ways: list[tuple[Channel, Mapping[Channel, str]]] = []
    if user.email and is_address(user.email):
        ways.append((Channel.MAIL, {Channel.MAIL: user.email}))
    if user.telegram_user_id is not None:
        ways.append((Channel.TELEGRAM, {}))
    for channel, addresses in ways:
        await queue_delivery(
            step.session,
            step.keyring,
            NewDelivery(
                id=uuid5(contract.id, f"copy-{channel.value}"),
                purpose=Purpose.SIGNED_COPY,
                channels=(channel,),
                letter=letters[channel],
                at=step.at,
                user_id=user.id,
                client_id=step.client.id,
                contract_id=contract.id,
                addresses=addresses,
            ),
        )


def _letters(step: ClientStep, contract: Contract, zone: ZoneInfo, verify_url: str) -> Mapping[Channel, Letter]:
    executor = from_json(step.keyring.decrypt(SNAPSHOT, contract.snapshot)).executor
    at = (contract.signed_at or step.at).astimezone(zone)
    moment = f"{at:{MOMENT}} ({_offset(zone, at.strftime('%z'))})"
    files = (
        Attached(contract.file_key or "", f"Договор {contract.number}.pdf"),
        Attached(contract.certificate_key or "", f"Сертификат подписи {contract.number}.pdf"),
    )
    subject = f"Подписан договор № {contract.number} от {at:%d.%m.%Y}: ваши экземпляры"
    prints = f"Договор, SHA-256:\n{contract.sha256}\n\nСертификат подписи, SHA-256:\n{contract.certificate_sha256}"
    return {
        Channel.MAIL: Letter(subject, _mail(contract, executor, moment, prints, verify_url), attachments=files),
        Channel.TELEGRAM: Letter(subject, _telegram(contract, executor, moment, prints, verify_url), attachments=files),
    }


def _mail(contract: Contract, executor: Executor, moment: str, prints: str, verify_url: str) -> str:
    return (
        f"Здравствуйте!\n\n"
        f"{moment} вы подписали простой электронной подписью договор № {contract.number}, редакция {contract.version}. "
        f"Исполнитель: {executor.name}, ИНН {executor.inn}.\n\n"
        "К письму приложены два файла: договор и сертификат подписи, в котором записано, кто, когда и как подписал.\n\n"
        f"{prints}\n\n"
        "Сохраните это письмо вместе с файлами: оно само показывает, что именно вы подписали. Проверить, что файлы не "
        "изменились, можно без нас: посчитайте SHA-256 файла любой программой и сравните с тем, что написано выше. "
        f"Проверить подпись на нашем сайте:\n{verify_url}\n\n"
        f"Если вы этот договор не подписывали, сразу сообщите нам: {_contacts(executor)}.\n"
    )


def _telegram(contract: Contract, executor: Executor, moment: str, prints: str, verify_url: str) -> str:
    """Fits under the files, in 1024 UTF-16 units, with the longest number and link."""
    return (
        f"{moment} вы подписали договор № {contract.number} с {executor.name[:100]}. Выше договор и сертификат "
        "подписи: кто, когда и как его подписал.\n\n"
        f"{prints}\n\n"
        f"Сохраните файлы. Проверить подпись: {verify_url}\n\n"
        f"Вы этого не подписывали? Сразу сообщите нам: {_contacts(executor)[:150]}."
    )


def _contacts(executor: Executor) -> str:
    return ", ".join(part for part in (executor.phone, executor.email) if part)


def _offset(zone: ZoneInfo, offset: str) -> str:
    """«время московское», else hours and minutes from UTC."""
    return "время московское" if zone.key == "Europe/Moscow" else f"UTC{offset[:3]}:{offset[3:]}"
