/* A number is thrown out of the function.
 *
 * expected: fails -: ended by an exception of C++
 */
#include "hostile.h"

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)args, (void)nargs, (void)result;
    throw 5;
}

HOSTILE_PLUGIN
