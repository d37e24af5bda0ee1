"""Checks of a bot's token and an Avito key against their services, while a person waits."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from activities.avito.key import SUBSCRIPTION, Verdict, examine
from activities.conversations.telegram_side.group_check import GroupVerdict, check_new_group
from domain.kernel.refusal import InvalidValue, Unavailable, WrongStep
from domain.kernel.trouble import Trouble
from gateways.avito.client import Avito
from gateways.outcome import NotDone, PaymentRequired, Rejected, Unauthorised, Unknown
from gateways.outcome import NotFound as NotThere
from gateways.telegram.client import TelegramApi
from gateways.telegram.shapes import Me
from models.channels.account import AccountStatus

PATIENCE: Final = 10.0
"""Seconds."""

TOKEN_OVER: Final = "Telegram больше не принимает токен этого бота. Укажите новый."  # noqa: S105 - a sentence
BAD_ADDRESS: Final = "Telegram не принял адрес webhook. Нужен https и порт 443, 80, 88 или 8443 (WEBHOOK_BASE_URL)."
BAD_TOKEN: Final = "Telegram не принял токен. Скопируйте его у @BotFather ещё раз, целиком."  # noqa: S105 - a sentence
BAD_KEY: Final = "Avito не принял ключ. Проверьте Client ID и Client Secret в личном кабинете Avito."
NO_TELEGRAM: Final = "Telegram сейчас не отвечает. Повторите через минуту."
NO_AVITO: Final = "Avito сейчас не отвечает. Повторите через минуту."
NO_RIGHT: Final = Verdict(
    AccountStatus.BLOCKED,
    "Avito не пускает этот ключ к сообщениям: нужен ключ основного аккаунта компании и тариф с API мессенджера.",
)


@dataclass(frozen=True)
class CheckedToken:
    """A bot's token and the bot that it belongs to."""

    token: str = field(repr=False)
    me: Me


@dataclass(frozen=True)
class CheckedKey:
    """A key and its Avito account, if it is known; `verdict` says why its messages cannot be read, if they cannot."""

    client_id: str
    secret: str = field(repr=False)
    user_id: int | None
    verdict: Verdict | None = None


async def check_token(telegram: TelegramApi, token: str) -> CheckedToken:
    """InvalidValue for a token of no bot, Unavailable while Telegram is away."""
    try:
        with _patiently(NO_TELEGRAM):
            async with asyncio.timeout(PATIENCE):
                return CheckedToken(token, await telegram.bot(token).me())
    except Rejected:
        raise InvalidValue(BAD_TOKEN, [{"loc": ["body", "token"], "msg": BAD_TOKEN}]) from None


async def check_typed_group(telegram: TelegramApi, token: str, chat_id: int) -> GroupVerdict:
    """InvalidValue for a group that the bot cannot work in; while Telegram is away it is judged later."""
    verdict = await check_new_group(telegram.bot(token), chat_id)
    if verdict.trouble is Trouble.GROUP and verdict.reason is not None:
        raise InvalidValue(verdict.reason, [{"loc": ["body", "group_chat_id"], "msg": verdict.reason}])
    return verdict


async def set_webhook(telegram: TelegramApi, token: str, url: str, secret: str) -> None:
    """WrongStep when Telegram refuses, Unavailable while it is away."""
    try:
        with _patiently(NO_TELEGRAM):
            async with asyncio.timeout(PATIENCE):
                await telegram.bot(token).set_webhook(url, secret)
    except (Unauthorised, NotThere):
        raise WrongStep(TOKEN_OVER) from None
    except Rejected:
        raise WrongStep(BAD_ADDRESS) from None


async def check_key(avito: Avito, client_id: str, secret: str) -> CheckedKey:
    """InvalidValue for a key that Avito does not know, Unavailable while it is away."""
    with _patiently(NO_AVITO):
        async with asyncio.timeout(PATIENCE):
            try:
                token = (await avito.token(client_id, secret)).value
            except PaymentRequired:
                return CheckedKey(client_id, secret, None, SUBSCRIPTION)
            except Rejected:
                places = ("api_client_id", "api_client_secret")
                raise InvalidValue(BAD_KEY, [{"loc": ["body", place], "msg": BAD_KEY} for place in places]) from None
            return CheckedKey(client_id, secret, *await _account(avito, token))


async def _account(avito: Avito, token: str) -> tuple[int | None, Verdict | None]:
    user_id: int | None = None
    try:
        user_id = await avito.me(token)
        return user_id, await examine(avito.account(user_id, token))
    except PaymentRequired:
        return user_id, SUBSCRIPTION
    except Rejected:
        return user_id, NO_RIGHT


@contextmanager
def _patiently(absent: str) -> Iterator[None]:
    try:
        yield
    except (NotDone, Unknown, TimeoutError):
        raise Unavailable(absent) from None
