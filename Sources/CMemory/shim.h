#ifndef PUENTE_CMEMORY_SHIM_H
#define PUENTE_CMEMORY_SHIM_H
#include <stdlib.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

// Gives the system back what was freed. Other C libraries than glibc do so by themselves.
static inline void puente_return_free_memory(void) {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}
#endif
