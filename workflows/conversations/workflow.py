"""One Avito chat and its topic: news are shown and answered one after another, deadlines are met, nothing is lost."""

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
from activities.conversations.reminder import SilenceActivities
from activities.conversations.show import ShowActivities
from domain.kernel.refusal import InvalidValue, NotFound, Refusal
from workflows.conversations.agenda import Agenda, Step
from workflows.conversations.details import DOING, alarm_for, tell_conversation
from workflows.conversations.start import StartConversation
from workflows.kernel.alarm import Alarm
from workflows.kernel.base import DurableWorkflow, is_gone
from workflows.kernel.names import ACCOUNT_ID, STATUS
from workflows.kernel.policies import CONVERSING, INTERACTIVE, TO_BUYER

LONGEST_RUN = 800
"""Events; a worker that takes over a conversation reads all of them, in a quarter of a second."""

VERBS = ("close", "reopen", "retry")

Effect: TypeAlias = Callable[[Any, Conversation], Coroutine[Any, Any, Standing]]

EFFECTS: dict[Step, Effect] = {
    Step.SHOW: ShowActivities.show,
    Step.ANSWER: AnswerActivities.answer,
    Step.AUTO_REPLY: AutoReplyActivities.auto_reply,
    Step.REMIND: SilenceActivities.remind,
}

PRIORITIES = {Step.ANSWER: TO_BUYER, Step.AUTO_REPLY: TO_BUYER}


@workflow.defn(failure_exception_types=[Refusal])
class ConversationWorkflow(DurableWorkflow):
    """`conversation-{account_id}-{chat_id}`: the workflow id is the lock of the chat, both ways.

    It ends when the dialog is closed and nothing waits, or after two quiet weeks; the next signal begins it again.
    """

    @workflow.init
    def __init__(self, start: StartConversation) -> None:
        super().__init__(STATUS, ACCOUNT_ID)
        self.account_id, self.chat_id = start.account_id, start.chat_id
        self.agenda = Agenda(start.standing, start.news, start.tries, workflow.now())
        self.one_at_a_time = asyncio.Lock()
        self.alarm = Alarm(self.stir)
        self.stirred = False

    @workflow.run
    async def run(self, start: StartConversation) -> str:  # noqa: ARG002  # `__init__` has taken it
        while True:
            now = workflow.now()
            if self.is_long(LONGEST_RUN):
                await self.go_on_in_a_new_run()
            elif self.agenda.due(now):
                await self.do_what_is_due()
            elif self.agenda.standing is None:
                await self.look()
            elif (end := self.agenda.end(now)) is not None:
                await workflow.wait_condition(workflow.all_handlers_finished)
                if self.agenda.end(workflow.now()) is end:
                    return end.value
            else:
                await self.wait()

    @workflow.signal
    def wake(self, side: str) -> None:
        """There is news from the buyer or from staff; it is in Avito or in the rows, never in here."""
        self.agenda.hear(side, workflow.now())
        self.stir()

    @workflow.update
    async def change(self, command: ChangeDialog) -> Standing:
        """In the rows at once; what follows of it, in the topic or on Avito, is done next."""
        async with self.one_at_a_time:
            standing = await workflow.execute_local_activity_method(DialogActivities.change, command, **INTERACTIVE)
            self.agenda.start_afresh(standing, workflow.now())
            self.tell()
        self.stir()
        return standing

    @change.validator
    def may_change(self, command: ChangeDialog) -> None:
        if (command.account_id, command.chat_id) != (self.account_id, self.chat_id):
            raise NotFound("Диалог не найден.")
        if command.verb not in VERBS:
            raise InvalidValue("Диалог можно закрыть, открыть снова или отправить заново.")

    # What the loop does.

    async def do_what_is_due(self) -> None:
        """One thing, unless what went before it in the lock made it pointless."""
        async with self.one_at_a_time:
            step = self.agenda.due(workflow.now())
            if step is None:
                return
            self.agenda.take_up(step)
            self.tell(step)
            standing = await self.take(step)
            self.agenda.note(step, standing, workflow.now())
            self.tell()

    async def take(self, step: Step) -> Standing:
        about = Conversation(self.account_id, self.chat_id, self.agenda.tries.get(step, 0))
        try:
            return await workflow.execute_activity_method(
                EFFECTS[step],
                about,
                summary=DOING[step],
                priority=PRIORITIES.get(step, Priority.default),
                **CONVERSING,
            )
        except ActivityError as error:
            return _nothing_there(error)

    async def look(self) -> None:
        """Begun without any news: by a person's wish, or by an operator."""
        async with self.one_at_a_time:
            if self.agenda.standing is not None:
                return
            about = Conversation(self.account_id, self.chat_id)
            try:
                standing = await workflow.execute_local_activity_method(DialogActivities.standing, about, **INTERACTIVE)
            except (ActivityError, ApplicationError) as error:
                standing = _nothing_there(error)
            self.agenda.start_afresh(standing, workflow.now())
            self.tell()

    async def wait(self) -> None:
        self.alarm.set(self.agenda.look_again_at(), alarm_for(self.agenda.next()))
        await workflow.wait_condition(lambda: self.stirred)
        self.stirred = False

    def stir(self) -> None:
        self.stirred = True

    async def go_on_in_a_new_run(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        agenda = self.agenda
        tries = {step.value: count for step, count in agenda.tries.items()}
        workflow.continue_as_new(
            StartConversation(self.account_id, self.chat_id, agenda.standing, agenda.sides(), tries)
        )

    def tell(self, doing: Step | None = None) -> None:
        attributes = {STATUS: self.agenda.status.value, ACCOUNT_ID: str(self.account_id)}
        self.show(tell_conversation(self.agenda, doing), attributes)


def _nothing_there(error: ActivityError | ApplicationError) -> Standing:
    """The account or the chat is gone: the conversation ends instead of failing; anything else is raised again."""
    if not is_gone(error):
        raise error
    return Standing(known=False)
