/* A function is called whose name is as long as a book.
 *
 * expected: fails too_large: at most 1000 bytes, found 1000000
 */
#include "hostile.h"

#include <stdlib.h>
#include <string.h>

static alas_status mistake(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)nargs;
    char *name = (char *)malloc(1000001);
    memset(name, 'x', 1000000);
    name[1000000] = 0;
    alas_status status = alas_invoke(call, name, args, 1, result);
    free(name);
    return status;
}

HOSTILE_PLUGIN
