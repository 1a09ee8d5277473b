#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

int sck_has_crc32(void) { return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1"); }

/* Folding by carry-less multiplication: Gopal and others, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
 * Instruction" (Intel, 2009). All numbers are powers of x modulo the polynomial of gzip, bits reversed: x^(4*128+32),
 * x^(4*128-32); x^(128+32), x^(128-32); x^64; the polynomial and its inverse for Barrett's reduction. */
#define CLMUL __attribute__((target("pclmul,sse4.1")))

CLMUL static inline __m128i pair(uint64_t low, uint64_t high) { return _mm_set_epi64x((long long)high, (long long)low); }

CLMUL static inline __m128i load(const uint8_t *from) { return _mm_loadu_si128((const __m128i *)from); }

/* Moves what was seen so far over by the distance that `by` stands for, and adds what stands there. */
CLMUL static inline __m128i fold(__m128i seen, __m128i by, __m128i next) {
  __m128i low = _mm_clmulepi64_si128(seen, by, 0x00);
  __m128i high = _mm_clmulepi64_si128(seen, by, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

CLMUL uint32_t sck_crc32(uint32_t crc, const uint8_t *text, size_t n) {
  const __m128i by4 = pair(0x0154442bd4, 0x01c6e41596);
  const __m128i by1 = pair(0x01751997d0, 0x00ccaa009e);
  const __m128i by64 = pair(0x0163cd6124, 0);
  const __m128i reduce = pair(0x01db710641, 0x01f7011641);
  const __m128i low32 = _mm_setr_epi32(~0, 0, ~0, 0);
  __m128i a = _mm_xor_si128(load(text), _mm_cvtsi32_si128((int)~crc));
  __m128i b = load(text + 16), c = load(text + 32), d = load(text + 48);
  size_t i = 64;
  for (; i + 64 <= n; i += 64) {
    a = fold(a, by4, load(text + i));
    b = fold(b, by4, load(text + i + 16));
    c = fold(c, by4, load(text + i + 32));
    d = fold(d, by4, load(text + i + 48));
  }
  a = fold(fold(fold(a, by1, b), by1, c), by1, d);
  for (; i + 16 <= n; i += 16) a = fold(a, by1, load(text + i));
  /* 128 bits to 64, to 32. */
  a = _mm_xor_si128(_mm_srli_si128(a, 8), _mm_clmulepi64_si128(a, by1, 0x10));
  a = _mm_xor_si128(_mm_srli_si128(a, 4), _mm_clmulepi64_si128(_mm_and_si128(a, low32), by64, 0x00));
  __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(a, low32), reduce, 0x10);
  a = _mm_xor_si128(a, _mm_clmulepi64_si128(_mm_and_si128(quotient, low32), reduce, 0x00));
  return ~(uint32_t)_mm_extract_epi32(a, 1);
}

#else

int sck_has_crc32(void) { return 0; }

/* Never called. */
uint32_t sck_crc32(uint32_t crc, const uint8_t *text, size_t n) {
  (void)text;
  (void)n;
  return crc;
}

#endif
