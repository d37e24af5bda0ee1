"""Starts the workflows of rows that have none yet."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from temporalio import activity

from activities.onboarding.registration import add_card
from domain.kernel.clock import Clock
from models import Account, Bot
from models.kernel.database import Sessions
from models.onboarding.adoption import users_without_card, without_workflow

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
                add_card(session, user, self.now())


class ConnectionAdoptionActivities:
    """Each `begin` starts a workflow unless it runs: accounts and bots are looked after as long as their rows live."""

    def __init__(
        self,
        sessions: Sessions,
        begin_account: Callable[[UUID], Awaitable[None]],
        begin_bot: Callable[[UUID], Awaitable[None]],
    ) -> None:
        self.sessions, self.begin_account, self.begin_bot = sessions, begin_account, begin_bot

    @activity.defn
    async def begin_accounts_and_bots(self) -> int:
        """How many there are; a crash between a row and its workflow is healed here."""
        async with self.sessions() as session:
            bots, accounts = await Bot.live_ids(session), await Account.live_ids(session)
        for bot_id in bots:
            await self.begin_bot(bot_id)
        for account_id in accounts:
            await self.begin_account(account_id)
        return len(bots) + len(accounts)
