/* A name would change the terminal that it is printed to.
 *
 * expected: load disagreement: the manifest lacks `\u{1b}[2Jtwice`
 */
#include "alas_plugin.h"

static alas_status twice(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)nargs;
    *result = alas_int(2 * args[0].as_int);
    return ALAS_OK;
}

static const alas_function functions[] = {
    {"mistake", twice, 1, 0},
    {"twice", twice, 1, 0},
    {"\033[2Jtwice", twice, 1, 0},
};
ALAS_PLUGIN("hostile", functions, NULL, NULL)
