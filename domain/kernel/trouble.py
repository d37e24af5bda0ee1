"""Causes that block a conversation, an account or a bot."""

from enum import StrEnum


class Trouble(StrEnum):
    """`telegram` and `avito`: the service does not answer or refuses; `budget`: the group's own send budget is used up;
    `turn`: Avito has asked to slow down, and others of the account come first.

    `key` and `token`: Avito refuses the account's key, Telegram the bot's token; `gone`: the account is deleted;
    `webhook`: Telegram refuses the webhook or cannot deliver to it;
    `group`: it cannot work in its group. Values are part of saved histories.
    """

    TELEGRAM = "telegram"
    AVITO = "avito"
    BUDGET = "budget"
    TURN = "turn"
    KEY = "key"
    GONE = "gone"
    TOKEN = "token"  # noqa: S105
    WEBHOOK = "webhook"
    GROUP = "group"
