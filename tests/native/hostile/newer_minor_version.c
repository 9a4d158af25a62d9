/* It was built for a newer minor version of the interface.
 *
 * expected: load wrong_version: version 1.1 of the interface
 */
#include "alas_plugin.h"

static alas_status twice(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)nargs;
    *result = alas_int(2 * args[0].as_int);
    return ALAS_OK;
}

static const alas_function functions[] = {{"mistake", twice, 1, 0}, {"twice", twice, 1, 0}};

static const alas_descriptor descriptor = {
    ALAS_ABI_MAJOR, ALAS_ABI_MINOR + 1, sizeof(alas_descriptor), "hostile", functions, 2, NULL, NULL,
};

ALAS_EXPORT const alas_descriptor *alas_plugin_entry(const alas_host *host);
const alas_descriptor *alas_plugin_entry(const alas_host *host) {
    (void)host;
    return &descriptor;
}
