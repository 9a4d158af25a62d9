#include <stdint.h>

double run(const double *values, int64_t length) {
    double total = 0.0;
    for (int64_t i = 0; i < length; i++) {
        total += values[i];
    }
    return total;
}
