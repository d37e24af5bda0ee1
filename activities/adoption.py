"""Clients that have no workflow, and users that are no clients yet: found in the rows and begun."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from temporalio import activity

from domain.clock import Clock
from domain.onboarding import Status
from models import Client
from models.adoption import users_without_card, without_workflow
from models.database import Sessions
from models.organisation import FIRST

BATCH = 200
"""Clients per call; what is left is found by the next."""


class AdoptionActivities:
    """`begin` starts the workflow of a client unless it runs."""

    def __init__(self, sessions: Sessions, begin: Callable[[UUID], Awaitable[None]], now: Clock) -> None:
        self.sessions, self.begin, self.now = sessions, begin, now

    @activity.defn
    async def adopt_clients(self) -> int:
        """Give every user a card and every card a workflow, up to `BATCH` of each; how many workflows were begun."""
        await self._make_cards()
        async with self.sessions() as session:
            waiting = await without_workflow(session, BATCH)
        for client_id in waiting:
            await self.begin(client_id)
        return len(waiting)

    async def _make_cards(self) -> None:
        async with self.sessions.begin() as session:
            for user in await users_without_card(session, BATCH):
                at = self.now()
                client = Client(
                    organisation_id=FIRST,
                    user_id=user.id,
                    status=Status.NEW,
                    created_at=user.created_at or at,
                    updated_at=at,
                )
                client.index(user, None)
                session.add(client)
