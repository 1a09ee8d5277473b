#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET "avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt,bmi,bmi2"

/* The tables of all columns, low and high bytes apart: 128 bytes are what one instruction looks into. */
struct worth {
  __m512i low[2 * SCK_COLUMNS], high[2 * SCK_COLUMNS];
};

/* What is worth UINT16_MAX or more when it is multiplied by `unit` leaves its row out. */
__attribute__((target(TARGET), always_inline)) static inline struct worth split(const uint16_t *tables, unsigned unit) {
  uint8_t low[SCK_COLUMNS * SCK_CODES], high[SCK_COLUMNS * SCK_CODES];
  for (size_t k = 0; k < SCK_COLUMNS * SCK_CODES; k++) {
    unsigned worth = tables[k] * unit;
    if (worth > UINT16_MAX) worth = UINT16_MAX;
    low[k] = (uint8_t)worth;
    high[k] = (uint8_t)(worth >> 8);
  }
  struct worth worth;
  for (int k = 0; k < 2 * SCK_COLUMNS; k++) {
    worth.low[k] = _mm512_loadu_si512(low + 64 * k);
    worth.high[k] = _mm512_loadu_si512(high + 64 * k);
  }
  return worth;
}

/* What is reckoned for so many rows before the first is counted: looking up and counting wait for different things, and what is
 * left of rows that a filter thins out lies close together. */
enum { BATCH = 1024 };

/* Rows that are asked for ahead: what a processor fetches by itself ends with each page of 4096 rows, and the first rows of
 * the next were waited for in each column. Nothing is read by asking, so it may be behind the last row. */
enum { AHEAD = 2 * BATCH };

/* More than BATCH: what is moved to the front is written whole. */
union batch {
  uint16_t narrow[BATCH + 64];
  uint32_t wide[BATCH + 64];
};

/* What the codes of 64 rows are worth, in two halves. */
struct cells {
  __m512i front, back;
};

__attribute__((target(TARGET), always_inline)) static inline struct cells sum_up(
    const struct sck_columns *columns, const struct worth *worth, size_t i, __mmask64 rows) {
  __m512i last = _mm512_set1_epi8(SCK_CODES - 1), first = _mm512_setzero_si512(), second = first;
#pragma GCC unroll 4
  for (int c = 0; c < SCK_COLUMNS; c++) {
    __m512i code = _mm512_min_epu8(_mm512_maskz_loadu_epi8(rows, columns->codes[c] + i), last);
    __m512i low = _mm512_permutex2var_epi8(worth->low[2 * c], code, worth->low[2 * c + 1]);
    __m512i high = _mm512_permutex2var_epi8(worth->high[2 * c], code, worth->high[2 * c + 1]);
    first = _mm512_adds_epu16(first, _mm512_unpacklo_epi8(low, high));
    second = _mm512_adds_epu16(second, _mm512_unpackhi_epi8(low, high));
  }
  /* Bytes were paired by eight rows of one half and eight of the other. */
  __m512i front = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), back = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
  struct cells cells = {_mm512_permutex2var_epi64(first, front, second), _mm512_permutex2var_epi64(first, back, second)};
  return cells;
}

/* Which of 64 rows lie in the range of days. */
__attribute__((target(TARGET), always_inline)) static inline __mmask64 in_range(const struct sck_days *days, size_t i,
                                                                                __mmask64 rows) {
  __m512i from = _mm512_set1_epi32(days->from), width = _mm512_set1_epi32((int32_t)days->width);
  __mmask64 inside = 0;
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++) {
    __m512i day = _mm512_maskz_loadu_epi32((__mmask16)(rows >> 16 * k), days->days + i + 16 * k);
    inside |= (__mmask64)_mm512_cmple_epu32_mask(_mm512_sub_epi32(day, from), width) << 16 * k;
  }
  return inside;
}

