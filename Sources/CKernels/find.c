#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

static size_t tail(const uint8_t *text, size_t from, size_t n, uint32_t set, uint32_t *out, size_t count) {
  uint8_t a = (uint8_t)set, b = (uint8_t)(set >> 8), c = (uint8_t)(set >> 16), d = (uint8_t)(set >> 24);
  for (size_t i = from; i < n; i++) {
    uint8_t x = text[i];
    out[count] = (uint32_t)i;
    count += (x == a) | (x == b) | (x == c) | (x == d);
  }
  return count;
}

/* Always writes in eights: the room of 64 beyond the count makes that safe. */
static inline size_t spill(uint64_t mask, uint32_t base, uint32_t *out, size_t count) {
  size_t found = (size_t)__builtin_popcountll(mask);
  uint32_t *to = out + count;
  for (size_t done = 0; done < found; done += 8, to += 8) {
    for (int k = 0; k < 8; k++) {
      to[k] = base + (uint32_t)__builtin_ctzll(mask | (1ull << 63));
      mask &= mask - 1;
    }
  }
  return count + found;
}

static size_t find_sse2(const uint8_t *text, size_t n, uint32_t set, uint32_t *out) {
  __m128i a = _mm_set1_epi8((char)set), b = _mm_set1_epi8((char)(set >> 8));
  __m128i c = _mm_set1_epi8((char)(set >> 16)), d = _mm_set1_epi8((char)(set >> 24));
  size_t count = 0, i = 0;
  for (; i + 64 <= n; i += 64) {
    uint64_t mask = 0;
    for (int k = 0; k < 4; k++) {
      __m128i x = _mm_loadu_si128((const __m128i *)(text + i + 16 * k));
      __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, a), _mm_cmpeq_epi8(x, b)),
                                 _mm_or_si128(_mm_cmpeq_epi8(x, c), _mm_cmpeq_epi8(x, d)));
      mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << (16 * k);
    }
    count = spill(mask, (uint32_t)i, out, count);
  }
  return tail(text, i, n, set, out, count);
}

__attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt"))) static size_t find_avx2(const uint8_t *text, size_t n,
                                                                              uint32_t set, uint32_t *out) {
  __m256i a = _mm256_set1_epi8((char)set), b = _mm256_set1_epi8((char)(set >> 8));
  __m256i c = _mm256_set1_epi8((char)(set >> 16)), d = _mm256_set1_epi8((char)(set >> 24));
  size_t count = 0, i = 0;
  for (; i + 64 <= n; i += 64) {
    uint64_t mask = 0;
    for (int k = 0; k < 2; k++) {
      __m256i x = _mm256_loadu_si256((const __m256i *)(text + i + 32 * k));
      __m256i hit = _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(x, a), _mm256_cmpeq_epi8(x, b)),
                                    _mm256_or_si256(_mm256_cmpeq_epi8(x, c), _mm256_cmpeq_epi8(x, d)));
      mask |= (uint64_t)(uint32_t)_mm256_movemask_epi8(hit) << (32 * k);
    }
    size_t found = (size_t)__builtin_popcountll(mask);
    uint32_t *to = out + count;
    for (size_t done = 0; done < found; done += 8, to += 8) {
      for (int k = 0; k < 8; k++) {
        to[k] = (uint32_t)i + (uint32_t)_tzcnt_u64(mask);
        mask = _blsr_u64(mask);
      }
    }
    count += found;
  }
  return tail(text, i, n, set, out, count);
}

__attribute__((target("avx512f,avx512bw,avx512vbmi2,bmi,bmi2,popcnt"))) static size_t find_avx512(const uint8_t *text,
                                                                                                size_t n, uint32_t set,
                                                                                                uint32_t *out) {
  static const uint8_t ramp[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                   16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                   32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                   48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  __m512i a = _mm512_set1_epi8((char)set), b = _mm512_set1_epi8((char)(set >> 8));
  __m512i c = _mm512_set1_epi8((char)(set >> 16)), d = _mm512_set1_epi8((char)(set >> 24));
  __m512i iota = _mm512_loadu_si512(ramp);
  size_t count = 0;
  for (size_t i = 0; i < n; i += 64) {
    /* SAFETY: the mask keeps the load inside the text. */
    __mmask64 live = n - i >= 64 ? ~0ull : (1ull << (n - i)) - 1;
    __m512i x = _mm512_maskz_loadu_epi8(live, text + i);
    __mmask64 mask = (_mm512_cmpeq_epi8_mask(x, a) | _mm512_cmpeq_epi8_mask(x, b) | _mm512_cmpeq_epi8_mask(x, c) |
                      _mm512_cmpeq_epi8_mask(x, d)) &
                     live;
    size_t found = (size_t)__builtin_popcountll(mask);
    __m512i packed = _mm512_maskz_compress_epi8(mask, iota);
    __m512i base = _mm512_set1_epi32((int)(uint32_t)i);
    uint32_t *to = out + count;
    _mm512_storeu_si512(to, _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed))));
    if (found > 16) {
      _mm512_storeu_si512(to + 16,
                          _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 1))));
      if (found > 32) {
        _mm512_storeu_si512(to + 32,
                            _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 2))));
        _mm512_storeu_si512(to + 48,
                            _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 3))));
      }
    }
    count += found;
  }
  return count;
}

/* What stands in front of each 64 bytes is summed up first; then an offset asks for its own 64 alone, whatever the others. A
 * character weighs as much as its bytes that are counted: its first one, and its second one where `other` is twice `ascii`. */
