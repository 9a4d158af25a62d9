/* Exceptions leave a function that were thrown again through a pointer to them, and C++ knows that they were caught.
 *
 * signature: (value: int) -> int
 * call: [1]
 * expected: returns 0
 */
#include "hostile.h"

#include <exception>
#include <stdexcept>

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    if (args[0].as_int == 0) {
        std::rethrow_exception(std::make_exception_ptr(std::runtime_error("out of here")));
    }
    const alas_value nothing = alas_int(0);
    for (int i = 0; i < 3; i++) {
        (void)alas_invoke(call, "mistake", &nothing, 1, result);
    }
    *result = alas_int(std::uncaught_exceptions());
    return ALAS_OK;
}

HOSTILE_PLUGIN
