"""Commands of the staff in a topic, and what can be done with a dialog as a whole."""

from enum import StrEnum


class StaffCommand(StrEnum):
    """What follows the slash."""

    CANNED = "t"
    DELETE = "del"
    RETRY = "retry"
    CLOSE = "close"
    BLOCK = "block"
    UNBLOCK = "unblock"
    GET_ID = "getid"


class DialogVerb(StrEnum):
    """What a manager does with a dialog; values are part of saved histories."""

    CLOSE = "close"
    REOPEN = "reopen"
    RETRY = "retry"
