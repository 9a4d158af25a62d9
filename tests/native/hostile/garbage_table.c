/* The table is anywhere, and endless.
 *
 * expected: load invalid_descriptor: at most 100000
 */
#include "alas_plugin.h"

#define NOWHERE ((const alas_function *)(uintptr_t)0xDEADBEE8)

static const alas_descriptor descriptor = {
    ALAS_ABI_MAJOR, ALAS_ABI_MINOR, sizeof(alas_descriptor), "hostile", NOWHERE, SIZE_MAX / 2, NULL, NULL,
};

ALAS_EXPORT const alas_descriptor *alas_plugin_entry(const alas_host *host);
const alas_descriptor *alas_plugin_entry(const alas_host *host) {
    (void)host;
    return &descriptor;
}
