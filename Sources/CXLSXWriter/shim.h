#ifndef SPOTCHECK_CXLSXWRITER_SHIM_H
#define SPOTCHECK_CXLSXWRITER_SHIM_H
#include <xlsxwriter.h>
#endif
