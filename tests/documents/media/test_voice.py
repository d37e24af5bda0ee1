"""Voice messages keep their sound while their container changes; what is no Opus is refused, whatever it claims."""

import io
import math
from array import array

import av
import pytest
from av.audio.stream import AudioStream

from documents.media.voice import MAX_BYTES, NotOpus, to_ogg

RATE, FRAME = 48000, 960


def recording(codec: str = "libopus", container: str = "mp4", seconds: float = 1.0) -> bytes:
    """A tone of 440 Hz."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as target:
        stream = target.add_stream(codec, rate=RATE)
        assert isinstance(stream, AudioStream)
        stream.layout = "mono"
        for start in range(0, int(seconds * RATE), FRAME):
            tone = [int(9000 * math.sin(2 * math.pi * 440 * (start + i) / RATE)) for i in range(FRAME)]
            frame = av.AudioFrame(format="s16", layout="mono", samples=FRAME)
            frame.sample_rate, frame.pts = RATE, start
            frame.planes[0].update(array("h", tone).tobytes())
            target.mux(stream.encode(_as_wanted(frame, codec)))
        target.mux(stream.encode(None))
    return out.getvalue()


def _as_wanted(frame: av.AudioFrame, codec: str) -> av.AudioFrame:
    if codec != "aac":
        return frame
    return av.AudioResampler(format="fltp", layout="mono", rate=RATE).resample(frame)[0]


def packets(data: bytes) -> list[bytes]:
    with av.open(io.BytesIO(data), "r") as source:
        return [bytes(packet) for packet in source.demux(source.streams.audio[0]) if packet.size]


def test_voice_message_becomes_ogg_with_the_very_same_sound() -> None:
    original = recording()
    ogg = to_ogg(original)
    assert original[4:8] == b"ftyp"
    assert ogg.startswith(b"OggS")
    assert b"OpusHead" in ogg[:100]
    assert len(packets(ogg)) > 40
    assert packets(ogg) == packets(original)


def test_length_and_sound_survive() -> None:
    with av.open(io.BytesIO(to_ogg(recording(seconds=2.0))), "r") as ogg:
        (stream,) = ogg.streams.audio
        frames = list(ogg.decode(stream))
    assert sum(frame.samples for frame in frames) / RATE == pytest.approx(2.0, abs=0.05)
    loudest = max(array("f", bytes(frames[50].planes[0])[: 4 * frames[50].samples]))
    assert loudest == pytest.approx(9000 / 32768, rel=0.2)


def test_ogg_stays_ogg() -> None:
    ogg = to_ogg(recording())
    assert packets(to_ogg(ogg)) == packets(ogg)


def test_sound_in_another_codec_is_refused() -> None:
    with pytest.raises(NotOpus):
        to_ogg(recording("aac"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"OggS" + b"\x00" * 100,
        b"<html>antibot</html>",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        bytes(MAX_BYTES + 1),
    ],
)
def test_what_is_no_recording_is_refused(data: bytes) -> None:
    with pytest.raises(NotOpus):
        to_ogg(data)


def test_damaged_recording_never_breaks_more_than_itself() -> None:
    whole = recording()
    outcomes = set()
    for end in range(0, len(whole), len(whole) // 40):
        try:
            outcomes.add(to_ogg(whole[:end]).startswith(b"OggS"))
        except NotOpus:
            outcomes.add(False)
    assert False in outcomes
    spoilt = bytearray(whole)
    for at in range(0, len(spoilt), 97):
        spoilt[at] ^= 0xFF
    with pytest.raises(NotOpus):
        to_ogg(bytes(spoilt))
