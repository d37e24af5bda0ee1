"""Matching of sends of unknown outcome with the chat's messages: a send to Avito has no idempotency key."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.conversations.content import Kind
from domain.kernel.text import normalised

SKEW: Final = timedelta(seconds=5)
"""Largest lag of Avito's clock."""

# A text that holds an address may come back as a link.
_COMES_BACK_AS: Final = {Kind.TEXT: frozenset({"text", "link"}), Kind.IMAGE: frozenset({"image"})}


@dataclass(frozen=True)
class Listed:
    """A message in Avito's list; of a link `text` is its text; `created` is in whole seconds."""

    id: str
    direction: str
    type: str
    text: str
    created: datetime


@dataclass(frozen=True)
class Claimed:
    """A send of unknown outcome, of kind text or image (an image has no text)."""

    send_id: UUID
    kind: Kind
    text: str
    started_at: datetime


def adopt(listing: Iterable[Listed], claims: Iterable[Claimed], owned: Set[str]) -> dict[UUID, str]:
    """Avito's ids of the found sends; k equal texts need k listed messages.

    `owned`: ids of other own sends. Of equal candidates the oldest goes to the oldest send.
    """
    outgoing = (one for one in listing if one.direction == "out" and one.id not in owned)
    free = sorted(outgoing, key=lambda one: one.created)
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
    """An image has no text, and its id in the chat differs from the uploaded one."""
    return claim.kind is Kind.IMAGE or normalised(listed.text) == normalised(claim.text)
