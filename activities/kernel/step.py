"""One transaction per step: the client's row is held, the draft becomes rows, the trail grows."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DBAPIError
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.kernel.command import Applied, Command, Outcome
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import DraftGone, InvalidValue, NotFound, Refusal, revived
from domain.onboarding.refusals import CardChanged, ClientTaken
from models import Client, Draft, Event
from models.kernel.columns import unseal
from models.kernel.database import Sessions
from models.kernel.draft import PAYLOAD
from models.onboarding.state import read_state

DATA_EXCEPTION = "22"
"""Class of SQLSTATE: too long, out of range, not of the type."""


@dataclass
class Step:
    """A step that is being done: the open transaction and what it works on.

    `source` is what ids of new rows come from: the draft, or `subject` (contract, invoice, client) and a purpose.
    """

    session: AsyncSession
    client: Client
    actor: Actor
    at: datetime
    source: UUID
    subject: UUID
    payload: dict[str, Any] = field(default_factory=dict)
    outcome: Outcome = field(default_factory=Outcome)
    trash: list[str] = field(default_factory=list)
    refusal: Refusal | None = None
    events: int = 0

    def record(self, verb: str, **details: Any) -> None:
        """Add to the client's trail; no personal data in `details`."""
        self.events += 1
        Event.add(self.session, self.client, self.actor, verb, self.at, self.id_for(f"event-{self.events}"), **details)

    def id_for(self, purpose: str) -> UUID:
        """The same id for the same purpose however often the step is tried."""
        return uuid5(self.source, purpose)

    def change_card(self) -> None:
        """Something that a contract shows has changed: an unsigned one is outdated from now on, with its code."""
        self.client.card_version += 1

    def refuse_after(self, refusal: Refusal) -> None:
        """Say no, but keep what this step has written (a wrong try is counted)."""
        self.refusal = refusal


Effect: TypeAlias = Callable[[Step], Awaitable[None]]


class Steps:
    """Opens steps; what every family of row activities is given."""

    def __init__(self, sessions: Sessions, keyring: Keyring, zone: ZoneInfo, now: Clock) -> None:
        self.sessions, self.keyring, self.zone, self.now = sessions, keyring, zone, now

    async def apply(self, command: Command, effect: Effect, *, takes: bool = True) -> Applied:
        """Turn the draft of a command into rows, once; a repeat answers what the first one did.

        `takes`: the first manager who does something holds the client from then on. `InvalidValue` for a value that
        PostgreSQL cannot store: no check of ours has seen it, and trying again would hold the client for ever.
        """
        try:
            return await self._apply(command, effect, takes)
        except DBAPIError as error:
            if str(getattr(error.orig, "sqlstate", "")).startswith(DATA_EXCEPTION):
                raise InvalidValue("Эти данные не удалось записать. Проверьте и сократите введённое.") from None
            raise

    async def _apply(self, command: Command, effect: Effect, takes: bool) -> Applied:
        async with self.sessions.begin() as session:
            held = await Draft.locked(session, command.client_id, command.draft_id)
            if held is None:
                await _locked(session, command.client_id)
                raise DraftGone("Запрос устарел. Повторите его.")
            client, draft = held
            if draft.applied_at is not None:
                return await self._again(session, client, draft)
            step = Step(
                session, client, command.actor, self.now(), command.draft_id, command.client_id, self._payload(draft)
            )
            if takes:
                _take(step)
            _expect(draft.expected_card_version, client)
            await effect(step)
            _finish(step, draft)
            applied = await self._applied(step)
        if step.refusal is not None:
            raise step.refusal
        return applied

    async def act(self, client_id: UUID, subject: UUID, purpose: str, effect: Effect, actor: Actor) -> Applied:
        """A step without a draft: a timer's, or the second half of a longer one; `effect` asks what is done already."""
        async with self.sessions.begin() as session:
            client = await _locked(session, client_id)
            step = Step(session, client, actor, self.now(), uuid5(subject, purpose), subject)
            await effect(step)
            return await self._applied(step)

    async def _applied(self, step: Step) -> Applied:
        await step.session.flush()
        return Applied(await read_state(step.session, step.client, self.zone), step.outcome, tuple(step.trash))

    async def _again(self, session: AsyncSession, client: Client, draft: Draft) -> Applied:
        outcome = dict(draft.outcome or {})
        if "refused" in outcome:
            raise revived(**outcome["refused"])
        state = await read_state(session, client, self.zone)
        return Applied(state, Outcome.kept(outcome), tuple(outcome.get("trash", ())))

    def _payload(self, draft: Draft) -> dict[str, Any]:
        return dict(unseal(self.keyring, PAYLOAD, draft.payload)) if draft.payload else {}


async def _locked(session: AsyncSession, client_id: UUID) -> Client:
    client = await Client.locked(session, client_id)
    if client is None:
        raise NotFound("Клиент не найден.")
    return client


def _take(step: Step) -> None:
    """The workflow has asked this already; rows are the last to be asked."""
    if step.actor.kind is not ActorKind.MANAGER:
        return
    if step.client.assigned_manager_id not in (None, step.actor.id):
        raise ClientTaken("Клиента ведёт другой менеджер.")
    if step.client.assigned_manager_id is None:
        step.client.assigned_manager_id = step.actor.id
        step.record("client-taken")
    step.client.last_step_at = step.at


def _expect(version: int | None, client: Client) -> None:
    """What was written for a card that has changed since would undo somebody's change unseen."""
    if version not in (None, client.card_version):
        raise CardChanged(
            "Карточку изменили, пока вы её открывали. Посмотрите, что изменилось, и сохраните ещё раз.",
            card_version=client.card_version,
        )


def _finish(step: Step, draft: Draft) -> None:
    step.client.updated_at = step.at
    draft.applied_at = step.at
    draft.payload = None
    if step.refusal is not None:
        draft.outcome = {
            "refused": {"code": step.refusal.code, "detail": step.refusal.detail, "extra": dict(step.refusal.extra)}
        }
    else:
        draft.outcome = {
            name: str(value) if isinstance(value, UUID) else value for name, value in asdict(step.outcome).items()
        } | {"trash": step.trash}
