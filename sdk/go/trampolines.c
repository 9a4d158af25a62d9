/* The table that the host reads, and the addresses in it.
 *
 * A native function gets no word of the plugin's own, so each needs an address of its own. They are made here, as many as a
 * plugin can have: each calls the one function in Go with its number.
 */
#include <stdlib.h>

#include "_cgo_export.h"
#include "bridge.h"

#define CELL(x, y, z)                                                                                                  \
    static alas_status call_##x##y##z(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {     \
        return alasGoCall(0x##x##y##z, call, (alas_value *)args, nargs, result);                                       \
    }
#define CELLS(x, y)                                                                                                    \
    CELL(x, y, 0) CELL(x, y, 1) CELL(x, y, 2) CELL(x, y, 3) CELL(x, y, 4) CELL(x, y, 5) CELL(x, y, 6) CELL(x, y, 7)    \
    CELL(x, y, 8) CELL(x, y, 9) CELL(x, y, a) CELL(x, y, b) CELL(x, y, c) CELL(x, y, d) CELL(x, y, e) CELL(x, y, f)
#define BLOCK(x)                                                                                                       \
    CELLS(x, 0) CELLS(x, 1) CELLS(x, 2) CELLS(x, 3) CELLS(x, 4) CELLS(x, 5) CELLS(x, 6) CELLS(x, 7)                    \
    CELLS(x, 8) CELLS(x, 9) CELLS(x, a) CELLS(x, b) CELLS(x, c) CELLS(x, d) CELLS(x, e) CELLS(x, f)

BLOCK(0)
BLOCK(1)
BLOCK(2)
BLOCK(3)

#undef CELL
#define CELL(x, y, z) call_##x##y##z,

static const alas_native_function trampolines[] = {BLOCK(0) BLOCK(1) BLOCK(2) BLOCK(3)};

ALAS_STATIC_ASSERT(sizeof(trampolines) / sizeof(trampolines[0]) == ALAS_GO_MOST_FUNCTIONS, "one for each function");

alas_descriptor *alas_go_describe(char *module, size_t function_count) {
    alas_descriptor *descriptor = calloc(1, sizeof(alas_descriptor));
    alas_function *functions = calloc(function_count + 1, sizeof(alas_function));
    if (descriptor == NULL || functions == NULL) {
        free(descriptor);
        free(functions);
        return NULL;
    }
    descriptor->abi_major = ALAS_ABI_MAJOR;
    descriptor->abi_minor = ALAS_ABI_MINOR;
    descriptor->size = sizeof(alas_descriptor);
    descriptor->module = module;
    descriptor->functions = functions;
    descriptor->function_count = function_count;
    descriptor->init = alasGoInit;
    descriptor->shutdown = alasGoShutdown;
    return descriptor;
}

/* A function too many gets the address of the last one, which is never called: the plugin refuses to begin. */
void alas_go_set_function(alas_descriptor *descriptor, size_t number, char *name, uint32_t parameter_count) {
    alas_function *function = (alas_function *)&descriptor->functions[number];
    function->name = name;
    function->function = trampolines[number < ALAS_GO_MOST_FUNCTIONS ? number : ALAS_GO_MOST_FUNCTIONS - 1];
    function->parameter_count = parameter_count;
}
