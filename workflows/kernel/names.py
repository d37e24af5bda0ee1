"""Task queues and search attributes, without personal data."""

from temporalio.common import SearchAttributeKey

CORE_QUEUE = "privet-core"
"""Workflows and short row writes."""

DOCUMENTS_QUEUE = "privet-documents"
"""PDF, photos: CPU-bound work in a separate process."""

SEAL_QUEUE = "privet-seal"
"""Seals of signatures and certificates: the one process with the signing secret and the private key of the seal."""

CONVERSATIONS_QUEUE = "privet-conversations"
"""Conversations, accounts and bots: calls to external servers, in a separate process."""

POLLING_QUEUE = "privet-polling"
"""Bots that are polled: each holds a slot for minutes, in a separate process."""

STATUS = SearchAttributeKey.for_keyword("PrivetStatus")
CLIENT_ID = SearchAttributeKey.for_keyword("PrivetClientId")
MANAGER_ID = SearchAttributeKey.for_keyword("PrivetManagerId")
ACCOUNT_ID = SearchAttributeKey.for_keyword("PrivetAccountId")
STEP = SearchAttributeKey.for_keyword("PrivetStep")

NOBODY = "-"
"""Value of `PrivetManagerId` for an unassigned client."""
