"""Refusals of connecting bots and Avito accounts."""

from domain.kernel.refusal import Refusal


class BotTaken(Refusal):
    """The bot is connected already, here or in another organisation."""

    code, status, title = "bot-taken", 409, "Бот уже подключён"


class BotInUse(Refusal):
    """Avito accounts are connected through this bot."""

    code, status, title = "bot-in-use", 409, "Бот используется"


class AccountTaken(Refusal):
    """This organisation has an Avito account with the same key."""

    code, status, title = "account-taken", 409, "Аккаунт Avito уже подключён"
