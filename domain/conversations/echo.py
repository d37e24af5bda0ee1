"""Which of our sends reached Avito: an answer that got lost is looked up in the chat, because a send has no key."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.conversations.content import Kind
from domain.kernel.text import normalised

SKEW: Final = timedelta(seconds=5)
"""How far Avito's clock may be behind ours."""

# A text that holds an address may come back as a link.
_COMES_BACK_AS: Final = {Kind.TEXT: frozenset({"text", "link"}), Kind.IMAGE: frozenset({"image"})}


@dataclass(frozen=True)
class Listed:
    """A message in Avito's list; `text` of a link is its text, `created` is whole seconds."""

    id: str
    direction: str
    type: str
    text: str
    created: datetime


@dataclass(frozen=True)
class Claimed:
    """A send whose outcome is unknown: Kind.TEXT or Kind.IMAGE (of an image the text says nothing)."""

    send_id: UUID
    kind: Kind
    text: str
    started_at: datetime


def adopt(listing: Iterable[Listed], claims: Iterable[Claimed], owned: Set[str]) -> dict[UUID, str]:
    """For each send that is found in the chat the id that Avito gave it; k equal texts need k listed messages.

    `owned`: ids that belong to other sends of ours. Of equal candidates the oldest goes to the oldest send.
    """
    free = sorted((one for one in listing if one.direction == "out" and one.id not in owned), key=_age)
    adopted: dict[UUID, str] = {}
    for claim in sorted(claims, key=lambda one: one.started_at):
        found = next(_candidates(free, claim), None)
        if found is not None:
            free = [one for one in free if one.id != found.id]
            adopted[claim.send_id] = found.id
    return adopted


def _candidates(free: Iterable[Listed], claim: Claimed) -> Iterator[Listed]:
    earliest = (claim.started_at - SKEW).replace(microsecond=0)
    for one in free:
        if one.created >= earliest and one.type in _COMES_BACK_AS.get(claim.kind, frozenset()) and _same(one, claim):
            yield one


def _same(listed: Listed, claim: Claimed) -> bool:
    """An image has no words and its id in the chat is not the one that it was uploaded under."""
    return claim.kind is Kind.IMAGE or normalised(listed.text) == normalised(claim.text)


def _age(listed: Listed) -> datetime:
    return listed.created
