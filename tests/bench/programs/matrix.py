def product(a: list[float], b: list[float], size: int) -> list[float]:
    result: list[float] = []
    for row in range(size):
        for column in range(size):
            total = 0.0
            for k in range(size):
                total += a[row * size + k] * b[k * size + column]
            result.append(total)
    return result


def run(size: int) -> float:
    a: list[float] = []
    b: list[float] = []
    for i in range(size * size):
        a.append(i % 10 * 0.5)
        b.append(i % 7 * 0.25)
    trace = 0.0
    result = product(a, b, size)
    for i in range(size):
        trace += result[i * size + i]
    return trace
