#ifndef PUENTE_CZLIB_SHIM_H
#define PUENTE_CZLIB_SHIM_H
#include <zlib.h>
#endif
