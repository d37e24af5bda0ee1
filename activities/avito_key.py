"""What Avito lets a key do, and where it does not: one Russian line that says what to change."""

from dataclasses import dataclass
from typing import Final

from gateways.avito import AvitoAccount
from gateways.outcome import NotFound, PaymentRequired, Rejected, Unauthorised
from models.account import AccountStatus


@dataclass(frozen=True)
class Verdict:
    status: AccountStatus
    reason: str


REFUSED: Final = Verdict(
    AccountStatus.EXPIRED,
    "Ключ не принят: Avito не узнаёт client_id и client_secret. Выпустите ключ заново в кабинете Avito и впишите его.",
)
SUBSCRIPTION: Final = Verdict(
    AccountStatus.BLOCKED,
    "Подписка не включает доступ к сообщениям: подключите на Avito тариф «Максимальный» "
    "(для услуг подойдёт и «Расширенный»).",
)
EMPLOYEE: Final = Verdict(
    AccountStatus.BLOCKED,
    "Ключ принадлежит сотруднику: Avito открывает сообщения только ключу основного аккаунта компании. "
    "Выпустите ключ в нём и впишите его.",
)


def of_refusal(refused: Rejected) -> Verdict:
    """Of a refusal to the key as such: of `/token`, or a 402 anywhere."""
    return SUBSCRIPTION if isinstance(refused, PaymentRequired) else REFUSED


async def examine(avito: AvitoAccount, refused: Rejected | None = None) -> Verdict | None:
    """None when the key may do what we need. `refused` is what a fresh token has met already.

    An employee's key lists chats, but opens none (Avito's guide on the hierarchy of accounts), and does not list those
    on the company's items.
    """
    try:
        chats = await avito.chats(limit=1)
    except PaymentRequired:
        return SUBSCRIPTION
    except Unauthorised as error:
        return REFUSED if error.status == 401 else SUBSCRIPTION
    if not chats:
        return EMPLOYEE if refused is not None and refused.status == 403 else None
    try:
        await avito.chat(chats[0].id)
    except PaymentRequired:
        return SUBSCRIPTION
    except Unauthorised:
        return EMPLOYEE
    except NotFound:
        pass
    return None
