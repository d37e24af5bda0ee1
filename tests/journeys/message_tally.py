"""Numbered messages of one side compared with what the other side has: lost, doubled, out of order."""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.journeys.conversation_setup import BuyerChat, ConnectedOrganisation, text_of
from tests.journeys.product import eventually

REPEAT: Final = "↻ возможен повтор"
HISTORY: Final = "Прежняя тема удалена."
"""Begins the reminder of what was said before, in a topic that was made again."""

_NUMBER: Final = re.compile(r"\[([бс]\d\d)\]")


def buyer_text(number: int) -> str:
    return f"[б{number:02}] Здравствуйте, это ещё продаётся?"


def staff_text(number: int) -> str:
    return f"[с{number:02}] Да, приезжайте смотреть."


@dataclass(frozen=True)
class Seen:
    """`marked`: said to be a possible repeat."""

    number: str
    marked: bool


@dataclass(frozen=True)
class Tally:
    """Of one conversation in one direction."""

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    """More than once, and nothing says that it may be a repeat."""

    disordered: bool

    @property
    def is_clean(self) -> bool:
        return self == CLEAN


CLEAN: Final = Tally((), (), False)


def tally(sent: Sequence[str], seen: Sequence[Seen]) -> Tally:
    """Order is that of the first time each was seen."""
    there = [one.number for one in seen]
    unmarked = Counter(one.number for one in seen if not one.marked)
    firsts = list(dict.fromkeys(there))
    return Tally(
        lost=tuple(one for one in sent if one not in there),
        doubled=tuple(number for number, times in unmarked.items() if times > 1),
        disordered=firsts != [one for one in sent if one in there],
    )


def in_topic(posts: Sequence[Mapping[str, Any]]) -> list[Seen]:
    """Buyer's numbers in the topic; texts that waited together stand in one post, each under its own mark."""
    found: list[Seen] = []
    for post in posts:
        text = text_of(post)
        if text.startswith(HISTORY):
            continue
        marked = False
        for line in text.split("\n"):
            if line == REPEAT:
                marked = True
            elif number := _NUMBER.search(line):
                found.append(Seen(number[1], marked))
                marked = False
    return [one for one in found if one.number.startswith("б")]


def at_buyer(messages: Sequence[Mapping[str, Any]]) -> list[Seen]:
    return [Seen(number, False) for one in messages for number in _NUMBER.findall(one["text"] or "")]


async def buyer_speaks(chat: BuyerChat, messages: int, first: int = 0) -> None:
    for number in range(first, first + messages):
        await chat.says(buyer_text(number))


async def staff_speak(chat: BuyerChat, messages: int, first: int = 0) -> None:
    for number in range(first, first + messages):
        await chat.writes(staff_text(number))


async def speak(chat: BuyerChat, messages: int, first: int = 0) -> None:
    """Both sides write at the same time, each one message after another."""
    await asyncio.gather(buyer_speaks(chat, messages, first), staff_speak(chat, messages, first))


@dataclass(frozen=True)
class Result:
    """Of all conversations of a shop: who, which way, what is wrong with it."""

    wrong: Mapping[str, Tally]

    @property
    def is_complete(self) -> bool:
        return not any(one.lost for one in self.wrong.values())


async def result(talks: Sequence[BuyerChat], messages: int) -> Result:
    organisation: ConnectedOrganisation = talks[0].organisation
    account, topics = await organisation.sandbox_client.account(organisation.user_id), await organisation.topics()
    wrong: dict[str, Tally] = {}
    for chat in talks:
        shown = in_topic(chat.posts_in(topics))
        got = at_buyer([one for one in chat.chat_in(account)["messages"] if one["via"] == "api"])
        wrong[f"{chat.buyer} → topic"] = tally([f"б{number:02}" for number in range(messages)], shown)
        wrong[f"staff → {chat.buyer}"] = tally([f"с{number:02}" for number in range(messages)], got)
    return Result({who: one for who, one in wrong.items() if not one.is_clean})


async def all_arrived(talks: Sequence[BuyerChat], messages: int, patience: float) -> Result:
    """As soon as nothing is lost, nothing waits, and two sweeps have brought nothing up again."""
    organisation = talks[0].organisation

    async def complete() -> bool:
        return (await result(talks, messages)).is_complete

    try:
        await eventually(complete, "everything arrives", patience, pause=0.3)
    except TimeoutError:
        return await result(talks, messages)
    await organisation.settled()
    await organisation.swept()
    return await result(talks, messages)
