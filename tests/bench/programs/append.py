def run(n: int) -> int:
    values: list[int] = []
    for i in range(n):
        values.append(i)  # noqa: PERF402 - this is what is measured
    return len(values) + values[n - 1]
