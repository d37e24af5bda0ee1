"""CODE_CHANNELS: where a client's code goes, in order of preference."""

from typing import Final

from domain.deliveries.delivery import Channel

DEFAULT: Final = Channel.SUPPORT_CHAT.value


def code_channels(text: str) -> tuple[Channel, ...]:
    """The channels of a comma list; raises `ValueError` for unknown, repeated or missing names, and Telegram alone.

    Telegram cannot always be reached, so it is never the only one.
    """
    known = [channel.value for channel in Channel]
    names = [name.strip().lower() for name in text.split(",")]
    for name in names:
        if name not in known:
            raise ValueError(f"has a name that is none of {', '.join(known)}")
    if len(set(names)) < len(names):
        raise ValueError("names a channel twice")
    channels = tuple(Channel(name) for name in names)
    if channels == (Channel.TELEGRAM,):
        raise ValueError("telegram alone is not enough, because it cannot always be reached: name a second channel")
    return channels
