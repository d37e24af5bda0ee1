"""Checks the chains of all clients, and authenticates the heads of earlier releases (ADR 0028)."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid5

from temporalio import activity

from activities.deliveries.queue import Letter, NewDelivery, queue_delivery
from domain.clients.trail import Break, BreakKind, Chain
from domain.deliveries.delivery import Channel, Purpose
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from logs import FIELDS
from models.clients.client import Client
from models.kernel.database import Sessions
from models.operations.trails import (
    CERTIFIED,
    SIGNED,
    STAMPED,
    Signed,
    clients_without_mac,
    freeze,
    heads_of,
    links_of,
    next_clients,
    note_break,
    owners_of,
    signatures_of,
)

CLIENTS_AT_ONCE: Final = 100
NOTE_KEPT: Final = timedelta(days=7)
"""How long a note to an owner is tried."""

log = logging.getLogger("privet.trails")


@dataclass(frozen=True)
class Walked:
    """A walk over all chains. `unkeyed`: heads without a MAC; `all_keyed`: from now on none may be without."""

    clients: int = 0
    events: int = 0
    unkeyed: int = 0
    breaks: int = 0
    all_keyed: bool = False


class TrailActivities:
    """`web_url` is the app's address, for notes to owners."""

    def __init__(self, sessions: Sessions, keyring: Keyring, web_url: str, now: Clock) -> None:
        self.sessions, self.keyring, self.web_url, self.now = sessions, keyring, web_url, now

    @activity.defn
    async def verify_trails(self, all_keyed: bool) -> Walked:
        """Check every chain, its head and the signed contracts; goes on where a dead worker left off.

        `all_keyed`: an earlier walk found every head with a MAC. New breaks are kept, logged and told to the owners.
        """
        after, walked = _left_off()
        while clients := await self._next(after):
            walked, found = await self._check(clients, walked, all_keyed=all_keyed)
            for one in found:
                await self._tell(one)
            after = clients[-1]
            activity.heartbeat(str(after), walked)
        return replace(walked, all_keyed=all_keyed or walked.unkeyed == 0)

    @activity.defn
    async def key_trails(self) -> int:
        """Authenticate the heads without a MAC whose chain is whole; returns their number."""
        after, keyed = None, 0
        while True:
            async with self.sessions() as session:
                waiting = await clients_without_mac(session, after, CLIENTS_AT_ONCE)
            for client_id in waiting:
                keyed += await self._key(client_id)
            if len(waiting) < CLIENTS_AT_ONCE:
                return keyed
            after = waiting[-1]
            activity.heartbeat()

    async def _next(self, after: UUID | None) -> Sequence[UUID]:
        async with self.sessions() as session:
            return await next_clients(session, after, CLIENTS_AT_ONCE)

    async def _check(self, clients: Sequence[UUID], walked: Walked, *, all_keyed: bool) -> tuple[Walked, list[Break]]:
        """Heads, events and contracts of some clients, in one snapshot."""
        async with self.sessions() as session:
            await freeze(session)
            heads = await heads_of(session, clients)
            chains = {head.client_id: Chain(self.keyring, head.client_id) for head in heads}
            told: dict[tuple[str, str], tuple[UUID, Mapping[str, Any]]] = {}
            async for link, stored in links_of(session, clients):
                chains[link.client_id].follow(link, stored)
                if link.verb in (SIGNED, CERTIFIED, STAMPED) and link.details:
                    told[link.verb, str(link.details.get("contract_id"))] = (link.client_id, link.details)
            signed = await signatures_of(session, clients)
        ends = (chains[head.client_id].end(head, must_be_keyed=all_keyed) for head in heads)
        found = [*(one for one in ends if one is not None), *_differing(signed, told)]
        return (
            replace(
                walked,
                clients=walked.clients + len(heads),
                events=walked.events + sum(chain.count for chain in chains.values()),
                unkeyed=walked.unkeyed + sum(head.mac is None for head in heads),
                breaks=walked.breaks + len(found),
            ),
            found,
        )

    async def _tell(self, found: Break) -> None:
        async with self.sessions.begin() as session:
            break_id = await note_break(session, found, self.now())
            if break_id is None:
                return
            for owner in await owners_of(session, found.client_id):
                await queue_delivery(session, self.keyring, self._note(break_id, owner.id))
        fields = {"client_id": str(found.client_id), "kind": found.kind.value, "ordinal": found.ordinal}
        log.error("trail is broken", extra={FIELDS: fields})

    def _note(self, break_id: UUID, manager_id: UUID) -> NewDelivery:
        text = (
            "Проверка журнала нашла нарушение: записи о действиях с карточкой клиента изменены или удалены в обход "
            f"приложения. Откройте список нарушений: {self.web_url}/evidence. Не восстанавливайте базу из копии, пока "
            "не сохранили её нынешнее состояние: оно понадобится, чтобы выяснить, что произошло."
        )
        return NewDelivery(
            id=uuid5(break_id, f"note-{manager_id}"),
            purpose=Purpose.OWNER_NOTE,
            channels=(Channel.MAIL, Channel.TELEGRAM),
            letter=Letter("Нарушение в журнале действий", text),
            at=self.now(),
            expires_at=self.now() + NOTE_KEPT,
            manager_id=manager_id,
        )

    async def _key(self, client_id: UUID) -> bool:
        async with self.sessions.begin() as session:
            client = await Client.locked(session, client_id)
            if client is None or client.events_mac is not None:
                return False
            chain = Chain(self.keyring, client_id)
            async for link, stored in links_of(session, [client_id]):
                chain.follow(link, stored)
            if chain.end(client.head, must_be_keyed=False) is not None:
                return False
            client.key_head(self.keyring)
        return True


def _left_off() -> tuple[UUID | None, Walked]:
    details = activity.info().heartbeat_details
    if len(details) != 2:
        return None, Walked()
    after, walked = details
    return UUID(after), walked if isinstance(walked, Walked) else Walked(**walked)


_Told: TypeAlias = Mapping[tuple[str, str], tuple[UUID, Mapping[str, Any]]]
"""Client and details of the events of signatures and certificates, by verb and contract."""


def _differing(signed: Sequence[Signed], told: _Told) -> list[Break]:
    """Clients with a signed contract that its events do not confirm, or with an event whose contract is not signed."""
    rows = {str(one.contract_id): one for one in signed}
    clients = {one.client_id for one in signed if not _confirms(one, told)}
    clients |= {client_id for (_, key), (client_id, _) in told.items() if key not in rows}
    return [Break(client_id, BreakKind.CONTRACT) for client_id in sorted(clients)]


def _confirms(row: Signed, told: _Told) -> bool:
    """Whether signature, certificate and its stamped edition are those of their events; what neither has is missing."""
    key = str(row.contract_id)
    client_id, details = told.get((SIGNED, key), (None, {}))
    if (client_id, details.get("number"), details.get("sha256")) != (row.client_id, row.number, row.sha256):
        return False
    papers = ((CERTIFIED, row.certificate_sha256), (STAMPED, row.stamped_sha256))
    return all(told.get((verb, key), (None, {}))[1].get("sha256") == sha256 for verb, sha256 in papers)
