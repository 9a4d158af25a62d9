/* Describing itself ends by an exception.
 *
 * expected: load invalid_descriptor: an exception of C++
 */
#include "alas_plugin.h"

ALAS_EXPORT const alas_descriptor *alas_plugin_entry(const alas_host *) { throw "no"; }
