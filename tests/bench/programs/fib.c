#include <stdint.h>

int64_t run(int64_t n) {
    if (n < 2) {
        return n;
    }
    return run(n - 1) + run(n - 2);
}
