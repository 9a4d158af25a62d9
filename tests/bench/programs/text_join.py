def run(n: int) -> int:
    parts: list[str] = []
    for i in range(1000):
        parts.append("part " + str(i))  # noqa: PERF401 - as the peers do
    total = 0
    for _i in range(n):
        total += len(", ".join(parts))
    return total
