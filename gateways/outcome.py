"""Outcomes of calls to outside services; they decide whether a call may be repeated."""

from typing import Final

DEFAULT_RETRY_AFTER: Final = 1.0


class NotDone(Exception):
    """The call had no effect and may be repeated at once."""


class TooMany(NotDone):
    """The service asks to wait `retry_after` seconds; `named` is null if it has not said how many."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.named = retry_after
        self.retry_after = DEFAULT_RETRY_AFTER if retry_after is None else retry_after


class Unknown(Exception):
    """The call may have had its effect; a read may simply be repeated."""


class Rejected(Exception):
    """The service refuses and would again; `reason` is its own code or description."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}".rstrip())
        self.status = status
        self.reason = reason


class Unauthorised(Rejected):
    """401 or 403: the token has expired, or the key lacks the right."""


class PaymentRequired(Rejected):
    """402: not part of the subscription."""


class NotFound(Rejected):
    """404 or 410: it does not exist any more."""


class TooBig(Exception):
    """The file exceeds the reader's limit; nothing is kept."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"larger than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes
