"""Telegram bots and Avito accounts."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from activities.channels.avito_keeper import AccountActivities
from activities.channels.bot_keeper import BotActivities
from activities.channels.bot_request_answers import BotRequestAnswers
from activities.channels.inbox import Inbox
from activities.conversations.core.wake import Wake
from gateways.telegram.updates import Updates
from models.channels import upkeep
from worker.master_bot import keep_master_bot
from worker.parts import START_PATIENCE, Parts
from worker.subject import Subject
from workflows.channels.account import AccountWorkflow
from workflows.channels.bot import BotWorkflow
from workflows.channels.starting import wake_bot
from workflows.conversations.starting import wake_conversation
from workflows.kernel.names import CONVERSATIONS_QUEUE, POLLING_QUEUE


def build(parts: Parts) -> Sequence[object]:
    webhook_base = parts.settings.webhook_base_url or ""
    return (AccountActivities(parts.accounts, _wake(parts), webhook_base), *build_bots(parts))


def build_bots(parts: Parts) -> Sequence[object]:
    """On two queues: polls of earlier runs are still asked for on that of the conversations."""
    sessions, keyring, now = parts.sessions, parts.keyring, parts.now
    return (
        BotActivities(
            Inbox(sessions, keyring, Updates(), now),
            parts.telegram,
            BotRequestAnswers(sessions, keyring, parts.settings.web_url, now),
            _wake(parts),
            partial(wake_bot, parts.temporal, patience=START_PATIENCE),
            parts.settings.webhook_base_url or "",
        ),
    )


def _wake(parts: Parts) -> Wake:
    return partial(wake_conversation, parts.temporal, patience=START_PATIENCE)


async def prepare(parts: Parts) -> None:
    """Create the master bot's row before the search for bots without a workflow."""
    token = parts.settings.master_bot_token
    await keep_master_bot(parts.sessions, parts.keyring, token.get_secret_value() if token else None, parts.now())


SUBJECT: Final = Subject(
    activities={CONVERSATIONS_QUEUE: build, POLLING_QUEUE: build_bots},
    workflows={CONVERSATIONS_QUEUE: (AccountWorkflow, BotWorkflow)},
    prepare={CONVERSATIONS_QUEUE: prepare},
    upkeep=upkeep,
)
