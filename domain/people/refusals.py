"""Refusals of signing in and registering."""

from domain.kernel.refusal import Refusal


class BadCredentials(Refusal):
    code, status, title = "bad-credentials", 401, "Неверные данные для входа"


class PhoneTaken(Refusal):
    code, status, title = "phone-taken", 409, "Номер занят"


class EmailTaken(Refusal):
    """Another account has this address."""

    code, status, title = "email-taken", 409, "Почта занята"


class WrongCode(Refusal):
    code, status, title = "otp-invalid", 400, "Код не подходит"


class CodeExpired(Refusal):
    code, status, title = "otp-expired", 410, "Срок действия кода истёк"


class CodeLocked(Refusal):
    code, status, title = "otp-locked", 429, "Код заблокирован"
