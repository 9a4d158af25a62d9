/* What the plugins share whose mistake is in a function: `mistake` makes it, and `twice` is right. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include "alas_plugin.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result);

static alas_status twice(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)nargs;
    *result = alas_int(2 * args[0].as_int);
    return ALAS_OK;
}

#define HOSTILE_PLUGIN                                                                                                 \
    static const alas_function functions[] = {{"mistake", mistake, 1, 0}, {"twice", twice, 1, 0}};                     \
    ALAS_PLUGIN("hostile", functions, NULL, NULL)

#endif
