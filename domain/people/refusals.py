"""Refusals of signing in and registering."""

from domain.kernel.refusal import Refusal


class BadCredentials(Refusal):
    code, status, title = "bad-credentials", 401, "Неверные данные для входа"


class PhoneTaken(Refusal):
    code, status, title = "phone-taken", 409, "Номер занят"


class EmailTaken(Refusal):
    """Another manager's account has this address."""

    code, status, title = "email-taken", 409, "Почта занята"
