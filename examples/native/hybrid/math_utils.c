/* The native half of math-utils: what takes long, on packed arrays. The other half is math_utils.alas.json. */
#include <stdlib.h>

#include "alas_plugin.h"

/* How much work is done before asking whether to stop. */
#define WORK_AT_ONCE 1000000

/* The manifest says what the largest sieve is; this holds where it does not. */
static int64_t largest_sieve = 10000000;

static alas_status begin(alas_call *call) {
    alas_value setting;
    const char *text;
    size_t length;
    char digits[32] = {0};
    alas_status status = alas_config(call, "largest_sieve", &setting);
    if (status == ALAS_NOT_FOUND) {
        return ALAS_OK;
    }
    if (status != ALAS_OK || alas_text(call, setting, &text, &length) != ALAS_OK) {
        return ALAS_ERROR;
    }
    if (length < sizeof digits) {
        /* A text of ALaS does not end with a zero. */
        memcpy(digits, text, length);
    }
    largest_sieve = strtoll(digits, NULL, 10);
    return largest_sieve > 0 ? ALAS_OK : alas_fail(call, "invalid_setting", "largest_sieve has to be a number above 0");
}

static alas_status is_prime(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    const int64_t n = args[0].as_int;
    (void)nargs;
    int is_prime = n == 2 || (n > 2 && n % 2 != 0);
    for (int64_t divisor = 3; is_prime && divisor <= n / divisor; divisor += 2) {
        is_prime = n % divisor != 0;
        if (divisor % WORK_AT_ONCE == 1 && alas_should_stop(call)) {
            return ALAS_ERROR;
        }
    }
    *result = alas_bool(is_prime);
    return ALAS_OK;
}

/* The sieve of Eratosthenes. */
static alas_status primes_below(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    const int64_t limit = args[0].as_int < 2 ? 2 : args[0].as_int;
    uint8_t *is_composite;
    int64_t *primes;
    alas_value sieve;
    size_t count = 0;
    (void)nargs;
    if (limit > largest_sieve) {
        return alas_fail(call, "too_large", "the limit is above the setting largest_sieve");
    }
    /* The host's memory, so that it counts against the plugin's limit and is given back with the call. */
    if (alas_new_bools(call, (size_t)limit, &is_composite, &sieve) != ALAS_OK) {
        return ALAS_ERROR;
    }
    for (int64_t n = 2; n < limit; n++) {
        if (is_composite[n]) {
            continue;
        }
        count++;
        if (n <= limit / n) {
            for (int64_t multiple = n * n; multiple < limit; multiple += n) {
                is_composite[multiple] = 1;
            }
        }
    }
    if (alas_new_ints(call, count, &primes, result) != ALAS_OK) {
        return ALAS_ERROR;
    }
    for (int64_t n = 2; n < limit; n++) {
        if (!is_composite[n]) {
            *primes++ = n;
        }
    }
    return ALAS_OK;
}

/* Count, mean and variance in one pass (B. P. Welford: Note on a method for calculating corrected sums of squares and
 * products. Technometrics 4, 1962). */
static alas_status moments(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    const double *numbers;
    size_t count;
    double mean = 0, squares = 0;
    (void)nargs;
    if (alas_floats(call, args[0], &numbers, &count) != ALAS_OK) {
        return ALAS_ERROR;
    }
    if (count == 0) {
        return alas_fail(call, "empty_input", "there are no statistics of nothing");
    }
    for (size_t i = 0; i < count; i++) {
        const double difference = numbers[i] - mean;
        mean += difference / (double)(i + 1);
        squares += difference * (numbers[i] - mean);
    }
    alas_status status = alas_new_map(call, 3, result);
    status = status != ALAS_OK ? status : alas_map_put(call, *result, "count", alas_int((int64_t)count));
    status = status != ALAS_OK ? status : alas_map_put(call, *result, "mean", alas_float(mean));
    return status != ALAS_OK ? status : alas_map_put(call, *result, "variance", alas_float(squares / (double)count));
}

/* Matrices are arrays of their rows, one after the other. */
static alas_status matrix_product(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    const double *a, *b;
    double *product;
    size_t length_a, length_b;
    (void)nargs;
    if (alas_floats(call, args[0], &a, &length_a) != ALAS_OK || alas_floats(call, args[1], &b, &length_b) != ALAS_OK) {
        return ALAS_ERROR;
    }
    if (args[2].as_int <= 0) {
        return alas_fail(call, "wrong_shape", "the first matrix needs at least one column");
    }
    const size_t inner = (size_t)args[2].as_int, rows = length_a / inner, columns = length_b / inner;
    if (rows * inner != length_a || columns * inner != length_b) {
        return alas_fail(call, "wrong_shape", "the first matrix has as many columns as the second has rows");
    }
    if (columns != 0 && rows > SIZE_MAX / columns) {
        return alas_fail(call, "wrong_shape", "the product is larger than memory");
    }
    if (alas_new_floats(call, rows * columns, &product, result) != ALAS_OK) {
        return ALAS_ERROR;
    }
    for (size_t row = 0; row < rows; row++) {
        for (size_t k = 0; k < inner; k++) {
            const double factor = a[row * inner + k];
            for (size_t column = 0; column < columns; column++) {
                product[row * columns + column] += factor * b[k * columns + column];
            }
        }
        if (alas_should_stop(call)) {
            return ALAS_ERROR;
        }
    }
    return ALAS_OK;
}

/* Counts the numbers up to n that have no divisor in common with it, by calling `gcd`, which is written in ALaS. */
static alas_status totient(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    int64_t count = 0;
    (void)nargs;
    for (int64_t n = 1; n <= args[0].as_int; n++) {
        const alas_value pair[] = {alas_int(n), args[0]};
        alas_value divisor;
        /* The status is the reason: a function that is called and fails makes this one fail as it did. */
        alas_status status = alas_invoke(call, "gcd", pair, 2, &divisor);
        if (status != ALAS_OK) {
            return status;
        }
        count += divisor.as_int == 1;
    }
    *result = alas_int(count);
    return ALAS_OK;
}

static const alas_function functions[] = {
    {"isPrime", is_prime, 1, 0},
    {"primesBelow", primes_below, 1, 0},
    {"moments", moments, 1, 0},
    {"matrixProduct", matrix_product, 3, 0},
    {"totient", totient, 1, 0},
};

ALAS_PLUGIN("math_utils", functions, begin, NULL)
