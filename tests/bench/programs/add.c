#include <stdint.h>

int64_t run(int64_t a, int64_t b) {
    return a + b;
}
