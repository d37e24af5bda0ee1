"""Workflow of one Avito account: keeps key, token and webhook, and sweeps the chats."""

from contextlib import suppress
from datetime import datetime, timedelta

from temporalio import workflow

from activities.channels.avito_keeper import AccountActivities, AccountStanding, Swept
from domain.kernel.trouble import Trouble
from workflows.channels.details import SWEEP_TIMER, account_details
from workflows.channels.start import StartAccount
from workflows.kernel.alarm import SHORTEST_TIMER
from workflows.kernel.base import DurableWorkflow
from workflows.kernel.names import ACCOUNT_ID, STATUS
from workflows.kernel.policies import CONVERSING
from workflows.kernel.status import WorkflowStatus

KEEP_EVERY = timedelta(minutes=10)
OFF_EVERY = timedelta(minutes=1)
"""Pause of sweeps while monitoring is off: messages of staff are sent all the same, and a wake may get lost."""

ROUNDS = 100
"""Sweeps of one run, some thousand events."""


@workflow.defn
class AccountWorkflow(DurableWorkflow):
    """`account-{account_id}`: runs until the account is deleted.

    While monitoring is off, a sweep does not call Avito and only wakes conversations with waiting rows.
    """

    @workflow.init
    def __init__(self, start: StartAccount) -> None:
        super().__init__(STATUS, ACCOUNT_ID)
        self.account_id = start.account_id
        self.sweep_every = timedelta(seconds=start.sweep_seconds)
        self.standing = start.kept
        self.kept_at = start.kept_at
        self.swept: Swept | None = None
        self.changed = False
        self.rounds = 0

    @workflow.run
    async def run(self, start: StartAccount) -> str:
        while True:
            standing = await self.kept()
            if not standing.exists:
                if not self.changed:
                    return "gone"
            elif self.rounds >= ROUNDS or self.is_long():
                workflow.continue_as_new(StartAccount(self.account_id, start.sweep_seconds, *self.found_out()))
            else:
                await self.sweep()
                await self.rest(self.sweep_every if standing.monitoring else max(self.sweep_every, OFF_EVERY))

    @workflow.signal
    def settings_changed(self) -> None:
        """The account's settings have changed, or it was deleted: it is checked anew."""
        self.changed = True

    async def kept(self) -> AccountStanding:
        """The account's standing; checked from time to time, after a change, and after a failed sweep."""
        troubled = self.swept is not None and self.swept.trouble not in (None, Trouble.TURN)
        old = self.kept_at is None or workflow.now() - self.kept_at >= KEEP_EVERY
        put_off = self.standing is not None and self.standing.trouble is Trouble.TURN
        if self.standing is None or self.changed or troubled or old or put_off:
            self.changed = False
            self.standing = await workflow.execute_activity_method(
                AccountActivities.keep, self.account_id, summary="проверяем ключ и вебхук", **CONVERSING
            )
            self.kept_at, self.swept = workflow.now(), None
            self.show_details(self.standing)
        return self.standing

    async def sweep(self) -> None:
        self.rounds += 1
        self.swept = await workflow.execute_activity_method(
            AccountActivities.sweep, self.account_id, summary="обходим чаты", **CONVERSING
        )
        if self.standing is not None:
            self.show_details(self.standing)

    async def rest(self, wait: timedelta) -> None:
        """Waits for the next sweep or for the time that Avito names."""
        if self.swept is not None and self.swept.retry_at is not None:
            told = min(self.swept.retry_at - workflow.now(), KEEP_EVERY)
            # Who is put off in the account's queue comes back for his turn.
            wait = told if self.swept.trouble is Trouble.TURN else max(wait, told)
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self.changed, timeout=max(wait, SHORTEST_TIMER), timeout_summary=SWEEP_TIMER
            )

    def found_out(self) -> tuple[AccountStanding | None, datetime | None]:
        """Carried over to the next run; nothing after a change that was not checked yet."""
        return (None, None) if self.changed else (self.standing, self.kept_at)

    def show_details(self, standing: AccountStanding) -> None:
        swept = self.swept
        trouble = swept.trouble if swept else standing.trouble
        details = account_details(
            healthy=standing.healthy,
            monitoring=standing.monitoring,
            found=swept.found if swept else 0,
            trouble=trouble,
            at=workflow.now(),
        )
        working = WorkflowStatus.ACTIVE if standing.healthy and trouble is None else WorkflowStatus.STUCK
        status = working if standing.monitoring else WorkflowStatus.OFF
        self.show(details, {STATUS: status.value, ACCOUNT_ID: str(self.account_id)})
