/* It needs a function that nobody has.
 *
 * expected: load cannot_open: nobody_has_this
 */
#include "alas_plugin.h"

const alas_descriptor *nobody_has_this(void);

ALAS_EXPORT const alas_descriptor *alas_plugin_entry(const alas_host *host);
const alas_descriptor *alas_plugin_entry(const alas_host *host) {
    (void)host;
    return nobody_has_this();
}
