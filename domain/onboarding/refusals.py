"""Refusals of the onboarding process and of the card."""

from domain.kernel.refusal import Refusal


class ClientTaken(Refusal):
    code, status, title = "client-taken", 409, "Клиента ведёт другой менеджер"


class AlreadyHeld(Refusal):
    """Taking over a client whom the manager holds, or releasing one who is free."""

    code, status, title = "already-so", 409, "Уже сделано"


class CardChanged(Refusal):
    """The write was for an earlier version of the card; `card_version` is the present one."""

    code, status, title = "card-changed", 412, "Карточку изменили"


class AutosaveChanged(Refusal):
    """The form was saved from another window meanwhile."""

    code, status, title = "autosave-changed", 409, "Форму сохранили в другом окне"


class NotReady(Refusal):
    """The contract needs a part of the card that is not filled in yet."""

    code, status, title = "not-ready", 409, "Заполнено не всё"


class PassportDuplicate(Refusal):
    """Another client has this passport; the message names nobody."""

    code, status, title = "passport-duplicate", 409, "Паспорт уже есть у другого клиента"


class TariffMismatch(Refusal):
    code, status, title = "device-count-mismatch", 409, "Количество устройств не совпадает"
