#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

/* Validation by three nibble look-ups per byte pair (Keiser and Lemire, "Validating UTF-8 in less than one instruction
 * per byte", 2021): each table entry is the set of errors that this nibble still allows; an error is what all three
 * allow. Third and fourth bytes of a sequence are checked by their distance from the lead. */
enum {
  TOO_SHORT = 1, TOO_LONG = 2, OVERLONG_3 = 4, TOO_LARGE = 8, SURROGATE = 16, OVERLONG_2 = 32,
  OVERLONG_4 = 64, /* and 5-byte leads */
  TWO_CONTS = 128,
  CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS
};

#define ROW(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)
#define B(x) ((char)(x))

typedef struct {
  __m256i error, previous, suspect;
} State;

__attribute__((target("avx2"))) static inline __m256i before(__m256i x, __m256i previous, int back) {
  __m256i joined = _mm256_permute2x128_si256(previous, x, 0x21);
  switch (back) {
    case 1: return _mm256_alignr_epi8(x, joined, 15);
    case 2: return _mm256_alignr_epi8(x, joined, 14);
    default: return _mm256_alignr_epi8(x, joined, 13);
  }
}

__attribute__((target("avx2"))) static inline void check(State *s, __m256i x) {
  const __m256i first_high = ROW(
      TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, B(TWO_CONTS), B(TWO_CONTS),
      B(TWO_CONTS), B(TWO_CONTS), TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
      TOO_SHORT | TOO_LARGE | OVERLONG_4);
  const __m256i first_low = ROW(
      B(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4), B(CARRY | OVERLONG_2), B(CARRY), B(CARRY), B(CARRY | TOO_LARGE),
      B(CARRY | TOO_LARGE | OVERLONG_4), B(CARRY | TOO_LARGE | OVERLONG_4), B(CARRY | TOO_LARGE | OVERLONG_4),
      B(CARRY | TOO_LARGE | OVERLONG_4), B(CARRY | TOO_LARGE | OVERLONG_4), B(CARRY | TOO_LARGE | OVERLONG_4),
      B(CARRY | TOO_LARGE | OVERLONG_4), B(CARRY | TOO_LARGE | OVERLONG_4),
      B(CARRY | TOO_LARGE | OVERLONG_4 | SURROGATE), B(CARRY | TOO_LARGE | OVERLONG_4),
      B(CARRY | TOO_LARGE | OVERLONG_4));
  const __m256i second_high = ROW(
      TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
      B(TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | OVERLONG_4),
      B(TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE),
      B(TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE),
      B(TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE), TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT);
  const __m256i low4 = _mm256_set1_epi8(0x0F);
  __m256i one = before(x, s->previous, 1);
  __m256i special = _mm256_and_si256(
      _mm256_and_si256(_mm256_shuffle_epi8(first_high, _mm256_and_si256(_mm256_srli_epi16(one, 4), low4)),
                       _mm256_shuffle_epi8(first_low, _mm256_and_si256(one, low4))),
      _mm256_shuffle_epi8(second_high, _mm256_and_si256(_mm256_srli_epi16(x, 4), low4)));
  __m256i third = _mm256_subs_epu8(before(x, s->previous, 2), _mm256_set1_epi8(0xE0 - 0x80));
  __m256i fourth = _mm256_subs_epu8(before(x, s->previous, 3), _mm256_set1_epi8(0xF0 - 0x80));
  __m256i must = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8(B(0x80)));
  s->error = _mm256_or_si256(s->error, _mm256_xor_si256(must, special));
  /* Private use: EE .., EF 80..A3, F3 B0.., F4 .. */
  __m256i private = _mm256_or_si256(
      _mm256_or_si256(_mm256_cmpeq_epi8(x, _mm256_set1_epi8(B(0xEE))),
                      _mm256_cmpeq_epi8(_mm256_max_epu8(x, _mm256_set1_epi8(B(0xF3))), x)),
      _mm256_and_si256(_mm256_cmpeq_epi8(one, _mm256_set1_epi8(B(0xEF))),
                       _mm256_cmpeq_epi8(_mm256_min_epu8(x, _mm256_set1_epi8(B(0xA3))), x)));
  s->suspect = _mm256_or_si256(s->suspect, private);
  s->previous = x;
}

__attribute__((target("avx2"))) static uint32_t scan_avx2(const uint8_t *text, size_t n) {
  State s = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
  const __m256i zero = _mm256_setzero_si256();
  __m256i nul = zero;
  uint32_t flags = 0;
  int open = 0; /* the previous block was not pure ASCII */
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
    __m256i x = _mm256_loadu_si256((const __m256i *)(text + i));
    nul = _mm256_or_si256(nul, _mm256_cmpeq_epi8(x, zero));
    int high = _mm256_movemask_epi8(x);
    if (high != 0 || open) check(&s, x);
    else s.previous = x;
    open = high != 0;
    if (high != 0) flags |= SCK_NON_ASCII;
  }
  /* The rest, padded with spaces: a sequence cut by the end is then too short. */
  uint8_t rest[32];
  memset(rest, ' ', sizeof rest);
  if (i < n) memcpy(rest, text + i, n - i);
  __m256i x = _mm256_loadu_si256((const __m256i *)rest);
  nul = _mm256_or_si256(nul, _mm256_cmpeq_epi8(x, zero));
  if (_mm256_movemask_epi8(x) != 0) flags |= SCK_NON_ASCII;
  check(&s, x);
  if (!_mm256_testz_si256(s.error, s.error)) flags |= SCK_INVALID;
  if (!_mm256_testz_si256(nul, nul)) flags |= SCK_NUL;
  if (!_mm256_testz_si256(s.suspect, s.suspect)) flags |= SCK_MAYBE_PRIVATE;
  return flags;
}

uint32_t sck_utf8_scan(int level, const uint8_t *text, size_t n) {
  (void)level;
  return scan_avx2(text, n);
}

#else

/* Never called: sck_best_level() is 0 here, and the Swift twin does the work. */
uint32_t sck_utf8_scan(int level, const uint8_t *text, size_t n) {
  (void)level;
  (void)text;
  return n == 0 ? 0 : SCK_INVALID;
}

#endif
