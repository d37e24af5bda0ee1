"""Every way to say no: a stable code for programs and a Russian sentence for the person who has to act on it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, TypedDict

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory


class FieldError(TypedDict):
    """One wrong value: where it stands in the request and what is wrong with it, in Russian."""

    loc: list[str]
    msg: str


class Refusal(ApplicationError):
    """A business «no»: never retried, no cause for an alarm; raised by rules, validators, activities and routes alike.

    `extra` holds only JSON values and no personal data; `api/problems.py` maps `code` to an HTTP status.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, detail: str, **extra: object) -> None:
        super().__init__(
            detail, extra, type=type(self).code, non_retryable=True, category=ApplicationErrorCategory.BENIGN
        )
        self.detail = detail
        self.extra: Mapping[str, object] = extra


class InvalidValue(Refusal):
    """A value that breaks a rule; `errors` names every wrong field at once."""

    code = "invalid-value"

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail, errors=list(errors))
        self.errors = errors


class NotFound(Refusal):
    """Nothing there, or somebody else's: the two look the same from outside."""

    code = "not-found"


class ClientTaken(Refusal):
    code = "client-taken"


class CardChanged(Refusal):
    """The write was for the card as it was before somebody's change; `card_version` is the present one."""

    code = "card-changed"


class AutosaveChanged(Refusal):
    """The form was saved from another window meanwhile."""

    code = "autosave-changed"


class WrongStep(Refusal):
    """The process is not at a place where this can be done."""

    code = "wrong-step"


class ContractMissing(Refusal):
    code = "contract-missing"


class ContractSigned(Refusal):
    code = "contract-signed"


class ContractOutdated(Refusal):
    """The card changed after the contract was made: its code is useless."""

    code = "contract-outdated"


class NotReady(Refusal):
    """Something that the contract needs is not filled in yet."""

    code = "not-ready"


class NotSigned(Refusal):
    code = "not-signed"


class PassportDuplicate(Refusal):
    """Another client has this passport; the message names nobody."""

    code = "passport-duplicate"


class PhotoRejected(Refusal):
    code = "photo-rejected"


class TariffMismatch(Refusal):
    code = "device-count-mismatch"


class AmountMismatch(Refusal):
    code = "amount-mismatch"


class WrongCode(Refusal):
    code = "otp-invalid"


class CodeExpired(Refusal):
    code = "otp-expired"


class CodeLocked(Refusal):
    code = "otp-locked"


class AlreadyHeld(Refusal):
    """Taking over a client that one already holds, or releasing one that nobody holds."""

    code = "already-so"


class DraftGone(Refusal):
    """The stored input of a write is no longer there: it was refused meanwhile or is older than a day."""

    code = "draft-gone"


class IdempotencyMismatch(Refusal):
    code = "idempotency-mismatch"


class PhoneTaken(Refusal):
    code = "phone-taken"


class BadCredentials(Refusal):
    code = "bad-credentials"


class NotAuthenticated(Refusal):
    code = "not-authenticated"


class NotAllowed(Refusal):
    code = "not-allowed"


class TooManyRequests(Refusal):
    """`retry_after` in seconds."""

    code = "too-many-requests"

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """Something that we stand on does not answer; the same Idempotency-Key asks again."""

    code = "unavailable"

    def __init__(
        self, detail: str = "Сервис временно недоступен. Повторите через несколько секунд.", retry_after: int = 3
    ) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.retry_after = retry_after


class EmptyMessage(Refusal):
    code = "empty-message"


class TooLarge(Refusal):
    code = "too-large"


class EmailTaken(Refusal):
    """Another account of the staff has this address."""

    code = "email-taken"


class BotTaken(Refusal):
    """The bot is connected already, here or in another organisation."""

    code = "bot-taken"


class BotInUse(Refusal):
    """Avito accounts still speak through this bot."""

    code = "bot-in-use"


class AccountTaken(Refusal):
    """This organisation has an Avito account with the same key."""

    code = "account-taken"


def revived(code: str, detail: str, extra: Mapping[str, object]) -> Refusal:
    """A refusal that came back from a row or from Temporal, with its own code."""
    kind = type("RevivedRefusal", (Refusal,), {"code": code})
    refusal: Refusal = kind(detail, **extra)
    return refusal


def refusal_codes() -> frozenset[str]:
    """All stable codes, for the table of statuses and its test."""
    found: set[str] = set()
    queue = [Refusal]
    while queue:
        kind = queue.pop()
        found.add(kind.code)
        queue.extend(kind.__subclasses__())
    return frozenset(found)
