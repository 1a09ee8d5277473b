#include "CKernels.h"

#include "gb18030_table.h"

void sck_gb18030_tables(uint32_t *two, uint32_t *four) {
  for (int i = 0; i < SCK_GB_TWO; i++) two[i] = gb_two[i];
  for (unsigned i = 0; i < sizeof gb_beyond / sizeof *gb_beyond; i++) two[gb_beyond[i][0]] = gb_beyond[i][1];
  for (uint32_t i = 0; i < SCK_GB_FOUR; i++) four[i] = 0;
  for (unsigned run = 0; run < sizeof gb_four / sizeof *gb_four; run++) {
    for (uint32_t i = 0; i < gb_four[run][2]; i++) four[gb_four[run][0] + i] = gb_four[run][1] + i;
  }
}
