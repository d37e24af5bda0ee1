"""Workflows and activities of conversations and channels that change rows at most, and ask nothing of the outside."""

from dataclasses import replace
from typing import Any

from temporalio import activity, workflow

from activities.conversations.core.dialog import DialogActivities
from activities.conversations.core.messages import Conversation, Standing


@workflow.defn(name="AccountWorkflow", sandboxed=False)
class IdleAccountWorkflow:
    """Of an account that nobody looks after here."""

    @workflow.run
    async def run(self, start: Any) -> None:
        """Nothing is kept, nothing is swept."""

    @workflow.signal
    def settings_changed(self) -> None: ...


@workflow.defn(name="BotWorkflow", sandboxed=False)
class IdleBotWorkflow:
    """Of a bot that nobody looks after here."""

    @workflow.run
    async def run(self, start: Any) -> None:
        """No webhook is set, no errand done."""

    @workflow.signal
    def woken(self) -> None: ...


class IdleActivities:
    """What the conversation does outside, left undone: what is tested here are the rows that a person changes."""

    def __init__(self, dialogs: DialogActivities) -> None:
        self.dialogs = dialogs

    @activity.defn
    async def show(self, conversation: Conversation) -> Standing:
        return await self.standing(conversation)

    @activity.defn
    async def answer(self, conversation: Conversation) -> Standing:
        return await self.standing(conversation)

    @activity.defn
    async def auto_reply(self, conversation: Conversation) -> Standing:
        return await self.standing(conversation)

    @activity.defn
    async def remind(self, conversation: Conversation) -> Standing:
        return await self.standing(conversation)

    async def standing(self, conversation: Conversation) -> Standing:
        known = await self.dialogs.standing(conversation)
        return replace(known, to_show=False, to_send=False, remind_at=None)
