"""A voice message of Avito (Opus in MP4) → of Telegram (Opus in OGG), without re-encoding."""

import io
from typing import Final

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_PACKETS: Final = 400_000
"""Over two hours of 20 ms packets."""

_CODECS: Final = ("opus", "libopus")


class NotOpus(Exception):
    """Not a recording in Opus within the size limits."""


def to_ogg(data: bytes) -> bytes:
    """Copy the packets into an OGG container, in memory; raises NotOpus for other or damaged data."""
    if not data or len(data) > MAX_BYTES:
        raise NotOpus("empty or too large")
    # The container is explicit: detection could open play-lists, which refer to files and addresses.
    container = "ogg" if data.startswith(b"OggS") else "mp4"
    out = io.BytesIO()
    try:
        with av.open(io.BytesIO(data), "r", format=container) as source, av.open(out, "w", format="ogg") as target:
            _copy(source, target)
    except (FFmpegError, ValueError) as error:
        raise NotOpus(type(error).__name__) from None
    return out.getvalue()


def _copy(source: InputContainer, target: OutputContainer) -> None:
    track = next((one for one in source.streams.audio if _codec(one) in _CODECS), None)
    if track is None:
        raise NotOpus("no sound in Opus")
    copy = target.add_stream_from_template(track)
    # The demuxer ends with an empty packet for decoders.
    packets = (packet for packet in source.demux(track) if packet.dts is not None)
    count = 0
    for count, packet in enumerate(packets, start=1):
        if count > MAX_PACKETS:
            raise NotOpus("too long")
        packet.stream = copy
        target.mux(packet)
    if count == 0:
        raise NotOpus("no sound")


def _codec(track: AudioStream) -> str:
    """Name of the codec; empty for an unknown codec in a damaged file."""
    context: AudioCodecContext | None = track.codec_context
    return context.name if context is not None else ""
