// Polynomials in C++: a polynomial is the array of its coefficients, that of the highest power last.
#include <cmath>
#include <sstream>

#include "alas_plugin.hpp"

// A struct of the manifest, as a type of its own.
struct Point {
    double x;
    double y;
};

// How the wrapper reads and makes it.
template <> struct alas::type<Point> {
    static constexpr bool lent = false;
    static Point read(alas_call *call, alas_value from) {
        const value map(call, from);
        return {map.find("x").value().as<double>(), map.find("y").value().as<double>()};
    }
    static alas_value make(alas_call *raw, const Point &point) {
        call of(raw);
        map made(of, 2);
        made.put("x", point.x);
        made.put("y", point.y);
        return made.raw();
    }
};

namespace {

using Coefficients = alas::span<const double>;

// W. G. Horner: A new method of solving numerical equations of all orders. Philosophical Transactions 109, 1819.
double evaluate(Coefficients coefficients, double x) {
    double sum = 0;
    for (std::size_t i = coefficients.size(); i > 0; i--) sum = sum * x + coefficients[i - 1];
    return sum;
}

// The result is written where the host keeps it.
alas::floats derivative(alas::call &call, Coefficients coefficients) {
    alas::floats result(call, coefficients.empty() ? 0 : coefficients.size() - 1);
    for (std::size_t i = 0; i < result.size(); i++) result[i] = static_cast<double>(i + 1) * coefficients[i + 1];
    return result;
}

// The real roots of a polynomial of the second degree, the smaller one first.
std::vector<double> roots(Coefficients coefficients) {
    if (coefficients.size() != 3 || coefficients[2] == 0) {
        throw alas::error("wrong_degree", "only polynomials of the second degree are solved");
    }
    const double half = -coefficients[1] / (2 * coefficients[2]);
    const double square = half * half - coefficients[0] / coefficients[2];
    if (square < 0) return {};
    if (square == 0) return {half};
    // The larger of the two in amount has no cancellation; the other follows from their product.
    const double first = half + std::copysign(std::sqrt(square), half);
    const double second = coefficients[0] / coefficients[2] / first;
    return {std::fmin(first, second), std::fmax(first, second)};
}

// Where a polynomial of the second degree turns, if it does.
std::optional<Point> vertex(Coefficients coefficients) {
    if (coefficients.size() != 3 || coefficients[2] == 0) return std::nullopt;
    const double x = -coefficients[1] / (2 * coefficients[2]);
    return Point{x, evaluate(coefficients, x)};
}

// Says where the line through two points meets the axis of x.
double intercept(Point a, Point b) {
    if (a.y == b.y) throw alas::error("parallel", "the line does not meet the axis");
    return a.x - a.y * (b.x - a.x) / (b.y - a.y);
}

std::string describe(Coefficients coefficients) {
    std::ostringstream text;
    for (std::size_t i = coefficients.size(); i > 0; i--) {
        text << coefficients[i - 1];
        if (i > 1) text << " x^" << i - 1 << " + ";
    }
    return text.str();
}

} // namespace

ALAS_CPP_PLUGIN("polynomials", alas::function<evaluate>("evaluate"), alas::function<derivative>("derivative"),
                alas::function<roots>("roots"), alas::function<vertex>("vertex"),
                alas::function<intercept>("intercept"), alas::function<describe>("describe"))
