/* Vector maths on packed arrays of floats: they are lent as they are, and results are built in the host's memory. */
#include <math.h>

#include "alas_plugin.h"

/* A vector that is lent. */
typedef struct vector {
    const double *items;
    size_t length;
} vector;

static alas_status read_vector(alas_call *call, alas_value array, vector *read) {
    return alas_floats(call, array, &read->items, &read->length);
}

/* Reads two arguments, which have to be equally long. */
static alas_status read_pair(alas_call *call, const alas_value *args, vector *a, vector *b) {
    alas_status status = read_vector(call, args[0], a);
    if (status == ALAS_OK) {
        status = read_vector(call, args[1], b);
    }
    if (status == ALAS_OK && a->length != b->length) {
        return alas_fail(call, "different_lengths", "the two vectors have to be equally long");
    }
    return status;
}

static double product(vector a, vector b) {
    double sum = 0;
    for (size_t i = 0; i < a.length; i++) {
        sum += a.items[i] * b.items[i];
    }
    return sum;
}

/* The length, without overflow where squares would be too large. */
static double length_of(vector a) {
    double largest = 0, sum = 0;
    for (size_t i = 0; i < a.length; i++) {
        largest = fmax(largest, fabs(a.items[i]));
    }
    if (largest == 0 || isinf(largest)) {
        return largest;
    }
    for (size_t i = 0; i < a.length; i++) {
        const double share = a.items[i] / largest;
        sum += share * share;
    }
    return largest * sqrt(sum);
}

static alas_status dot(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    vector a, b;
    (void)nargs;
    alas_status status = read_pair(call, args, &a, &b);
    if (status == ALAS_OK) {
        *result = alas_float(product(a, b));
    }
    return status;
}

static alas_status norm(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    vector a;
    (void)nargs;
    alas_status status = read_vector(call, args[0], &a);
    if (status == ALAS_OK) {
        *result = alas_float(length_of(a));
    }
    return status;
}

/* Makes factor * a + b. */
static alas_status combine(alas_call *call, double factor, vector a, vector b, alas_value *result) {
    double *sum;
    alas_status status = alas_new_floats(call, a.length, &sum, result);
    if (status == ALAS_OK) {
        for (size_t i = 0; i < a.length; i++) {
            sum[i] = factor * a.items[i] + b.items[i];
        }
    }
    return status;
}

static alas_status add(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    vector a, b;
    (void)nargs;
    alas_status status = read_pair(call, args, &a, &b);
    return status != ALAS_OK ? status : combine(call, 1, a, b, result);
}

static alas_status axpy(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    vector x, y;
    (void)nargs;
    alas_status status = read_pair(call, args + 1, &x, &y);
    return status != ALAS_OK ? status : combine(call, args[0].as_float, x, y, result);
}

/* Makes a * factor / divisor: two numbers, because one over a tiny length is no number any more. */
static alas_status scaled(alas_call *call, vector a, double factor, double divisor, alas_value *result) {
    double *made;
    alas_status status = alas_new_floats(call, a.length, &made, result);
    if (status == ALAS_OK) {
        for (size_t i = 0; i < a.length; i++) {
            made[i] = a.items[i] * factor / divisor;
        }
    }
    return status;
}

static alas_status scale(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    vector a;
    (void)nargs;
    alas_status status = read_vector(call, args[0], &a);
    return status != ALAS_OK ? status : scaled(call, a, args[1].as_float, 1, result);
}

static alas_status normalize(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    vector a;
    (void)nargs;
    alas_status status = read_vector(call, args[0], &a);
    if (status != ALAS_OK) {
        return status;
    }
    const double length = length_of(a);
    if (length == 0) {
        return alas_fail(call, "zero_vector", "a vector of length 0 has no direction");
    }
    return scaled(call, a, 1, length, result);
}

static alas_status cross(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    vector a, b;
    double *made;
    (void)nargs;
    alas_status status = read_pair(call, args, &a, &b);
    if (status != ALAS_OK) {
        return status;
    }
    if (a.length != 3) {
        return alas_fail(call, "wrong_length", "the cross product is of vectors with three elements");
    }
    status = alas_new_floats(call, 3, &made, result);
    if (status == ALAS_OK) {
        made[0] = a.items[1] * b.items[2] - a.items[2] * b.items[1];
        made[1] = a.items[2] * b.items[0] - a.items[0] * b.items[2];
        made[2] = a.items[0] * b.items[1] - a.items[1] * b.items[0];
    }
    return status;
}

/* A struct of the manifest is a map with its fields. */
static alas_status bounds(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    vector a;
    (void)nargs;
    alas_status status = read_vector(call, args[0], &a);
    if (status != ALAS_OK) {
        return status;
    }
    if (a.length == 0) {
        return alas_fail(call, "empty_vector", "a vector without elements has no bounds");
    }
    double low = a.items[0], high = a.items[0];
    for (size_t i = 1; i < a.length; i++) {
        low = fmin(low, a.items[i]);
        high = fmax(high, a.items[i]);
    }
    status = alas_new_map(call, 2, result);
    if (status == ALAS_OK) {
        status = alas_map_put(call, *result, "low", alas_float(low));
    }
    return status != ALAS_OK ? status : alas_map_put(call, *result, "high", alas_float(high));
}

static const alas_function functions[] = {
    {"dot", dot, 2, 0},     {"norm", norm, 1, 0},           {"add", add, 2, 0},     {"scale", scale, 2, 0},
    {"axpy", axpy, 3, 0},   {"normalize", normalize, 1, 0}, {"cross", cross, 2, 0}, {"bounds", bounds, 1, 0},
};

ALAS_PLUGIN("vectors", functions, NULL, NULL)
