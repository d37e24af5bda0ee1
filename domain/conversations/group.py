"""May a bot work in a group: what hinders it, and what a person has to do about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.kernel import sizes

HERE: Final = ("creator", "administrator", "member", "restricted")
"""Telegram's states of a member; the others are `left` and `kicked`."""

ADMINISTRATORS: Final = ("creator", "administrator")


class GroupFault(StrEnum):
    NO_CHAT = "no-chat"
    PRIVATE = "private"
    CHANNEL = "channel"
    OUT = "out"
    NO_TOPICS = "no-topics"
    NOT_ADMINISTRATOR = "not-administrator"
    NO_RIGHT = "no-right"
    MUTED = "muted"


ADVICE: Final[Mapping[GroupFault, str]] = {
    GroupFault.NO_CHAT: (
        "Telegram не находит такой группы, или бота в ней нет: добавьте бота в группу и впишите id, который покажет "
        "в ней команда /getid."
    ),
    GroupFault.PRIVATE: "Это id личного чата, а не группы: впишите id, который покажет в группе команда /getid.",
    GroupFault.CHANNEL: "Это канал, а не группа: впишите id группы, его покажет в ней команда /getid.",
    GroupFault.OUT: "Бота нет в группе: верните его и сделайте администратором с правом управлять темами.",
    GroupFault.NO_TOPICS: "В группе выключены темы: включите их в настройках группы.",
    GroupFault.NOT_ADMINISTRATOR: (
        "Бот в группе не администратор и потому не видит сообщений и не может создавать темы: сделайте его "
        "администратором с правом управлять темами."
    ),
    GroupFault.NO_RIGHT: "У бота в группе нет права управлять темами: дайте его в правах администратора.",
    GroupFault.MUTED: "Боту запрещено писать в группе: снимите запрет и сделайте его администратором.",
}


@dataclass(frozen=True)
class GroupFacts:
    """What Telegram says of a chat and of the bot in it.

    `kind`: private, group, supergroup or channel. `status`: creator, administrator, member, restricted, left, kicked.
    """

    kind: str
    is_forum: bool
    status: str
    can_manage_topics: bool
    can_send: bool = True


def faults_of(facts: GroupFacts) -> tuple[GroupFault, ...]:
    """Everything that hinders, so that one visit to the group's settings is enough; empty: the bot may work.

    An administrator reads all messages whatever the bot's privacy mode, and creating topics needs
    `can_manage_topics` (Bot API, createForumTopic).
    """
    if facts.kind == "private":
        return (GroupFault.PRIVATE,)
    if facts.kind == "channel":
        return (GroupFault.CHANNEL,)
    if facts.status not in HERE:
        return (GroupFault.OUT,)
    found = [] if facts.is_forum else [GroupFault.NO_TOPICS]
    if facts.status not in ADMINISTRATORS:
        found.append(GroupFault.NOT_ADMINISTRATOR if facts.can_send else GroupFault.MUTED)
    elif facts.status == "administrator" and not facts.can_manage_topics:
        found.append(GroupFault.NO_RIGHT)
    return tuple(found)


def advice(faults: Iterable[GroupFault]) -> str | None:
    """One line for people; None without a fault."""
    return " ".join(ADVICE[fault] for fault in faults) or None


def meant_by(chat_id: int) -> tuple[int, ...]:
    """Ids that were probably meant: people lose the minus, or the `-100` that an id of a supergroup begins with."""
    digits = str(abs(chat_id))
    forms = [-int(f"100{digits}"), -abs(chat_id)]
    if digits.startswith("100") and len(digits) > len("1001234567"):
        forms.reverse()
    return tuple(one for one in forms if one != chat_id and abs(one) <= sizes.EXACT_INTEGER)
