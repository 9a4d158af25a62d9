/* An exception leaves the function that was thrown again through a pointer to it.
 *
 * expected: fails -: ended by an exception of C++
 */
#include "hostile.h"

#include <exception>
#include <stdexcept>

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)args, (void)nargs, (void)result;
    std::rethrow_exception(std::make_exception_ptr(std::runtime_error("out of here")));
}

HOSTILE_PLUGIN
