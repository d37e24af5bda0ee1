"""Task queues and search attributes; none holds personal data."""

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
