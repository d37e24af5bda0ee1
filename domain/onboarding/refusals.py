"""Refusals of the onboarding process and of the card."""

from domain.kernel.refusal import Refusal


class ClientTaken(Refusal):
    code, status, title = "client-taken", 409, "Клиента ведёт другой менеджер"


class ClientNotTaken(Refusal):
    """What only the holder may do, of a client whom nobody holds."""

    code, status, title = "client-not-taken", 409, "Клиента ещё никто не ведёт"


class AlreadyHeld(Refusal):
    """Take-over of the manager's own client, or release of an unassigned one."""

    code, status, title = "already-so", 409, "Уже сделано"


class CardChanged(Refusal):
    """The write was for an earlier version of the card; `card_version` is the current one."""

    code, status, title = "card-changed", 412, "Карточку изменили"


class AutosaveChanged(Refusal):
    """The form was saved in another window in the meantime."""

    code, status, title = "autosave-changed", 409, "Форму сохранили в другом окне"


class NotReady(Refusal):
    """A part of the card that the contract requires is not filled in."""

    code, status, title = "not-ready", 409, "Заполнено не всё"


class PassportDuplicate(Refusal):
    """Another client has this passport; the message does not identify the client."""

    code, status, title = "passport-duplicate", 409, "Паспорт уже есть у другого клиента"


class TariffMismatch(Refusal):
    code, status, title = "device-count-mismatch", 409, "Количество устройств не совпадает"
