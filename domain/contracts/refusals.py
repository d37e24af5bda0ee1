"""Refusals of contracts, codes and signatures."""

from collections.abc import Sequence

from domain.kernel.refusal import FieldError, Refusal
from domain.people.refusals import PhoneUnconfirmed as PhoneUnconfirmed


class ContractMissing(Refusal):
    code, status, title = "contract-missing", 409, "Нет договора"


class ContractSigned(Refusal):
    code, status, title = "contract-signed", 409, "Договор подписан"


class ContractOutdated(Refusal):
    """The card changed after the contract was made: its code is invalid."""

    code, status, title = "contract-outdated", 409, "Договор устарел"


class Unprintable(Refusal):
    """No typeface of the papers has a character of the card; `errors` names every such field, `loc` by its place."""

    code, status, title = "contract-unprintable", 409, "Символ нельзя напечатать"

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail, errors=list(errors))


class NotSigned(Refusal):
    code, status, title = "not-signed", 409, "Договор не подписан"
