"""Messages of staff that Avito cannot carry: Russian refusals with a way out."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

EDITED: Final = (
    "Правка не ушла покупателю: в Avito нельзя изменить отправленное сообщение. Напишите новое; "
    "отправленное меньше часа назад можно удалить у покупателя: ответьте на него командой /del."
)
EDIT_SENDS_NOTHING: Final = (
    "Правка ничего не отправила: этого сообщения у покупателя нет. Отправьте его заново, новым сообщением."
)

NOT_BY_STAFF: Final[Mapping[str, str]] = {
    "channel": (
        "Сообщение не ушло покупателю: оно написано от имени канала или другой группы. Выберите в поле ввода свой "
        "профиль и отправьте его заново."
    ),
    "forward": "Пост канала покупателю не ушёл: в теме диалога отвечают сообщениями от своего имени.",
    "bot": "Сообщения других ботов из этой темы покупателю не уходят: ответьте от своего имени.",
}
"""By `Foreign.by` of the gateway."""


class Unsent(StrEnum):
    """Why nothing that is written in a place goes to a buyer; values are stored in requests to bots."""

    ACCOUNT_GONE = "account_gone"
    OTHER_GROUP = "other_group"
    NO_DIALOG = "no_dialog"
    GENERAL = "general"
    PRIVATE = "private"
    PRIVATE_MASTER = "private_master"


UNSENT: Final[Mapping[Unsent, str]] = {
    Unsent.ACCOUNT_GONE: (
        "Сообщение не ушло: аккаунт Avito этого диалога отключён от Привета. Подключите его в настройках или ответьте "
        "в приложении Avito."
    ),
    Unsent.OTHER_GROUP: (
        "Сообщение не ушло: этот диалог ведёт теперь другой бот. Ответьте в теме диалога в его группе или на сайте."
    ),
    Unsent.NO_DIALOG: (
        "В этой теме нет диалога с покупателем: написанное здесь остаётся в группе. Покупателям отвечайте в темах "
        "их диалогов."
    ),
    Unsent.GENERAL: (
        "Написанное в общей теме остаётся в группе и покупателям не уходит. Покупателям отвечайте в темах их диалогов."
    ),
    Unsent.PRIVATE: "Отсюда покупателям ничего не уходит. Ответьте в теме диалога в группе или на сайте.",
    Unsent.PRIVATE_MASTER: "Этот бот только пускает в Привет: нажмите /start, чтобы получить ссылку для входа.",
}

_AS_TEXT: Final = "Напишите то же самое текстом."
_AS_PHOTO: Final = "Пришлите снимок экрана или фото либо напишите текстом."
_BY_LINK: Final = "Выложите файл в облако и пришлите ссылку."

_REFUSALS: Final[Mapping[str, str]] = {
    "voice": f"Голосовое сообщение не ушло: Avito не принимает голос через API. {_AS_TEXT}",
    "audio": f"Аудиофайл не ушёл: Avito принимает через API только текст и изображения. {_BY_LINK}",
    "video": f"Видео не ушло: Avito принимает через API только текст и изображения. {_BY_LINK}",
    "video_note": f"Видеосообщение не ушло: Avito принимает через API только текст и изображения. {_AS_TEXT}",
    "animation": f"Анимация не ушла: Avito не принимает GIF из Telegram (это видео). {_AS_PHOTO}",
    "live_photo": "Живое фото не ушло: Avito не принимает видео. Пришлите его обычным фото.",
    "document": (
        f"Файл не ушёл: Avito принимает через API только изображения (JPEG, PNG, HEIC и подобные) до 20 МБ. {_BY_LINK}"
    ),
    "image_too_large": "Изображение не ушло: оно больше 20 МБ. Пришлите его как фото, Telegram уменьшит его сам.",
    "image_broken": "Изображение не ушло: файл не читается как изображение. Пришлите его как фото.",
    "file_empty": "Файл не ушёл: он пустой, 0 байт. Проверьте его на своём устройстве. Пришлите ещё раз.",
    "image_too_many_pixels": (
        "Изображение не ушло: в нём больше точек, чем принимает Avito (75 миллионов). Пришлите его как фото, Telegram "
        "уменьшит его сам."
    ),
    "image_animated": f"Анимация не ушла: Avito принимает только неподвижные изображения. {_AS_PHOTO}",
    "image_stuck": (
        "Изображение не ушло: его никак не удаётся передать на Avito. Пришлите его меньшим или напишите текстом; "
        "отправить ещё раз — /retry."
    ),
    "sticker_animated": f"Анимированный стикер не ушёл: Avito принимает только неподвижные изображения. {_AS_TEXT}",
    "sticker_video": f"Видеостикер не ушёл: Avito принимает только неподвижные изображения. {_AS_TEXT}",
    "sticker": f"Стикер не ушёл: Avito не принимает стикеры. {_AS_TEXT}",
    "poll": "Опрос не ушёл: в Avito нет опросов. Напишите вопрос и варианты ответа текстом.",
    "dice": f"Кубик не ушёл: Avito принимает только текст и изображения. {_AS_TEXT}",
    "game": f"Игра не ушла: Avito принимает только текст и изображения. {_AS_TEXT}",
    "story": f"История не ушла: Avito принимает только текст и изображения. {_AS_PHOTO}",
    "checklist": "Список дел не ушёл: в Avito нет списков. Напишите его пункты текстом.",
    "paid_media": "Платное медиа не ушло: Avito его не принимает. Пришлите обычное фото.",
    "invoice": f"Счёт Telegram не ушёл: в Avito его нельзя оплатить. {_AS_TEXT}",
    "giveaway": f"Розыгрыш не ушёл: Avito принимает только текст и изображения. {_AS_TEXT}",
    "gift": f"Подарок не ушёл: Avito принимает только текст и изображения. {_AS_TEXT}",
    "rich_message": f"Сообщение с разметкой не ушло: Avito принимает только простой текст. {_AS_TEXT}",
}

WITHOUT_CAPTION: Final = frozenset({"unknown", "rich_message", "poll", "checklist", "game", "invoice"})
"""Kinds whose text is the message itself, and no caption."""

CAPTION_STAYS: Final = " Подпись тоже не отправлена: пришлите её отдельным сообщением."
CAPTION_GOES: Final = " Подпись уйдёт покупателю вместе с изображениями этого альбома."
CAPTION_WENT: Final = " Подпись покупателю ушла."

_OTHER: Final = f"Сообщение не ушло: такие сообщения Avito не принимает, только текст и изображения. {_AS_PHOTO}"


def refusal_of(kind: str) -> str:
    """The refusal of a kind of Telegram content (`ContentType`, or one of ours)."""
    return _REFUSALS.get(kind, _OTHER)
