/* The symbol is there, but not for others.
 *
 * expected: load missing_symbol: does not export the function `alas_plugin_entry`
 */
#include "alas_plugin.h"

__attribute__((visibility("hidden"))) const alas_descriptor *alas_plugin_entry(const alas_host *host);
const alas_descriptor *alas_plugin_entry(const alas_host *host) {
    (void)host;
    return NULL;
}
