"""Conversations with buyers: one Avito chat and its topic each."""

from collections.abc import Sequence
from typing import Final

from activities.conversations.answer import AnswerActivities, Answering
from activities.conversations.auto_reply import AutoReplyActivities
from activities.conversations.avito_side.delete_and_block import AvitoErrands
from activities.conversations.avito_side.mark_read import ChatsRead
from activities.conversations.avito_side.read_chat import Reading
from activities.conversations.avito_side.send_messages import Sending
from activities.conversations.core.dialog import DialogActivities, DialogSteps
from activities.conversations.reminder import SilenceActivities
from activities.conversations.show import ShowActivities
from activities.conversations.telegram_side.attachment import Files
from activities.conversations.telegram_side.planning import Planning
from activities.conversations.telegram_side.reaction import Reactions
from activities.conversations.telegram_side.show_messages import Relay
from activities.conversations.telegram_side.staff_command import Commands
from activities.conversations.telegram_side.telegram_group import Groups
from activities.conversations.telegram_side.topic import Topics
from gateways.avito.media import Media
from models.conversations import upkeep
from worker.parts import Parts
from worker.subject import Subject
from workflows.conversations.workflow import ConversationWorkflow
from workflows.kernel.names import CONVERSATIONS_QUEUE


def build(parts: Parts) -> Sequence[object]:
    sessions, keyring, accounts, now = parts.sessions, parts.keyring, parts.accounts, parts.now
    groups = Groups(sessions, parts.telegram, keyring, parts.settings.group_per_minute, now)
    media = Media(parts.http, parts.settings.avito_api_base)
    files = Files(sessions, keyring, media, accounts, groups, parts.storage, now)
    topics, reactions = Topics(sessions, groups, keyring, now), Reactions(sessions, groups, now)
    relay = Relay(sessions, keyring, groups, topics, files, reactions, now)
    reading, chats_read = Reading(sessions, keyring, accounts, now), ChatsRead(sessions, accounts, now)
    planning = Planning(sessions, keyring, Commands(keyring, now), now)
    errands = AvitoErrands(sessions, keyring, accounts, now)
    sending = Sending(sessions, keyring, accounts, files, errands, now)
    answering = Answering(sessions, accounts, planning, sending, relay, chats_read, now)
    return (
        ShowActivities(sessions, accounts, reading, relay, chats_read, now),
        AnswerActivities(sessions, answering),
        AutoReplyActivities(sessions, keyring, accounts, reading, answering, now),
        SilenceActivities(sessions, keyring, groups, relay, now),
        DialogActivities(DialogSteps(sessions, keyring, now)),
    )


SUBJECT: Final = Subject(
    activities={CONVERSATIONS_QUEUE: build},
    workflows={CONVERSATIONS_QUEUE: (ConversationWorkflow,)},
    upkeep=upkeep,
)
