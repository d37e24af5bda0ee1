"""Refusals of signing in and registering."""

from domain.kernel.refusal import Refusal


class BadCredentials(Refusal):
    code, status, title = "bad-credentials", 401, "Неверные данные для входа"


class PhoneTaken(Refusal):
    code, status, title = "phone-taken", 409, "Номер занят"


class EmailTaken(Refusal):
    """Another account has this address."""

    code, status, title = "email-taken", 409, "Почта занята"


class PhoneDiffers(Refusal):
    """The number that is vouched for is not the account's."""

    code, status, title = "phone-differs", 409, "Другой номер"


class PhoneUnconfirmed(Refusal):
    """The account's phone is not confirmed, or was not proven in the session that asks."""

    code, status, title = "phone-unconfirmed", 409, "Телефон не подтверждён"


class NothingToConfirm(Refusal):
    code, status, title = "nothing-to-confirm", 409, "Подтверждать нечего"


class WrongCode(Refusal):
    code, status, title = "otp-invalid", 400, "Код не подходит"


class CodeExpired(Refusal):
    code, status, title = "otp-expired", 410, "Срок действия кода истёк"


class CodeLocked(Refusal):
    code, status, title = "otp-locked", 429, "Код заблокирован"


class ContactRefused(Refusal):
    """A contact, or a link to the bot, that proves nothing; told by the bot itself."""

    code, status, title = "contact-refused", 409, "Номер не подтверждён"


class TelegramOff(Refusal):
    code, status, title = "telegram-off", 409, "Telegram не подключён"
