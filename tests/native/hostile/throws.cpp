/* An exception leaves the function.
 *
 * expected: fails -: ended by an exception of C++
 */
#include "hostile.h"

#include <stdexcept>

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)args, (void)nargs, (void)result;
    throw std::runtime_error("out of here");
}

HOSTILE_PLUGIN
