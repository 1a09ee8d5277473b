#!/usr/bin/env python3
"""Writes Sources/CKernels/gb18030_table.h: what each two bytes and each four bytes of GB18030 mean.

  python3 scripts/gb18030.py           write it
  python3 scripts/gb18030.py --check   compare; exit 1 if it differs, 77 where libc is another one than it was made with

The mapping is that of the GNU C library's converter (GB 18030-2005). It stands in our source, because a converter that is
loaded when the program runs may be missing, may fail, and may be another one after an update of the system.
"""

import ctypes
import os
import sys

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Sources/CKernels/gb18030_table.h")
LIBC = "2.36"  # glibc 2.38 and later follow GB 18030-2022 in a few characters
FOUR = 39420  # 81 30 81 30 … 84 31 A4 39: the four-byte characters of the first plane


def converter():
    libc = ctypes.CDLL(None)
    libc.gnu_get_libc_version.restype = ctypes.c_char_p
    if "--check" in sys.argv and libc.gnu_get_libc_version().decode() != LIBC:
        print(f"gb18030: skipped: libc is not {LIBC}")
        sys.exit(77)
    libc.iconv_open.restype = ctypes.c_void_p
    libc.iconv.restype = ctypes.c_size_t
    handle = libc.iconv_open(b"UTF-32LE", b"GB18030")
    if handle in (None, ctypes.c_void_p(-1).value):
        print("gb18030: libc has no converter for GB18030: skipped")
        sys.exit(77)

    def one(text):
        source = ctypes.create_string_buffer(text, len(text))
        target = ctypes.create_string_buffer(16)
        here, there = ctypes.c_void_p(ctypes.addressof(source)), ctypes.c_void_p(ctypes.addressof(target))
        left, room = ctypes.c_size_t(len(text)), ctypes.c_size_t(16)
        libc.iconv(ctypes.c_void_p(handle), None, None, None, None)
        done = libc.iconv(
            ctypes.c_void_p(handle), ctypes.byref(here), ctypes.byref(left), ctypes.byref(there), ctypes.byref(room))
        if done == ctypes.c_size_t(-1).value or left.value or room.value != 12:
            return 0
        return int.from_bytes(target.raw[:4], "little")

    return one


def header():
    one = converter()
    two = [0 if trail == 0x7F else one(bytes([lead, trail])) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF)]
    four = []
    for i in range(FOUR):
        i, fourth = divmod(i, 10)
        i, third = divmod(i, 126)
        i, second = divmod(i, 10)
        four.append(one(bytes([0x81 + i, 0x30 + second, 0x81 + third, 0x30 + fourth])))
    runs = []  # start, first character, how many
    for i, scalar in enumerate(four):
        if scalar and runs and i == runs[-1][0] + runs[-1][2] and scalar == runs[-1][1] + runs[-1][2]:
            runs[-1][2] += 1
        elif scalar:
            runs.append([i, scalar, 1])
    beyond = [(i, scalar) for i, scalar in enumerate(two) if scalar > 0xFFFF]
    short = [0 if scalar > 0xFFFF else scalar for scalar in two]
    lines = ["/* Written by scripts/gb18030.py: GB 18030-2005 as the GNU C library converts it. */", "", "#include <stdint.h>", "",
             "/* By (lead - 0x81) * 191 + (trail - 0x40); 0: no character. */", f"static const uint16_t gb_two[{len(two)}] = {{"]
    for start in range(0, len(two), 16):
        lines.append("  " + ",".join(f"0x{scalar:x}" for scalar in short[start:start + 16]) + ",")
    lines += ["};", "", "/* Two bytes that are characters beyond the first plane: index, character. */",
              f"static const uint32_t gb_beyond[{len(beyond)}][2] = {{",
              "  " + ",".join(f"{{{i},0x{scalar:x}}}" for i, scalar in beyond) + ",", "};", "", "/* Runs of four-byte characters: index of the first, its character, how many. */",
              f"static const uint32_t gb_four[{len(runs)}][3] = {{"]
    for start in range(0, len(runs), 6):
        lines.append("  " + ",".join(f"{{{a},0x{b:x},{c}}}" for a, b, c in runs[start:start + 6]) + ",")
    return "\n".join(lines + ["};", ""])


def main():
    text = header()
    if "--check" in sys.argv:
        with open(PATH, encoding="ascii") as file:
            same = file.read() == text
        print("gb18030: " + ("the table is the converter's" if same else "the table differs from the converter's"))
        sys.exit(0 if same else 1)
    with open(PATH, "w", encoding="ascii") as file:
        file.write(text)


main()
