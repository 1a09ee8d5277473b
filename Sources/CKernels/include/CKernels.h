/* The few vector kernels, of the Reading room and one of the Store's. Each has a scalar Swift twin that is its oracle and the
 * fallback on processors without the instructions. Plain C, no allocation, no state. */
#ifndef SPOTCHECK_CKERNELS_H
#define SPOTCHECK_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Instruction levels: 0 = none (use the Swift twin), 1 = SSE2, 2 = AVX2, 3 = AVX-512 (F, BW, VBMI, VBMI2). */
int sck_best_level(void);

/* Writes the offsets, ascending, of all bytes among the four of `set` (lowest byte first; repeat one to search fewer)
 * and returns how many. `out` must have room for n + 64. `level` must be 1 … sck_best_level(). */
size_t sck_find4(int level, const uint8_t *text, size_t n, uint32_t set, uint32_t *out);

/* Writes to `sums`, for each of `count` offsets of at most SCK_MEASURED bytes of UTF-8, how many bytes the characters in
 * front of it took in the payload, if one of ASCII took `ascii` and any other `other` (1 and 1, 1 and 2, or 2 and 2); returns
 * the same for all n. Offsets are below n, and none stands inside a character. Levels 2 and above only. */
enum { SCK_MEASURED = 16384 };
uint32_t sck_measure(const uint8_t *text, size_t n, uint32_t ascii, uint32_t other, const uint32_t *offsets, size_t count,
                     uint32_t *sums);

/* What a stretch of UTF-8 holds; a sequence cut by the end is invalid. */
enum { SCK_INVALID = 1, SCK_NUL = 2, SCK_MAYBE_PRIVATE = 4, SCK_NON_ASCII = 8 };
/* `level` must be 2 … sck_best_level(). MAYBE_PRIVATE may be set in vain, never missed. */
uint32_t sck_utf8_scan(int level, const uint8_t *text, size_t n);

/* Writes the offsets, ascending, of all bytes at which plain XML text may end and returns how many: `<`, `>`, `&`, control
 * characters except TAB and LF, and the last byte of U+FFFE and U+FFFF. Sets one bit a byte in `feeds` for every LF; it
 * has (n + 63) / 64 words, and bits beyond the text are 0. `out` must have room for n + 64. `level` must be
 * 1 … sck_best_level(). */
size_t sck_xml_marks(int level, const uint8_t *text, size_t n, uint32_t *out, uint64_t *feeds);

/* Line breaks in the text, where CR, LF and CRLF count one each. `after_cr`: the byte before the text is a CR, so that
 * an LF at its start belongs to a break already counted. Any level, also 0. */
size_t sck_count_breaks(int level, const uint8_t *text, size_t n, int after_cr);

/* Whether this processor multiplies without carries: only then may sck_crc32 be called. */
int sck_has_crc32(void);

/* The CRC-32 of gzip (RFC 1952, 8) after `n` more bytes; `n` must be a multiple of 16 and 64 at least. zlib's crc32 is its
 * twin, the oracle and what does the rest. */
uint32_t sck_crc32(uint32_t crc, const uint8_t *text, size_t n);

/* Fills the GB18030 tables: `two` has 126 * 191 entries (lead 81..FE, trail 40..FE), `four` has 39420 (four-byte codes of
 * the BMP, from 81308130 linearly); 0 = not a character. */
enum { SCK_GB_TWO = 126 * 191, SCK_GB_FOUR = 39420 };
void sck_gb18030_tables(uint32_t *two, uint32_t *four);

/* Counts rows by what the codes of their columns are worth. With
 *     cell = the sum over the columns c of tables[c * SCK_CODES + min(columns->codes[c][i], SCK_CODES - 1)],
 * at most UINT16_MAX, it adds 1 for each row i < n that is not left out to the counter number
 *     cell + days->worth[min(days->days[i] - days->first, days->entries)] + sums[i]
 * or, if `laned`, to one of the SCK_LANES counters from SCK_LANES times that number on: rows of one cell are then counted
 * without waiting for each other, and every such sum, and every cell, must be below SCK_LANED. Differences of days are
 * unsigned; without `days`, their `worth`, or `sums` 0 is added; `worth` and `sums` exclude each other. There are SCK_COLUMNS
 * columns of codes and as many tables, and `worth` has entries + 1 numbers. If `filtered`, rows are left out whose cell is
 * UINT16_MAX, whose day - days->from is more than days->width, or whose `mask`, if there is one, is 0; in lanes, a cell is
 * UINT16_MAX if it is SCK_LANED or more. Every sum must have its counters. Nothing is read beyond n rows. `level` 3 only; its
 * twin is CodeCounting.swift. */
enum { SCK_COLUMNS = 4, SCK_CODES = 128, SCK_LANES = 16, SCK_LANED = 8191 };
struct sck_days {
  const int32_t *days;
  int32_t first;
  uint32_t entries;
  const uint32_t *worth;
  int32_t from;
  uint32_t width;
};
struct sck_columns {
  const uint8_t *codes[SCK_COLUMNS];
};
void sck_count_codes(const struct sck_columns *columns, const uint16_t *tables, const struct sck_days *days,
                     const uint32_t *sums, const uint8_t *mask, int filtered, size_t n, uint32_t *counters, int laned);

/* Writes the places, ascending, of numbers that have one of `bits`, and returns how many. `out` must have room for
 * n + SCK_BEYOND. `level` 3 only; its twin is CodeCounting.swift. */
enum { SCK_BEYOND = 16 };
size_t sck_find_bits(const uint32_t *numbers, size_t n, uint32_t bits, uint32_t *out);

#endif