/* What the days of 16 rows are worth. */
__attribute__((target(TARGET), always_inline)) static inline __m512i worth_of(const struct sck_days *days, __m512i day) {
  __m512i beyond = _mm512_set1_epi32((int32_t)days->entries);
  __m512i entry = _mm512_min_epu32(_mm512_sub_epi32(day, _mm512_set1_epi32(days->first)), beyond);
  return _mm512_i32gather_epi32(entry, days->worth, sizeof(uint32_t));
}

/* Asks for what is read of 64 rows later on. */
__attribute__((target(TARGET), always_inline)) static inline void ask_ahead(const struct sck_columns *columns,
                                                                             const struct sck_days *days, size_t i) {
#pragma GCC unroll 4
  for (int c = 0; c < SCK_COLUMNS; c++) _mm_prefetch((const char *)((uintptr_t)(columns->codes[c] + i) + AHEAD), _MM_HINT_T0);
  if (!days) return;
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++) _mm_prefetch((const char *)((uintptr_t)(days->days + i + 16 * k) + 4 * AHEAD), _MM_HINT_T0);
}

/* Cells in lanes are reckoned in units of 8, because an address is made of a register and 8 times another: a cell's lanes are
 * 64 bytes, and which of them it is stands in the instruction. */
enum { UNIT = 8 };

/* `dated` (days are worth something), `summed`, `filtered` and `laned` are constants where this is inlined. */
__attribute__((target(TARGET), always_inline)) static inline void count_avx512(
    const struct sck_columns *columns, const uint16_t *tables, const struct sck_days *days, const uint32_t *sums,
    const uint8_t *mask, size_t n, uint32_t *counters, int laned, int dated, int summed, int filtered) {
  struct worth worth = split(tables, laned ? UNIT : 1);
  __m512i ones = _mm512_set1_epi16(-1);
  union batch batch;
  for (size_t start = 0; start < n; start += BATCH) {
    size_t end = n - start < BATCH ? n : start + BATCH, count = 0;
    for (size_t i = start; i < end; i += 64) {
      __mmask64 rows = end - i < 64 ? (1ull << (end - i)) - 1 : ~0ull, left = rows;
      ask_ahead(columns, days, i);
      struct cells cells = sum_up(columns, &worth, i, rows);
      if (filtered) {
        left &= _mm512_cmpneq_epi16_mask(cells.front, ones) |
                (__mmask64)_mm512_cmpneq_epi16_mask(cells.back, ones) << 32;
        if (days) left &= in_range(days, i, rows);
        if (mask) left &= _mm512_test_epi8_mask(_mm512_maskz_loadu_epi8(rows, mask + i), ones);
      }
      if (dated || summed) {
#pragma GCC unroll 4
        for (int k = 0; k < 4; k++) {
          __mmask16 some = (__mmask16)(rows >> 16 * k), kept = (__mmask16)(left >> 16 * k);
          __m512i half = k < 2 ? cells.front : cells.back;
          __m512i cell = _mm512_cvtepu16_epi32(k % 2 ? _mm512_extracti64x4_epi64(half, 1) : _mm512_castsi512_si256(half));
          __m512i more = summed ? _mm512_maskz_loadu_epi32(some, sums + i + 16 * k)
                                : worth_of(days, _mm512_maskz_loadu_epi32(some, days->days + i + 16 * k));
          cell = _mm512_add_epi32(cell, laned ? _mm512_slli_epi32(more, 3) : more);
          _mm512_storeu_si512(batch.wide + count, filtered ? _mm512_maskz_compress_epi32(kept, cell) : cell);
          count += (size_t)__builtin_popcount(kept);
        }
      } else {
        __mmask32 front = (__mmask32)left, back = (__mmask32)(left >> 32);
        _mm512_storeu_si512(batch.narrow + count, filtered ? _mm512_maskz_compress_epi16(front, cells.front) : cells.front);
        count += (size_t)__builtin_popcount(front);
        _mm512_storeu_si512(batch.narrow + count, filtered ? _mm512_maskz_compress_epi16(back, cells.back) : cells.back);
        count += (size_t)__builtin_popcount(back);
      }
    }
#define ROW(cell, k) counters[laned ? (size_t)(cell) * (SCK_LANES / UNIT) + (k) % SCK_LANES : (size_t)(cell)] += 1
    size_t k = 0;
    if (dated || summed) {
      for (; k + 16 <= count; k += 16) {
#pragma GCC unroll 16
        for (size_t j = 0; j < 16; j++) ROW(batch.wide[k + j], j);
      }
      for (; k < count; k++) ROW(batch.wide[k], k);
    } else {
      for (; k + 16 <= count; k += 16) {
#pragma GCC unroll 4
        for (size_t j = 0; j < 16; j += 4) {
          uint64_t four;
          __builtin_memcpy(&four, batch.narrow + k + j, sizeof four);
          ROW((uint16_t)four, j);
          ROW((uint16_t)(four >> 16), j + 1);
          ROW((uint16_t)(four >> 32), j + 2);
          ROW(four >> 48, j + 3);
        }
      }
      for (; k < count; k++) ROW(batch.narrow[k], k);
    }
#undef ROW
  }
}

