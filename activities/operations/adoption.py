"""Starts workflows for rows without one."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from temporalio import activity

from activities.onboarding.registration import add_card
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from models import Account, Bot
from models.kernel.database import Sessions
from models.onboarding.adoption import users_without_card, without_workflow

BATCH = 200
"""Clients per call; the next call finds the rest."""


class AdoptionActivities:
    """`begin` starts the workflow of a client unless it runs."""

    def __init__(
        self, sessions: Sessions, keyring: Keyring, begin: Callable[[UUID], Awaitable[None]], now: Clock
    ) -> None:
        self.sessions, self.keyring, self.begin, self.now = sessions, keyring, begin, now

    @activity.defn
    async def adopt_clients(self) -> int:
        """Make missing cards and start missing workflows, up to `BATCH` of each; returns the number of workflows."""
        await self._make_cards()
        async with self.sessions() as session:
            waiting = await without_workflow(session, BATCH)
        for client_id in waiting:
            await self.begin(client_id)
        return len(waiting)

    async def _make_cards(self) -> None:
        async with self.sessions.begin() as session:
            for user in await users_without_card(session, BATCH):
                add_card(session, self.keyring, user, self.now())


class ConnectionAdoptionActivities:
    """Starts the workflows of accounts and bots. `begin_account` and `begin_bot` skip a running workflow."""

    def __init__(
        self,
        sessions: Sessions,
        begin_account: Callable[[UUID], Awaitable[None]],
        begin_bot: Callable[[UUID], Awaitable[None]],
    ) -> None:
        self.sessions, self.begin_account, self.begin_bot = sessions, begin_account, begin_bot

    @activity.defn
    async def begin_accounts_and_bots(self) -> int:
        """Returns the number of bots and accounts; repairs a crash between the commit of a row and the start."""
        async with self.sessions() as session:
            bots, accounts = await Bot.live_ids(session), await Account.live_ids(session)
        for bot_id in bots:
            await self.begin_bot(bot_id)
        for account_id in accounts:
            await self.begin_account(account_id)
        return len(bots) + len(accounts)
