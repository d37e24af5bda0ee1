"""Workflow of one Avito chat and its topic: runs actions one at a time and keeps deadlines."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from temporalio import workflow
from temporalio.common import Priority
from temporalio.exceptions import ActivityError, ApplicationError

from activities.conversations.answer import AnswerActivities
from activities.conversations.auto_reply import AutoReplyActivities
from activities.conversations.core.dialog import DialogActivities
from activities.conversations.core.messages import ChangeDialog, Conversation, Standing
from activities.conversations.reminder import ReminderActivities
from activities.conversations.show import ShowActivities
from domain.conversations.command import DialogVerb
from domain.kernel.refusal import InvalidValue, NotFound, Refusal
from workflows.conversations.agenda import Action, Agenda
from workflows.conversations.details import DOING, alarm_for, conversation_details
from workflows.conversations.start import StartConversation
from workflows.kernel.alarm import Alarm
from workflows.kernel.base import DurableWorkflow, is_gone
from workflows.kernel.names import ACCOUNT_ID, STATUS
from workflows.kernel.policies import CONVERSING, INTERACTIVE, TO_BUYER

LONGEST_RUN = 800
"""Events of a run; a worker that takes over reads all of them in a quarter of a second."""

Effect: TypeAlias = Callable[[Any, Conversation], Coroutine[Any, Any, Standing]]

EFFECTS: dict[Action, Effect] = {
    Action.SHOW: ShowActivities.show,
    Action.ANSWER: AnswerActivities.answer,
    Action.AUTO_REPLY: AutoReplyActivities.auto_reply,
    Action.REMIND: ReminderActivities.remind,
}

PRIORITIES = {Action.ANSWER: TO_BUYER, Action.AUTO_REPLY: TO_BUYER}


@workflow.defn(failure_exception_types=[Refusal])
class ConversationWorkflow(DurableWorkflow):
    """`conversation-{account_id}-{chat_id}`: the workflow id locks the chat in both directions.

    Ends when the dialog is closed and nothing waits, or after two quiet weeks; the next signal starts it again.
    """

    @workflow.init
    def __init__(self, start: StartConversation) -> None:
        super().__init__(STATUS, ACCOUNT_ID)
        self.account_id, self.chat_id = start.account_id, start.chat_id
        self.agenda = Agenda(start.standing, start.news, start.tries, workflow.now())
        self.one_at_a_time = asyncio.Lock()
        self.alarm = Alarm(self.wake_loop)
        self.is_woken = False

    @workflow.run
    async def run(self, start: StartConversation) -> str:  # noqa: ARG002  # `__init__` has taken it
        while True:
            now = workflow.now()
            if self.is_long(LONGEST_RUN):
                await self.continue_in_new_run()
            elif self.agenda.due(now):
                await self.run_due_action()
            elif self.agenda.standing is None:
                await self.load_standing()
            elif (end := self.agenda.end(now)) is not None:
                await workflow.wait_condition(workflow.all_handlers_finished)
                if self.agenda.end(workflow.now()) is end:
                    return end.value
            else:
                await self.wait()

    @workflow.signal
    def wake(self, side: str) -> None:
        """News from the buyer or from staff; the content is at Avito or in the rows."""
        self.agenda.add_news(side, workflow.now())
        self.wake_loop()

    @workflow.update
    async def change(self, command: ChangeDialog) -> Standing:
        """Changes the rows at once; topic and Avito follow with the next actions."""
        async with self.one_at_a_time:
            standing = await workflow.execute_local_activity_method(DialogActivities.change, command, **INTERACTIVE)
            self.agenda.reset(standing, workflow.now())
            self.show_details()
        self.wake_loop()
        return standing

    @change.validator
    def may_change(self, command: ChangeDialog) -> None:
        if (command.account_id, command.chat_id) != (self.account_id, self.chat_id):
            raise NotFound("Диалог не найден.")
        if command.verb not in set(DialogVerb):
            raise InvalidValue("Диалог можно закрыть, открыть снова или отправить заново.")

    # Steps of the loop.

    async def run_due_action(self) -> None:
        """Runs the due action, unless the holder of the lock has made it pointless."""
        async with self.one_at_a_time:
            action = self.agenda.due(workflow.now())
            if action is None:
                return
            self.agenda.start(action)
            self.show_details(action)
            standing = await self.run_action(action)
            self.agenda.record(action, standing, workflow.now())
            self.show_details()

    async def run_action(self, action: Action) -> Standing:
        is_read = action is Action.SHOW and self.agenda.is_read
        about = Conversation(self.account_id, self.chat_id, self.agenda.tries.get(action, 0), is_read)
        try:
            return await workflow.execute_activity_method(
                EFFECTS[action],
                about,
                summary=DOING[action],
                priority=PRIORITIES.get(action, Priority.default),
                **CONVERSING,
            )
        except ActivityError as error:
            return _nothing_there(error)

    async def load_standing(self) -> None:
        """Loads the standing of a run that was started without news, by an update or an operator."""
        async with self.one_at_a_time:
            if self.agenda.standing is not None:
                return
            about = Conversation(self.account_id, self.chat_id)
            try:
                standing = await workflow.execute_local_activity_method(DialogActivities.standing, about, **INTERACTIVE)
            except (ActivityError, ApplicationError) as error:
                standing = _nothing_there(error)
            self.agenda.reset(standing, workflow.now())
            self.show_details()

    async def wait(self) -> None:
        self.alarm.set(self.agenda.next_at(), alarm_for(self.agenda.next()))
        await workflow.wait_condition(lambda: self.is_woken)
        self.is_woken = False

    def wake_loop(self) -> None:
        self.is_woken = True

    async def continue_in_new_run(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        agenda = self.agenda
        tries = {action.value: count for action, count in agenda.tries.items()}
        workflow.continue_as_new(
            StartConversation(self.account_id, self.chat_id, agenda.standing, agenda.sides(), tries)
        )

    def show_details(self, doing: Action | None = None) -> None:
        attributes = {STATUS: self.agenda.status.value, ACCOUNT_ID: str(self.account_id)}
        self.show(conversation_details(self.agenda, doing), attributes)


def _nothing_there(error: ActivityError | ApplicationError) -> Standing:
    """Standing of a deleted account or chat, which ends the conversation; any other error is raised again."""
    if not is_gone(error):
        raise error
    return Standing(known=False)
