"""Auto-reply rules of an organisation."""

from datetime import date

from domain.conversations.auto_reply import AutoReplyRules
from domain.conversations.hours import Window
from domain.kernel.refusal import InvalidValue
from models.people.organisation import Organisation


def rules_of(organisation: Organisation) -> AutoReplyRules:
    """From its current settings. Raises InvalidValue for windows or dates of a wrong shape."""
    try:
        holidays = frozenset(date.fromisoformat(one) for one in organisation.auto_reply_holidays)
    except (TypeError, ValueError):
        raise InvalidValue("Выходной автоответа — не дата.") from None
    return AutoReplyRules(
        enabled=organisation.auto_reply_enabled,
        mode=organisation.auto_reply_mode,
        always=organisation.auto_reply_always,
        start=organisation.auto_reply_start_time,
        end=organisation.auto_reply_end_time,
        zone=organisation.auto_reply_timezone,
        text=organisation.auto_reply_text,
        delay_seconds=organisation.auto_reply_delay_seconds,
        windows=tuple(Window.read(one) for one in organisation.auto_reply_windows),
        holidays=holidays,
    )
