"""What a broken trail says to staff."""

from typing import Final

from domain.clients.trail import BreakKind

BREAKS: Final = {
    BreakKind.CONTENT: "Событие изменено: его содержание не совпадает с контрольной суммой.",
    BreakKind.ORDER: "Порядок событий нарушен: событие удалено, добавлено или переставлено.",
    BreakKind.UNKEYED: "Событие записано в обход приложения: у него нет ключа.",
    BreakKind.UNKNOWN_KEY: "Ключа, которым сделана запись, нет в DATA_KEYS: верните его, проверка без него невозможна.",
    BreakKind.HEAD: "Конец журнала не совпадает с карточкой: последние события удалены или добавлены.",
    BreakKind.HEAD_MAC: "Отметка о конце журнала сделана не приложением: события могли быть удалены.",
    BreakKind.HEAD_UNKEYED: "Отметка о конце журнала удалена.",
    BreakKind.CONTRACT: "Подписанный договор не совпадает с событием подписания.",
}
