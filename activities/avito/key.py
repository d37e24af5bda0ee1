"""What a key of Avito may do, and one Russian line about what to change if it may not."""

from dataclasses import dataclass
from typing import Final

from gateways.avito.client import AvitoAccount
from gateways.outcome import NotFound, PaymentRequired, Rejected, Unauthorised
from models.channels.account import AccountStatus


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


TRIED: Final = 3
NO_VOICE: Final = "00000000-0000-4000-8000-000000000000"


def of_refusal(refused: Rejected) -> Verdict:
    """Verdict on a refusal of the key as such: of `/token`, or a 402 anywhere."""
    return SUBSCRIPTION if isinstance(refused, PaymentRequired) else REFUSED


async def try_out(avito: AvitoAccount) -> None:
    """Calls what conversations need: the list of chats and one chat. Raises Unauthorised or PaymentRequired.

    An employee's key may list chats, with or without the company's, and nothing else (Avito's guide on the hierarchy of
    accounts). A single chat may be closed to any key, so up to `TRIED` are tried; without chats, a voice message that
    does not exist.

    """
    chats = await avito.chats(limit=TRIED)
    refused: Unauthorised | None = None
    for chat in chats:
        try:
            await avito.chat(chat.id)
        except NotFound:
            return
        except Unauthorised as error:
            refused = error
        else:
            return
    if refused is not None:
        raise refused
    try:
        await avito.voice_url(NO_VOICE)
    except (Unauthorised, PaymentRequired):
        raise
    except Rejected:
        return


async def examine(avito: AvitoAccount) -> Verdict | None:
    """What is wrong with a fresh token; None if nothing is."""
    try:
        await avito.chats(limit=1)
    except PaymentRequired:
        return SUBSCRIPTION
    except Unauthorised as error:
        return REFUSED if error.status == 401 else SUBSCRIPTION
    try:
        await try_out(avito)
    except PaymentRequired:
        return SUBSCRIPTION
    except Unauthorised:
        return EMPLOYEE
    return None
