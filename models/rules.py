"""The auto-reply's rules as an organisation has set them."""

from datetime import date

from domain.auto_reply import AutoReplyRules
from domain.schedule import Window
from models.organisation import Organisation


def rules_of(organisation: Organisation) -> AutoReplyRules:
    """Raises InvalidValue for windows or dates that cannot be read."""
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
        holidays=frozenset(date.fromisoformat(one) for one in organisation.auto_reply_holidays),
    )