__attribute__((target(TARGET), always_inline)) static inline void count_kind(
    const struct sck_columns *columns, const uint16_t *tables, const struct sck_days *days, const uint32_t *sums,
    const uint8_t *mask, int filtered, size_t n, uint32_t *counters, int laned) {
  int dated = days && days->worth;
  if (dated && filtered) return count_avx512(columns, tables, days, 0, mask, n, counters, laned, 1, 0, 1);
  if (dated) return count_avx512(columns, tables, days, 0, 0, n, counters, laned, 1, 0, 0);
  if (sums && filtered) return count_avx512(columns, tables, days, sums, mask, n, counters, laned, 0, 1, 1);
  if (sums) return count_avx512(columns, tables, 0, sums, 0, n, counters, laned, 0, 1, 0);
  if (filtered) return count_avx512(columns, tables, days, 0, mask, n, counters, laned, 0, 0, 1);
  count_avx512(columns, tables, 0, 0, 0, n, counters, laned, 0, 0, 0);
}

__attribute__((target(TARGET))) void sck_count_codes(
    const struct sck_columns *columns, const uint16_t *tables, const struct sck_days *days, const uint32_t *sums,
    const uint8_t *mask, int filtered, size_t n, uint32_t *counters, int laned) {
  if (laned) return count_kind(columns, tables, days, sums, mask, filtered, n, counters, 1);
  count_kind(columns, tables, days, sums, mask, filtered, n, counters, 0);
}

__attribute__((target(TARGET))) size_t sck_find_bits(const uint32_t *numbers, size_t n, uint32_t bits, uint32_t *out) {
  __m512i wanted = _mm512_set1_epi32((int32_t)bits), step = _mm512_set1_epi32(16);
  __m512i place = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  size_t count = 0;
  /* Without a branch: which 16 numbers have one that is wanted cannot be foretold. */
  for (size_t i = 0; i < n; i += 16) {
    __mmask16 rows = n - i < 16 ? (__mmask16)((1u << (n - i)) - 1) : (__mmask16)~0u;
    __mmask16 found = _mm512_test_epi32_mask(_mm512_maskz_loadu_epi32(rows, numbers + i), wanted);
    _mm512_storeu_si512(out + count, _mm512_maskz_compress_epi32(found, place));
    count += (size_t)__builtin_popcount(found);
    place = _mm512_add_epi32(place, step);
  }
  return count;
}

#else

/* Never called: sck_best_level() is 0 here, and the Swift twins do the work. */
void sck_count_codes(const struct sck_columns *columns, const uint16_t *tables, const struct sck_days *days,
                     const uint32_t *sums, const uint8_t *mask, int filtered, size_t n, uint32_t *counters, int laned) {
  __builtin_trap();
}
size_t sck_find_bits(const uint32_t *numbers, size_t n, uint32_t bits, uint32_t *out) { __builtin_trap(); }

#endif
