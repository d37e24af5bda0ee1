"""What became of a call to an outside service: the four answers that decide whether it may be made again."""

from typing import Final

DEFAULT_RETRY_AFTER: Final = 1.0


class NotDone(Exception):
    """The call certainly had no effect and may be made again at once."""


class TooMany(NotDone):
    """The service asks to wait; `retry_after` is in seconds."""

    def __init__(self, reason: str, retry_after: float = DEFAULT_RETRY_AFTER) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Unknown(Exception):
    """The call may or may not have had its effect. After a read it means no more than «try again»."""


class Rejected(Exception):
    """The service said no, and would say so again; `reason` is its own code or description."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}".rstrip())
        self.status = status
        self.reason = reason


class Unauthorised(Rejected):
    """401 or 403: the token is over, or the key has no right to do this."""


class PaymentRequired(Rejected):
    """402: the subscription does not hold this."""


class NotFound(Rejected):
    """404 or 410: there is no such thing any more."""


class TooBig(Exception):
    """The file is larger than the reader was ready to take; nothing of it is kept."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"larger than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes
