"""A voice and a picture to send when nobody gives one."""

import array
import io
import math

import av
from PIL import Image

RATE = 48_000
FRAME = 960
"""Samples in 20 ms, the frame of Opus."""
LOUDNESS = 6_000
TONE = 440


def make_voice(seconds: float = 1.5) -> bytes:
    """A tone as Avito keeps voices: Opus in MP4."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libopus", rate=RATE)
        stream.layout = "mono"
        for start in range(0, int(RATE * seconds), FRAME):
            container.mux(stream.encode(_tone(start)))
        container.mux(stream.encode(None))
    return out.getvalue()


def make_picture() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((640, 480)).save(out, "JPEG")
    return out.getvalue()


def _tone(start: int) -> av.AudioFrame:
    wave = (int(LOUDNESS * math.sin(2 * math.pi * TONE * at / RATE)) for at in range(start, start + FRAME))
    frame = av.AudioFrame(format="s16", layout="mono", samples=FRAME)
    frame.sample_rate = RATE
    frame.pts = start
    frame.planes[0].update(array.array("h", wave).tobytes())
    return frame
