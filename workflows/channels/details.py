"""Current details of accounts and bots in the Temporal Web UI: states and times in Russian, no personal data."""

from datetime import datetime

from domain.kernel.trouble import Trouble
from workflows.kernel.troubles import moment, trouble_of

SWEEP_TIMER = "следующий обход чатов"
KEEP_TIMER = "следующая проверка бота"


def account_details(*, healthy: bool, monitoring: bool, found: int, trouble: Trouble | None, at: datetime) -> str:
    if not monitoring:
        return "**Наблюдение выключено**: ждём, пока его включат"
    state = "**Аккаунт Avito в порядке**" if healthy else "**Аккаунт Avito требует внимания**: причина в настройках"
    return _line(state, f"обход {moment(at)}: чатов с новостями {found}", *([trouble_of(trouble)] if trouble else ()))


def bot_details(*, polled: bool, trouble: Trouble | None, at: datetime) -> str:
    state = "**Бот требует внимания**: причина в настройках" if trouble else "**Бот в порядке**"
    way = "опрашиваем сами" if polled else "сообщения приходят по вебхуку"
    return _line(state, way, f"проверен {moment(at)}", *([trouble_of(trouble)] if trouble else ()))


def _line(first: str, *others: str) -> str:
    return "; ".join([first, *others])
