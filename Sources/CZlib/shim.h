#ifndef SPOTCHECK_CZLIB_SHIM_H
#define SPOTCHECK_CZLIB_SHIM_H
#include <zlib.h>
#endif
