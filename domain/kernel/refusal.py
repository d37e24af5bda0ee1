"""Refusals: a stable code and an HTTP status for programs, a Russian title and sentence for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, TypedDict, TypeVar

Value = TypeVar("Value")


class FieldError(TypedDict):
    """One wrong value: its location in the request and a Russian message."""

    loc: list[str]
    msg: str


class Refusal(Exception):
    """A business refusal: never retried and no error in the log; raised by rules, validators, activities and routes.

    `extra` has only JSON values and no personal data. `code`, `status` and `title` are those of the problem document
    (RFC 9457). `gateways.temporal.failures` turns it into a failure that is not retried.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "Отказано"

    def __init__(self, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra: Mapping[str, object] = extra


class InvalidValue(Refusal):
    """A value that breaks a rule; `errors` names every wrong field at once."""

    code, status, title = "invalid-value", 422, "Проверьте данные"

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail, errors=list(errors))
        self.errors = errors


class NotFound(Refusal):
    """Missing, or belonging to another owner: the two are not distinguished."""

    code, status, title = "not-found", 404, "Не найдено"


def found(value: Value | None, absent: str) -> Value:
    """What was looked for; `NotFound` where it is not there."""
    if value is None:
        raise NotFound(absent)
    return value


class NotAuthenticated(Refusal):
    code, status, title = "not-authenticated", 401, "Требуется вход"


class NotAllowed(Refusal):
    code, status, title = "not-allowed", 403, "Недостаточно прав"


class WrongStep(Refusal):
    """The current state does not allow the operation."""

    code, status, title = "wrong-step", 409, "Не тот шаг"


class DraftGone(Refusal):
    """The stored input of a write was deleted, because it was refused or is older than a day."""

    code, status, title = "draft-gone", 409, "Запрос устарел"


class IdempotencyMismatch(Refusal):
    code, status, title = "idempotency-mismatch", 422, "Ключ повтора занят"


class EmptyMessage(Refusal):
    code, status, title = "empty-message", 400, "Пустое сообщение"


class TooLarge(Refusal):
    code, status, title = "too-large", 413, "Слишком большой запрос"


class PhotoRejected(Refusal):
    code, status, title = "photo-rejected", 422, "Фотография не принята"


class TooManyRequests(Refusal):
    """`retry_after` in seconds."""

    code, status, title = "too-many-requests", 429, "Слишком много запросов"

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """A required server does not answer; the request may be repeated with the same Idempotency-Key."""

    code, status, title = "unavailable", 503, "Сервис временно недоступен"

    def __init__(
        self, detail: str = "Сервис временно недоступен. Повторите через несколько секунд.", retry_after: int = 3
    ) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.retry_after = retry_after


def revived(code: str, detail: str, extra: Mapping[str, object]) -> Refusal:
    """Rebuild a refusal from a row or from Temporal, with its code."""
    known = kinds().get(code, Refusal)
    kind = type("RevivedRefusal", (Refusal,), {"code": code, "status": known.status, "title": known.title})
    refusal: Refusal = kind(detail, **extra)
    return refusal


def kinds() -> dict[str, type[Refusal]]:
    """All imported kinds of refusals, by code."""
    return {kind.code: kind for kind in _below(Refusal) if kind.__name__ != "RevivedRefusal"}


def _below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _below(child)
