"""How the Bot API says no."""

from typing import Any


class Refused(Exception):
    """A call that is answered `ok: false`; `violation`: the caller should have known better."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None, violation: bool = False
    ) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters, self.violation = code, description, parameters, violation

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def invalid(what: str) -> Refused:
    """A request that the published API never allows."""
    return Refused(400, f"Bad Request: {what}", violation=True)


def absent(what: str) -> Refused:
    """A request that was fine until something changed: a deleted topic, a message that is gone."""
    return Refused(400, f"Bad Request: {what}")


def too_many(seconds: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def migrated(new_id: int) -> Refused:
    return Refused(400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": new_id})


def kicked(kind: str = "supergroup") -> Refused:
    return Refused(403, f"Forbidden: bot was kicked from the {kind} chat")


def blocked() -> Refused:
    return Refused(403, "Forbidden: bot was blocked by the user")


def not_a_member(kind: str) -> Refused:
    return Refused(403, f"Forbidden: bot is not a member of the {kind} chat")


def no_right(to: str) -> Refused:
    return Refused(400, f"Bad Request: not enough rights to {to}")
