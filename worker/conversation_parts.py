"""What the worker of conversations is made of: one way to Avito, one to Telegram, and the activities over them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import httpx
from temporalio.client import Client

from activities.avito.account import Accounts
from activities.channels.avito_keeper import AccountActivities
from activities.channels.bot_keeper import BotActivities
from activities.channels.bot_request_answers import BotRequestAnswers
from activities.channels.inbox import Inbox
from activities.conversations.answer import AnswerActivities, Outbox
from activities.conversations.auto_reply import AutoReplyActivities
from activities.conversations.avito_side.delete_and_block import AvitoCommands
from activities.conversations.avito_side.mark_read import ReadMarker
from activities.conversations.avito_side.read_chat import ChatReader
from activities.conversations.avito_side.send_messages import MessageSender
from activities.conversations.core.dialog import DialogActivities
from activities.conversations.reminder import ReminderActivities
from activities.conversations.show import ShowActivities
from activities.conversations.telegram_side.attachment import Files
from activities.conversations.telegram_side.reaction import Reactions
from activities.conversations.telegram_side.send_plan import SendPlanner
from activities.conversations.telegram_side.show_messages import TopicWriter
from activities.conversations.telegram_side.staff_command import StaffCommands
from activities.conversations.telegram_side.telegram_group import Groups
from activities.conversations.telegram_side.topic import Topics
from activities.operations.adoption import ConnectionAdoptionActivities
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from gateways.avito.client import Avito
from gateways.avito.media import Media
from gateways.http_outcome import open_client
from gateways.storage.client import Storage
from gateways.telegram.client import TelegramApi
from gateways.telegram.updates import Updates
from models.kernel.database import Sessions
from settings import Settings
from worker.parts import START_PATIENCE, ActivityMethod, Parts, activities_of
from workflows.channels.starting import begin_account, begin_bot, wake_bot
from workflows.conversations.starting import wake_conversation

MOST_CONNECTIONS = 200
"""To Avito: one for each activity that may run at a time."""


@dataclass(frozen=True)
class Ways:
    """To the two outside services, shared by everything in the process."""

    http: httpx.AsyncClient
    telegram: TelegramApi


@asynccontextmanager
async def ways(settings: Settings) -> AsyncIterator[Ways]:
    telegram = TelegramApi(settings.telegram_api_base)
    try:
        async with open_client(MOST_CONNECTIONS) as http:
            yield Ways(http, telegram)
    finally:
        await telegram.close()


@dataclass(frozen=True)
class ConversationParts:
    """Built once per process, inside its event loop."""

    settings: Settings
    sessions: Sessions
    keyring: Keyring
    storage: Storage
    ways: Ways
    temporal: Client
    now: Clock

    @classmethod
    def build(cls, parts: Parts, storage: Storage, ways: Ways, temporal: Client) -> "ConversationParts":
        return cls(parts.settings, parts.steps.sessions, parts.keyring, storage, ways, temporal, parts.now)

    def activities(self) -> list[ActivityMethod]:
        """Everything that the queue of conversations does."""
        accounts = Accounts(self.sessions, self.keyring, Avito(self.ways.http, self.settings.avito_api_base), self.now)
        families = [*self._of_conversations(accounts), *self._of_connections(accounts)]
        return [method for family in families for method in activities_of(family)]

    def _of_conversations(self, accounts: Accounts) -> list[object]:
        sessions, keyring, now = self.sessions, self.keyring, self.now
        groups = Groups(sessions, self.ways.telegram, keyring, self.settings.group_per_minute, now)
        media = Media(self.ways.http, self.settings.avito_api_base)
        files = Files(sessions, keyring, media, accounts, groups, self.storage, now)
        topics, reactions = Topics(sessions, groups, keyring, now), Reactions(sessions, groups, now)
        writer = TopicWriter(sessions, keyring, groups, topics, files, reactions, now)
        reader, read_marker = ChatReader(sessions, keyring, accounts, now), ReadMarker(sessions, accounts, now)
        planner = SendPlanner(sessions, keyring, StaffCommands(keyring, now), now)
        commands = AvitoCommands(sessions, keyring, accounts, now)
        sender = MessageSender(sessions, keyring, accounts, files, commands, now)
        outbox = Outbox(sessions, accounts, planner, sender, writer, read_marker, now)
        return [
            ShowActivities(sessions, accounts, reader, writer, read_marker, now),
            AnswerActivities(sessions, outbox),
            AutoReplyActivities(sessions, keyring, accounts, reader, outbox, now),
            ReminderActivities(sessions, keyring, groups, writer, now),
            DialogActivities(sessions, now),
        ]

    def _of_connections(self, accounts: Accounts) -> list[object]:
        settings, temporal = self.settings, self.temporal
        webhook_base = settings.webhook_base_url or ""
        wake = partial(wake_conversation, temporal, patience=START_PATIENCE)
        answers = BotRequestAnswers(self.sessions, self.keyring, settings.web_url, self.now)
        sweep_every = timedelta(seconds=settings.avito_sweep_seconds)
        return [
            AccountActivities(accounts, wake, webhook_base),
            BotActivities(
                Inbox(self.sessions, self.keyring, Updates(), self.now),
                self.ways.telegram,
                answers,
                wake,
                partial(wake_bot, temporal, patience=START_PATIENCE),
                webhook_base,
            ),
            ConnectionAdoptionActivities(
                self.sessions,
                partial(begin_account, temporal, patience=START_PATIENCE, sweep_every=sweep_every),
                partial(begin_bot, temporal, patience=START_PATIENCE),
            ),
        ]
