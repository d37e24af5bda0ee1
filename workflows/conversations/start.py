"""Arguments and id of the conversation workflow; a module of its own, shared by all sandboxed instances."""

from dataclasses import dataclass, field
from uuid import UUID

from activities.conversations.core.messages import Standing


@dataclass(frozen=True)
class StartConversation:
    """`standing`, `news` (sides) and `tries` are carried over from the run before."""

    account_id: UUID
    chat_id: str
    standing: Standing | None = None
    news: tuple[str, ...] = ()
    tries: dict[str, int] = field(default_factory=dict)


def conversation_id(account_id: UUID, chat_id: str) -> str:
    return f"conversation-{account_id}-{chat_id}"
