"""Colour profiles of the tests' own (ICC.1:2001), because Pillow makes none but sRGB."""

import struct
from typing import TypeAlias

Primaries: TypeAlias = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]

ADOBE_RGB: Primaries = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
"""Columns of red, green and blue in XYZ under D50."""

DISPLAY_P3: Primaries = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
_WHITE = (0.9642, 1.0, 0.8249)


def rgb_profile(primaries: Primaries, gamma: float = 2.2) -> bytes:
    curve = _curve(gamma)
    columns = zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(_xyz, primaries), strict=True)
    return _profile(b"RGB ", [*columns, (b"rTRC", curve), (b"gTRC", curve), (b"bTRC", curve)])


def grey_profile(gamma: float) -> bytes:
    return _profile(b"GRAY", [(b"kTRC", _curve(gamma))])


def cmyk_profile() -> bytes:
    """All inks print one colour, whatever the amounts are."""
    grid = bytes((128, 188, 128)) * 2**4
    identity = bytes(range(256))
    head = struct.pack(">4sIBBBx", b"mft1", 0, 4, 3, 2)
    matrix = struct.pack(">9i", *(65536 if at % 4 == 0 else 0 for at in range(9)))
    return _profile(b"CMYK", [(b"A2B0", head + matrix + identity * 4 + grid + identity * 3)], kind=b"prtr", pcs=b"Lab ")


def _profile(space: bytes, tags: list[tuple[bytes, bytes]], kind: bytes = b"mntr", pcs: bytes = b"XYZ ") -> bytes:
    text = b"test\0"
    described = b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78)
    tags = [(b"desc", described), (b"wtpt", _xyz(_WHITE)), *tags]
    table, body, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags:
        data += bytes(-len(data) % 4)
        table += struct.pack(">4sII", name, at + len(body), len(data))
        body += data
    rest = struct.pack(">I", len(tags)) + table + body
    head = struct.pack(">I4sI4s4s4s12x4s", 128 + len(rest), bytes(4), 0x02400000, kind, space, pcs, b"acsp")
    head += bytes(28) + struct.pack(">3i", *(round(one * 65536) for one in _WHITE))
    return head.ljust(128, b"\0") + rest


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(one * 65536) for one in value))


def _curve(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256))
