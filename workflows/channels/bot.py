"""Workflow of one Telegram bot: keeps its webhook or polls it, and answers requests to it."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.channels.bot_keeper import BotActivities, BotStanding
from domain.kernel.trouble import Trouble
from workflows.channels.details import KEEP_TIMER, bot_details
from workflows.channels.start import StartBot
from workflows.kernel.base import DurableWorkflow
from workflows.kernel.names import POLLING_QUEUE, STATUS
from workflows.kernel.policies import CONVERSING, POLLING
from workflows.kernel.status import WorkflowStatus

KEEP_POLLED_EVERY = timedelta(seconds=60)
KEEP_WEBHOOK_EVERY = timedelta(minutes=5)
ROUNDS = 100
EXTRA_ROUNDS = 20
"""Rounds that a new run is delayed for the end of a poll."""

TOO_SHORT = timedelta(minutes=1)
"""A poll that ends sooner was prevented: the next one waits."""

PAUSE = timedelta(seconds=30)

OWN_QUEUE = "polls-on-a-queue-of-their-own"
"""Runs that began before poll on the queue of the conversations until they continue as new."""

CAN_SPEAK = (None, Trouble.WEBHOOK, Trouble.GROUP)
"""Troubles in which the bot can still send."""


@workflow.defn
class BotWorkflow(DurableWorkflow):
    """`bot-{bot_id}`: runs until the bot is deleted."""

    @workflow.init
    def __init__(self, start: StartBot) -> None:
        super().__init__(STATUS)
        self.bot_id = start.bot_id
        self.standing: BotStanding | None = None
        self.news = False
        self.polling: asyncio.Task[None] | None = None
        self.rounds = 0

    @workflow.run
    async def run(self, start: StartBot) -> str:  # noqa: ARG002  # `__init__` has taken it
        while True:
            self.news = False
            standing = await self.keep()
            if not standing.exists:
                await self.stop_polling()
                if self.news:
                    continue
                return "gone"
            await self.poll_if(standing.polled)
            if standing.trouble in CAN_SPEAK:
                await self.answer_requests()
            if self.should_end():
                await self.stop_polling()
                workflow.continue_as_new(StartBot(self.bot_id))
            await self.rest(standing)

    @workflow.signal
    def woken(self) -> None:
        """There is a request to the bot, or its settings have changed."""
        self.news = True

    async def keep(self) -> BotStanding:
        self.rounds += 1
        self.standing = await workflow.execute_activity_method(
            BotActivities.keep, self.bot_id, summary="проверяем бота, вебхук и группу", **CONVERSING
        )
        self.show_details(self.standing)
        return self.standing

    async def answer_requests(self) -> None:
        await workflow.execute_activity_method(
            BotActivities.answer_requests, self.bot_id, summary="отвечаем на команды", **CONVERSING
        )

    async def rest(self, standing: BotStanding) -> None:
        often = standing.polled or standing.trouble
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self.news or self.should_end(),
                timeout=KEEP_POLLED_EVERY if often else KEEP_WEBHOOK_EVERY,
                timeout_summary=KEEP_TIMER,
            )

    # Polling, in parallel.

    async def poll_if(self, wanted: bool) -> None:
        if not wanted:
            await self.stop_polling()
        elif self.polling is None and self.rounds < ROUNDS:
            self.polling = asyncio.create_task(self.poll())

    async def poll(self) -> None:
        """Polls again and again; each poll ends by itself."""
        began = workflow.now()
        queue = POLLING_QUEUE if workflow.patched(OWN_QUEUE) else None
        try:
            await workflow.execute_activity_method(
                BotActivities.poll,
                self.bot_id,
                task_queue=queue,
                summary="слушаем бота",
                cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
                **POLLING,
            )
            if workflow.now() - began < TOO_SHORT:
                await workflow.sleep(PAUSE, summary="пауза перед новым опросом")
        except ActivityError:
            # Cancelled or refused: `keep` reports the cause, and the next round polls again.
            return
        finally:
            self.polling = None
        await self.poll_if(self.standing is not None and self.standing.polled)

    async def stop_polling(self) -> None:
        """Cancels the poll and waits for its end: Telegram refuses two at once."""
        polling = self.polling
        if polling is not None:
            polling.cancel()
            with suppress(asyncio.CancelledError):
                await polling

    def should_end(self) -> bool:
        return self.is_long() or self.rounds >= ROUNDS + (EXTRA_ROUNDS if self.polling else 0)

    def show_details(self, standing: BotStanding) -> None:
        details = bot_details(polled=standing.polled, trouble=standing.trouble, at=workflow.now())
        self.show(details, {STATUS: (WorkflowStatus.STUCK if standing.trouble else WorkflowStatus.ACTIVE).value})