__attribute__((target("avx2,bmi,bmi2,popcnt"))) uint32_t sck_measure(const uint8_t *text, size_t n, uint32_t ascii,
                                                                     uint32_t other, const uint32_t *offsets,
                                                                     size_t count, uint32_t *sums) {
  uint64_t counted[SCK_MEASURED / 64];
  uint32_t before[SCK_MEASURED / 64];
  uint64_t seconds = other > ascii ? ~0ull : 0, carry = 0;
  uint32_t scale = ascii - 1, sum = 0;
  for (size_t i = 0; i < n; i += 64) {
    uint8_t last[64];
    const uint8_t *from = text + i;
    size_t live = n - i < 64 ? n - i : 64;
    if (live < 64) {
      /* Behind the end stand continuation bytes. */
      for (size_t k = 0; k < 64; k++) last[k] = k < live ? from[k] : 0x80;
      from = last;
    }
    uint64_t high = 0, next = 0;
    for (int k = 0; k < 2; k++) {
      __m256i x = _mm256_loadu_si256((const __m256i *)(from + 32 * k));
      high |= (uint64_t)(uint32_t)_mm256_movemask_epi8(x) << (32 * k);
      next |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_add_epi8(x, x)) << (32 * k);
    }
    uint64_t leads = high & next & seconds;
    uint64_t bits = ~high | (high & next) | leads << 1 | carry;
    carry = leads >> 63;
    counted[i / 64] = bits;
    before[i / 64] = sum;
    sum += (uint32_t)__builtin_popcountll(bits) << scale;
  }
  for (size_t k = 0; k < count; k++) {
    uint32_t block = offsets[k] / 64, place = offsets[k] % 64;
    sums[k] = before[block] + ((uint32_t)__builtin_popcountll(_bzhi_u64(counted[block], place)) << scale);
  }
  /* The second byte of a character that the end cuts belongs to the character. */
  return sum + ((uint32_t)carry << scale);
}

int sck_best_level(void) {
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2") &&
      __builtin_cpu_supports("avx2"))
    return 3;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) return 2;
  return 1;
}

size_t sck_find4(int level, const uint8_t *text, size_t n, uint32_t set, uint32_t *out) {
  switch (level) {
    case 3: return find_avx512(text, n, set, out);
    case 2: return find_avx2(text, n, set, out);
    default: return find_sse2(text, n, set, out);
  }
}

#else

int sck_best_level(void) { return 0; }

uint32_t sck_measure(const uint8_t *text, size_t n, uint32_t ascii, uint32_t other, const uint32_t *offsets, size_t count,
                     uint32_t *sums) {
  (void)text, (void)n, (void)ascii, (void)other, (void)offsets, (void)count, (void)sums;
  return 0;
}

size_t sck_find4(int level, const uint8_t *text, size_t n, uint32_t set, uint32_t *out) {
  (void)level;
  uint8_t a = (uint8_t)set, b = (uint8_t)(set >> 8), c = (uint8_t)(set >> 16), d = (uint8_t)(set >> 24);
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    uint8_t x = text[i];
    out[count] = (uint32_t)i;
    count += (x == a) | (x == b) | (x == c) | (x == d);
  }
  return count;
}

#endif

static size_t count_breaks_plain(const uint8_t *text, size_t n, int after_cr) {
  size_t breaks = 0;
  for (size_t i = 0; i < n; i++) {
    int is_after = i > 0 ? text[i - 1] == '\r' : after_cr;
    breaks += (text[i] == '\r') | ((text[i] == '\n') & !is_after);
  }
  return breaks;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static size_t count_breaks_avx2(const uint8_t *text, size_t n) {
  const __m256i feed = _mm256_set1_epi8('\n'), carriage = _mm256_set1_epi8('\r');
  __m256i sums = _mm256_setzero_si256();
  size_t i = 1;
  while (i + 32 <= n) {
    /* Each byte counts for itself, up to 255 times. */
    size_t blocks = (n - i) / 32 < 255 ? (n - i) / 32 : 255;
    __m256i counts = _mm256_setzero_si256();
    for (; blocks > 0; blocks--, i += 32) {
      __m256i x = _mm256_loadu_si256((const __m256i *)(text + i));
      __m256i before = _mm256_loadu_si256((const __m256i *)(text + i - 1));
      __m256i own = _mm256_andnot_si256(_mm256_cmpeq_epi8(before, carriage), _mm256_cmpeq_epi8(x, feed));
      counts = _mm256_sub_epi8(counts, _mm256_or_si256(own, _mm256_cmpeq_epi8(x, carriage)));
    }
    sums = _mm256_add_epi64(sums, _mm256_sad_epu8(counts, _mm256_setzero_si256()));
  }
  uint64_t lanes[4];
  _mm256_storeu_si256((__m256i *)lanes, sums);
  return lanes[0] + lanes[1] + lanes[2] + lanes[3] + count_breaks_plain(text + i, n - i, text[i - 1] == '\r');
}
#endif

size_t sck_count_breaks(int level, const uint8_t *text, size_t n, int after_cr) {
  if (n == 0) return 0;
#if defined(__x86_64__)
  if (level >= 2) return count_breaks_plain(text, 1, after_cr) + count_breaks_avx2(text, n);
#endif
  (void)level;
  return count_breaks_plain(text, n, after_cr);
}
