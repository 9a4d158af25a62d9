/* Exceptions leave a function again and again, and the destructors of what they skip run.
 *
 * signature: (value: int) -> int
 * call: [1]
 * expected: returns 3
 */
#include "hostile.h"

#include <stdexcept>

static int destroyed = 0;

struct Counter {
    Counter() {}
    ~Counter() { destroyed++; }
};

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    const Counter counter;
    if (args[0].as_int == 0) {
        throw std::runtime_error("out of here");
    }
    const alas_value nothing = alas_int(0);
    for (int i = 0; i < 3; i++) {
        (void)alas_invoke(call, "mistake", &nothing, 1, result);
    }
    *result = alas_int(destroyed);
    return ALAS_OK;
}

HOSTILE_PLUGIN
