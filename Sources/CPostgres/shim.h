#ifndef PUENTE_CPOSTGRES_SHIM_H
#define PUENTE_CPOSTGRES_SHIM_H
#include <libpq-fe.h>
#endif
