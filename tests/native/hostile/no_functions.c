/* It has no functions, although the manifest says so.
 *
 * expected: load disagreement: the library lacks `mistake`, `twice`
 */
#include "alas_plugin.h"

static const alas_descriptor descriptor = {
    ALAS_ABI_MAJOR, ALAS_ABI_MINOR, sizeof(alas_descriptor), "hostile", NULL, 0, NULL, NULL,
};

ALAS_EXPORT const alas_descriptor *alas_plugin_entry(const alas_host *host);
const alas_descriptor *alas_plugin_entry(const alas_host *host) {
    (void)host;
    return &descriptor;
}
