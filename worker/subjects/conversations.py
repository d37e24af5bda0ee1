"""Conversations with buyers: one Avito chat and its topic each."""

from collections.abc import Sequence
from typing import Final

from activities.conversations.answer import AnswerActivities, Outbox
from activities.conversations.auto_reply import AutoReplyActivities
from activities.conversations.avito_side.delete_and_block import AvitoCommands
from activities.conversations.avito_side.mark_read import ReadMarker
from activities.conversations.avito_side.read_chat import ChatReader
from activities.conversations.avito_side.send_messages import MessageSender
from activities.conversations.core.dialog import DialogActivities, DialogSteps
from activities.conversations.reminder import ReminderActivities
from activities.conversations.show import ShowActivities
from activities.conversations.telegram_side.attachment import Files
from activities.conversations.telegram_side.reaction import Reactions
from activities.conversations.telegram_side.send_plan import SendPlanner
from activities.conversations.telegram_side.show_messages import TopicWriter
from activities.conversations.telegram_side.staff_command import StaffCommands
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
    writer = TopicWriter(sessions, keyring, groups, topics, files, reactions, now)
    reader, read_marker = ChatReader(sessions, keyring, accounts, now), ReadMarker(sessions, accounts, now)
    planner = SendPlanner(sessions, keyring, StaffCommands(keyring, now), now)
    commands = AvitoCommands(sessions, keyring, accounts, now)
    sender = MessageSender(sessions, keyring, accounts, files, commands, now)
    outbox = Outbox(sessions, accounts, planner, sender, writer, read_marker, now)
    return (
        ShowActivities(sessions, accounts, reader, writer, read_marker, now),
        AnswerActivities(sessions, outbox),
        AutoReplyActivities(sessions, keyring, accounts, reader, outbox, now),
        ReminderActivities(sessions, keyring, groups, writer, now),
        DialogActivities(DialogSteps(sessions, keyring, now)),
    )


SUBJECT: Final = Subject(
    activities={CONVERSATIONS_QUEUE: build},
    workflows={CONVERSATIONS_QUEUE: (ConversationWorkflow,)},
    upkeep=upkeep,
)
