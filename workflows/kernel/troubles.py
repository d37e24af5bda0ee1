"""Russian names of troubles with Avito and Telegram, for the current details of a workflow."""

from datetime import datetime

TROUBLES = {
    "telegram": "Telegram не отвечает или не пускает",
    "avito": "Avito не отвечает или не пускает",
    "budget": "ждём своей очереди: в группу уже отправлено, сколько можно",
    "turn": "ждём своей очереди: Avito просит не спешить",
    "key": "Avito не принимает ключ аккаунта",
    "gone": "аккаунт удалён",
    "token": "Telegram не принимает токен бота",
    "webhook": "вебхук не принят или не доставляется",
    "group": "бот не может работать в группе",
}


def trouble_of(trouble: str) -> str:
    return f"Мешает: {TROUBLES.get(trouble, trouble)}"


def moment(at: datetime) -> str:
    return f"{at:%d.%m.%Y %H:%M:%S} UTC"
