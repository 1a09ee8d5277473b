#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

/* What 64 bytes hold, one bit a byte. */
typedef struct {
  uint64_t angle;   /* < or > */
  uint64_t other;   /* & or a control character, but no TAB and no LF */
  uint64_t feed;    /* LF */
  uint64_t ef, bf;  /* the bytes EF and BF */
  uint64_t be_bf;   /* BE or BF */
} Classes;

typedef struct {
  uint64_t ef, bf; /* of the 64 bytes before */
} Before;

/* U+FFFE and U+FFFF are EF BF BE and EF BF BF; the third byte is marked. */
static inline uint64_t marks_of(const Classes *c, Before *before) {
  uint64_t two_back = (c->ef << 2) | (before->ef >> 62);
  uint64_t one_back = (c->bf << 1) | (before->bf >> 63);
  before->ef = c->ef;
  before->bf = c->bf;
  return c->angle | c->other | (two_back & one_back & c->be_bf);
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

static inline Classes classes_sse2(const uint8_t *text) {
  Classes c = {0, 0, 0, 0, 0, 0};
  for (int k = 0; k < 4; k++) {
    __m128i x = _mm_loadu_si128((const __m128i *)(text + 16 * k));
    __m128i feed = _mm_cmpeq_epi8(x, _mm_set1_epi8('\n'));
    __m128i space = _mm_or_si128(feed, _mm_cmpeq_epi8(x, _mm_set1_epi8('\t')));
    __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(0x1F)), x);
    __m128i other = _mm_or_si128(_mm_andnot_si128(space, control), _mm_cmpeq_epi8(x, _mm_set1_epi8('&')));
    __m128i angle = _mm_cmpeq_epi8(_mm_or_si128(x, _mm_set1_epi8(2)), _mm_set1_epi8('>'));
    __m128i bf = _mm_cmpeq_epi8(x, _mm_set1_epi8((char)0xBF));
    __m128i be_bf = _mm_or_si128(bf, _mm_cmpeq_epi8(x, _mm_set1_epi8((char)0xBE)));
#define BITS(v) ((uint64_t)(uint32_t)_mm_movemask_epi8(v) << (16 * k))
    c.angle |= BITS(angle);
    c.other |= BITS(other);
    c.feed |= BITS(feed);
    c.ef |= BITS(_mm_cmpeq_epi8(x, _mm_set1_epi8((char)0xEF)));
    c.bf |= BITS(bf);
    c.be_bf |= BITS(be_bf);
#undef BITS
  }
  return c;
}

static size_t marks_sse2(const uint8_t *text, size_t n, uint32_t *out, uint64_t *feeds) {
  Before before = {0, 0};
  size_t count = 0;
  for (size_t i = 0; i < n; i += 64) {
    uint8_t rest[64];
    const uint8_t *from = text + i;
    if (n - i < 64) {
      /* The last bytes, padded with spaces. */
      memset(rest, ' ', sizeof rest);
      memcpy(rest, from, n - i);
      from = rest;
    }
    Classes c = classes_sse2(from);
    feeds[i / 64] = c.feed;
    count = spill(marks_of(&c, &before), (uint32_t)i, out, count);
  }
  return count;
}

__attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt"))) static inline Classes classes_avx2(const uint8_t *text) {
  Classes c = {0, 0, 0, 0, 0, 0};
  for (int k = 0; k < 2; k++) {
    __m256i x = _mm256_loadu_si256((const __m256i *)(text + 32 * k));
    __m256i feed = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('\n'));
    __m256i space = _mm256_or_si256(feed, _mm256_cmpeq_epi8(x, _mm256_set1_epi8('\t')));
    __m256i control = _mm256_cmpeq_epi8(_mm256_min_epu8(x, _mm256_set1_epi8(0x1F)), x);
    __m256i other =
        _mm256_or_si256(_mm256_andnot_si256(space, control), _mm256_cmpeq_epi8(x, _mm256_set1_epi8('&')));
    __m256i angle = _mm256_cmpeq_epi8(_mm256_or_si256(x, _mm256_set1_epi8(2)), _mm256_set1_epi8('>'));
    __m256i bf = _mm256_cmpeq_epi8(x, _mm256_set1_epi8((char)0xBF));
    __m256i be_bf = _mm256_or_si256(bf, _mm256_cmpeq_epi8(x, _mm256_set1_epi8((char)0xBE)));
#define BITS(v) ((uint64_t)(uint32_t)_mm256_movemask_epi8(v) << (32 * k))
    c.angle |= BITS(angle);
    c.other |= BITS(other);
    c.feed |= BITS(feed);
    c.ef |= BITS(_mm256_cmpeq_epi8(x, _mm256_set1_epi8((char)0xEF)));
    c.bf |= BITS(bf);
    c.be_bf |= BITS(be_bf);
#undef BITS
  }
  return c;
}

__attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt"))) static size_t marks_avx2(const uint8_t *text, size_t n,
                                                                               uint32_t *out, uint64_t *feeds) {
  Before before = {0, 0};
  size_t count = 0;
  for (size_t i = 0; i < n; i += 64) {
    uint8_t rest[64];
    const uint8_t *from = text + i;
    if (n - i < 64) {
      memset(rest, ' ', sizeof rest);
      memcpy(rest, from, n - i);
      from = rest;
    }
    Classes c = classes_avx2(from);
    feeds[i / 64] = c.feed;
    uint64_t mask = marks_of(&c, &before);
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
  return count;
}

__attribute__((target("avx512f,avx512bw,avx512vbmi2,bmi,bmi2,popcnt"))) static size_t marks_avx512(
    const uint8_t *text, size_t n, uint32_t *out, uint64_t *feeds) {
  static const uint8_t ramp[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                   16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                   32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                   48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  __m512i iota = _mm512_loadu_si512(ramp);
  Before before = {0, 0};
  size_t count = 0;
  for (size_t i = 0; i < n; i += 64) {
    /* SAFETY: the mask keeps the load inside the text; bytes outside are spaces, which are no mark. */
    __mmask64 live = n - i >= 64 ? ~0ull : (1ull << (n - i)) - 1;
    __m512i x = _mm512_mask_loadu_epi8(_mm512_set1_epi8(' '), live, text + i);
    Classes c;
    c.feed = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('\n'));
    c.angle = _mm512_cmpeq_epi8_mask(_mm512_or_si512(x, _mm512_set1_epi8(2)), _mm512_set1_epi8('>'));
    c.other = (_mm512_cmplt_epu8_mask(x, _mm512_set1_epi8(0x20)) & ~c.feed &
               ~_mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('\t'))) |
              _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('&'));
    c.ef = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8((char)0xEF));
    c.bf = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8((char)0xBF));
    c.be_bf = c.bf | _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8((char)0xBE));
    feeds[i / 64] = c.feed;
    uint64_t mask = marks_of(&c, &before);
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

size_t sck_xml_marks(int level, const uint8_t *text, size_t n, uint32_t *out, uint64_t *feeds) {
  switch (level) {
    case 3: return marks_avx512(text, n, out, feeds);
    case 2: return marks_avx2(text, n, out, feeds);
    default: return marks_sse2(text, n, out, feeds);
  }
}

#else

/* Never called: sck_best_level() is 0 here, and the Swift twin does the work. */
size_t sck_xml_marks(int level, const uint8_t *text, size_t n, uint32_t *out, uint64_t *feeds) {
  (void)level;
  (void)text;
  (void)n;
  (void)out;
  (void)feeds;
  return 0;
}

#endif
