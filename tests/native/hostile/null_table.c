/* There is no table of functions, but it is said to have two rows.
 *
 * expected: load invalid_descriptor: no table for its 2 functions
 */
#include "alas_plugin.h"

static const alas_descriptor descriptor = {
    ALAS_ABI_MAJOR, ALAS_ABI_MINOR, sizeof(alas_descriptor), "hostile", NULL, 2, NULL, NULL,
};

ALAS_EXPORT const alas_descriptor *alas_plugin_entry(const alas_host *host);
const alas_descriptor *alas_plugin_entry(const alas_host *host) {
    (void)host;
    return &descriptor;
}
