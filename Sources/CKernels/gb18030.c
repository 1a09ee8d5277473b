#include "CKernels.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

/* One character through iconv; 0 if these bytes are none. */
static uint32_t one(iconv_t converter, const uint8_t *bytes, size_t n) {
  char *in = (char *)bytes;
  uint8_t utf[16];
  char *out = (char *)utf;
  size_t in_left = n, out_left = sizeof utf;
  iconv(converter, NULL, NULL, NULL, NULL);
  if (iconv(converter, &in, &in_left, &out, &out_left) == (size_t)-1 || in_left != 0) return 0;
  size_t made = sizeof utf - out_left;
  if (made != 4) return 0; /* nothing, or a pair of characters: not ours */
  return (uint32_t)utf[0] | (uint32_t)utf[1] << 8 | (uint32_t)utf[2] << 16 | (uint32_t)utf[3] << 24;
}

int sck_gb18030_tables(uint32_t *two, uint32_t *four) {
  iconv_t converter = iconv_open("UTF-32LE", "GB18030");
  if (converter == (iconv_t)-1) return -1;
  for (int lead = 0x81; lead <= 0xFE; lead++) {
    for (int trail = 0x40; trail <= 0xFE; trail++) {
      uint8_t bytes[2] = {(uint8_t)lead, (uint8_t)trail};
      two[(lead - 0x81) * 191 + (trail - 0x40)] = trail == 0x7F ? 0 : one(converter, bytes, 2);
    }
  }
  for (uint32_t i = 0; i < SCK_GB_FOUR; i++) {
    uint32_t rest = i;
    uint8_t bytes[4];
    bytes[3] = (uint8_t)(0x30 + rest % 10);
    rest /= 10;
    bytes[2] = (uint8_t)(0x81 + rest % 126);
    rest /= 126;
    bytes[1] = (uint8_t)(0x30 + rest % 10);
    rest /= 10;
    bytes[0] = (uint8_t)(0x81 + rest);
    four[i] = one(converter, bytes, 4);
  }
  iconv_close(converter);
  return 0;
}
