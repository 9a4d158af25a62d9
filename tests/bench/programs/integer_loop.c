#include <stdint.h>

int64_t run(int64_t n) {
    int64_t total = 0;
    for (int64_t i = 0; i < n; i++) {
        total += i * i % 7;
    }
    return total;
}
