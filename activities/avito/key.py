"""What Avito lets a key do, and where it does not: one Russian line that says what to change."""

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
    """Of a refusal to the key as such: of `/token`, or a 402 anywhere."""
    return SUBSCRIPTION if isinstance(refused, PaymentRequired) else REFUSED


async def try_out(avito: AvitoAccount) -> None:
    """What conversations need: the list of chats, and what is in one. Unauthorised or PaymentRequired where it fails.

    An employee's key is answered with a list that lacks the company's chats, or all of them, and refused everything
    else (Avito's guide on the hierarchy of accounts). A single chat may be closed to anybody, so some are tried;
    without any, a voice message that does not exist is asked for.
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
    """What a fresh token may not do; None where all is well."""
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
