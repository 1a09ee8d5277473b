#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

/* What the codes of one column are worth for 32 rows: two looks into halves of the table, of which bit 6 chooses. */
#define WORTH(column)                                                                                                  \
  ({                                                                                                                   \
    __m512i code = _mm512_cvtepu8_epi16(_mm256_loadu_si256((const __m256i *)(codes + (column) * stride + i)));         \
    code = _mm512_min_epu16(code, last);                                                                               \
    __m512i low = _mm512_permutex2var_epi16(table[4 * (column)], code, table[4 * (column) + 1]);                       \
    __m512i high = _mm512_permutex2var_epi16(table[4 * (column) + 2], code, table[4 * (column) + 3]);                  \
    _mm512_mask_blend_epi16(_mm512_test_epi16_mask(code, bit6), low, high);                                            \
  })

/* `masked` and `summed` are constants where this is inlined. */
__attribute__((target("avx512f,avx512bw"), always_inline)) static inline void count_avx512(
    const uint8_t *codes, size_t stride, const uint16_t *tables, const uint32_t *sums, const uint8_t *mask, size_t n,
    uint32_t *counters, int summed, int masked) {
  __m512i last = _mm512_set1_epi16(SCK_CODES - 1), bit6 = _mm512_set1_epi16(64);
  __m512i table[4 * SCK_COLUMNS];
  for (int k = 0; k < 4 * SCK_COLUMNS; k++) table[k] = _mm512_loadu_si512(tables + 32 * k);
  for (size_t i = 0; i < n; i += SCK_ROWS) {
    uint16_t cells[SCK_ROWS];
    __m512i cell = _mm512_add_epi16(_mm512_add_epi16(WORTH(0), WORTH(1)), _mm512_add_epi16(WORTH(2), WORTH(3)));
    _mm512_storeu_si512(cells, cell);
    size_t end = n - i < SCK_ROWS ? n - i : SCK_ROWS;
    if (end == SCK_ROWS) {
#pragma GCC unroll 8
      for (size_t k = 0; k < SCK_ROWS; k++)
        counters[(summed ? sums[i + k] : 0) + cells[k]] += masked ? mask[i + k] : 1;
    } else {
      for (size_t k = 0; k < end; k++) counters[(summed ? sums[i + k] : 0) + cells[k]] += masked ? mask[i + k] : 1;
    }
  }
}

__attribute__((target("avx512f,avx512bw"))) void sck_count_codes(const uint8_t *codes, size_t stride,
                                                                  const uint16_t *tables, const uint32_t *sums,
                                                                  const uint8_t *mask, size_t n, uint32_t *counters) {
  if (sums && mask) return count_avx512(codes, stride, tables, sums, mask, n, counters, 1, 1);
  if (sums) return count_avx512(codes, stride, tables, sums, mask, n, counters, 1, 0);
  if (mask) return count_avx512(codes, stride, tables, sums, mask, n, counters, 0, 1);
  count_avx512(codes, stride, tables, sums, mask, n, counters, 0, 0);
}

#else

void sck_count_codes(const uint8_t *codes, size_t stride, const uint16_t *tables, const uint32_t *sums, const uint8_t *mask,
                     size_t n, uint32_t *counters) {
  __builtin_trap();
}

#endif
