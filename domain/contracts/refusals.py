"""Refusals of contracts, codes and signatures."""

from domain.kernel.refusal import Refusal


class ContractMissing(Refusal):
    code, status, title = "contract-missing", 409, "Нет договора"


class ContractSigned(Refusal):
    code, status, title = "contract-signed", 409, "Договор подписан"


class ContractOutdated(Refusal):
    """The card changed after the contract was made: its code is invalid."""

    code, status, title = "contract-outdated", 409, "Договор устарел"


class NotSigned(Refusal):
    code, status, title = "not-signed", 409, "Договор не подписан"


class WrongCode(Refusal):
    code, status, title = "otp-invalid", 400, "Код не подходит"


class CodeExpired(Refusal):
    code, status, title = "otp-expired", 410, "Срок действия кода истёк"


class CodeLocked(Refusal):
    code, status, title = "otp-locked", 429, "Код заблокирован"
