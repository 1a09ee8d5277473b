"""The checksum of a segment file's metadata: everything in it that is no column data.

Arrow trusts the metadata of a file: a damaged one may end the process. So it is compared before Arrow sees the file.
"""

from __future__ import annotations

import re
import struct
from typing import BinaryIO

_MASK = 0xFFFF_FFFF_FFFF_FFFF
_P1, _P2, _P3 = 0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9
_P4, _P5 = 0x85EB_CA77_C2B2_AE63, 0x27D4_EB2F_1656_67C5

#: A line of `spotcheck.checksums` in the footer: where a buffer is, how long, and its hash.
_LINE = re.compile(rb"([0-9]{1,18}) ([0-9]{1,18}) [0-9a-f]{16}\n")


def metadata_hash(file: BinaryIO, length: int) -> str:
    """XXH64 of what lies outside the buffers that the footer lists, in hex. Raises ValueError if there is no footer."""
    if length < 20:
        raise ValueError("it is too short")
    file.seek(length - 10)
    size = int.from_bytes(file.read(4), "little", signed=True)
    if not 0 < size <= length - 10:
        raise ValueError("its footer is not where it must be")
    file.seek(length - 10 - size)
    footer = file.read(size)
    parts, place = [], 0
    for match in _LINE.finditer(footer):
        start, count = int(match[1]), int(match[2])
        if start < place or start + count > length:
            raise ValueError("its buffers are not where they must be")
        file.seek(place)
        parts.append(file.read(start - place))
        place = start + count
    file.seek(place)
    parts.append(file.read(length - place))
    return f"{xxh64(b''.join(parts)):016x}"


def xxh64(data: bytes) -> int:
    """XXH64 with seed 0."""
    whole = len(data) // 32 * 32
    if whole:
        a, b, c, d = (_P1 + _P2) & _MASK, _P2, 0, -_P1 & _MASK
        for w, x, y, z in struct.iter_unpack("<4Q", data[:whole]):
            a = (a + w * _P2) & _MASK
            a = ((a << 31 | a >> 33) * _P1) & _MASK
            b = (b + x * _P2) & _MASK
            b = ((b << 31 | b >> 33) * _P1) & _MASK
            c = (c + y * _P2) & _MASK
            c = ((c << 31 | c >> 33) * _P1) & _MASK
            d = (d + z * _P2) & _MASK
            d = ((d << 31 | d >> 33) * _P1) & _MASK
        hash = _turn(a, 1) + _turn(b, 7) + _turn(c, 12) + _turn(d, 18)
        for lane in (a, b, c, d):
            hash = ((hash ^ _round(0, lane)) * _P1 + _P4) & _MASK
    else:
        hash = _P5
    hash = (hash + len(data)) & _MASK
    rest = data[whole:]
    while len(rest) >= 8:
        hash = (_turn(hash ^ _round(0, int.from_bytes(rest[:8], "little")), 27) * _P1 + _P4) & _MASK
        rest = rest[8:]
    if len(rest) >= 4:
        hash = (_turn(hash ^ int.from_bytes(rest[:4], "little") * _P1 & _MASK, 23) * _P2 + _P3) & _MASK
        rest = rest[4:]
    for byte in rest:
        hash = _turn(hash ^ byte * _P5 & _MASK, 11) * _P1 & _MASK
    hash = (hash ^ hash >> 33) * _P2 & _MASK
    hash = (hash ^ hash >> 29) * _P3 & _MASK
    return hash ^ hash >> 32


def _turn(value: int, bits: int) -> int:
    return (value << bits | value >> 64 - bits) & _MASK


def _round(accumulator: int, lane: int) -> int:
    return _turn((accumulator + lane * _P2) & _MASK, 31) * _P1 & _MASK
