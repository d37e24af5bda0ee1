"""Names by which the outside finds our workflows: ids, queues and search attributes; no people in any of them."""

from uuid import UUID

from temporalio.common import SearchAttributeKey

CORE_QUEUE = "privet-core"
"""Workflows and short row writes."""

DOCUMENTS_QUEUE = "privet-documents"
"""PDF, photos, seal: slow work on the CPU in a process of its own."""

CONVERSATIONS_QUEUE = "privet-conversations"
"""Conversations, accounts and bots: waiting for other people's servers, in a process of its own."""

STATUS = SearchAttributeKey.for_keyword("PrivetStatus")
CLIENT_ID = SearchAttributeKey.for_keyword("PrivetClientId")
MANAGER_ID = SearchAttributeKey.for_keyword("PrivetManagerId")
ACCOUNT_ID = SearchAttributeKey.for_keyword("PrivetAccountId")
STEP = SearchAttributeKey.for_keyword("PrivetStep")

NOBODY = "-"
"""Value of `PrivetManagerId` while nobody holds the client."""


def onboarding_id(client_id: UUID) -> str:
    return f"onboarding-{client_id}"


def conversation_id(account_id: UUID, chat_id: str) -> str:
    return f"conversation-{account_id}-{chat_id}"


def account_id(account: UUID) -> str:
    return f"account-{account}"


def bot_id(bot: UUID) -> str:
    return f"bot-{bot}"
