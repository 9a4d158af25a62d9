/* It says that it does not work with this host.
 *
 * expected: load wrong_version: does not work with this host
 */
#include "alas_plugin.h"

ALAS_EXPORT const alas_descriptor *alas_plugin_entry(const alas_host *host);
const alas_descriptor *alas_plugin_entry(const alas_host *host) {
    (void)host;
    return NULL;
}
