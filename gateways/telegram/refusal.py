"""Telegram's refusals by meaning; it gives sentences instead of codes."""

from collections.abc import Mapping
from typing import Final

from gateways.outcome import NotFound, Rejected, TooBig, TooMany, Unknown
from gateways.telegram.shapes import (
    NO_ANSWER,
    BadToken,
    Conflict,
    GroupMoved,
    Kicked,
    MessageGone,
    NoForum,
    NoRights,
    PhotoRefused,
    TopicClosed,
    TopicGone,
    VoiceRefused,
)

DOWNLOAD_LIMIT: Final = 20 * 1024 * 1024
"""Largest file of getFile."""

_SENTENCES: Final[tuple[tuple[str, type[Rejected]], ...]] = (
    ("message thread not found", TopicGone),
    ("topic_deleted", TopicGone),
    ("topic_id_invalid", TopicGone),
    ("topic_closed", TopicClosed),
    ("message to be replied not found", MessageGone),
    ("replied message not found", MessageGone),
    ("message to react not found", MessageGone),
    ("message to pin not found", MessageGone),
    ("message_id_invalid", MessageGone),
    ("is not a forum", NoForum),
    ("channel_forum_missing", NoForum),
    ("chat not found", Kicked),
    ("chat_id_invalid", Kicked),
    ("channel_private", Kicked),
    ("channel_invalid", Kicked),
    ("group chat was deactivated", Kicked),
    ("group is deactivated", Kicked),
    ("bot was kicked", Kicked),
    ("bot is not a member", Kicked),
    ("not enough rights", NoRights),
    ("have no rights", NoRights),
    ("need administrator rights", NoRights),
    ("chat_admin_required", NoRights),
    ("chat_write_forbidden", NoRights),
    ("chat_restricted", NoRights),
    ("chat_guest_send_forbidden", NoRights),
    ("voice_messages_forbidden", VoiceRefused),
)
_OF_METHOD: Final[Mapping[str, type[Rejected]]] = {
    "sendVoice": VoiceRefused,
    "sendPhoto": PhotoRefused,
}
_OF_STATUS: Final[Mapping[int, type[Rejected]]] = {401: BadToken, 403: Kicked, 404: BadToken, 409: Conflict}


def refusal(method: str, status: int, answer: Mapping[str, object]) -> Exception:
    """The outcome of a failed answer; `answer` is its JSON, empty if there was none.

    `method`: Telegram's name of it, or `download` for a file.
    """
    said = answer.get("description")
    description = said if isinstance(said, str) else ""
    parameters = answer.get("parameters")
    hints = parameters if isinstance(parameters, Mapping) else {}
    if status == 429:
        return _too_many(description, hints.get("retry_after"))
    if status < 400 or status >= 500:
        return Unknown(f"{method}: {status}")
    moved_to = hints.get("migrate_to_chat_id")
    if isinstance(moved_to, int):
        return GroupMoved(status, description, moved_to)
    if method == "download":
        return NotFound(status, "no such file")
    if not answer:
        # A proxy's page says nothing about token or group.
        return Rejected(status, NO_ANSWER)
    return _meaning(method, status, description)


def _meaning(method: str, status: int, description: str) -> Exception:
    text = description.lower()
    for sentence, meaning in _SENTENCES:
        if sentence in text:
            return meaning(status, description)
    if method == "getFile" and "too big" in text:
        return TooBig(DOWNLOAD_LIMIT)
    if status in (400, 413) and method in _OF_METHOD:
        return _OF_METHOD[method](status, description)
    return _OF_STATUS.get(status, Rejected)(status, description)


def _too_many(description: str, seconds: object) -> TooMany:
    if isinstance(seconds, int | float) and not isinstance(seconds, bool):
        return TooMany(description, float(seconds))
    return TooMany(description)
