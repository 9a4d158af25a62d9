def run(n: int) -> int:
    keys: list[str] = []
    for i in range(n):
        keys.append("key" + str(i))  # noqa: PERF401 - as the peers do
    values: dict[str, int] = {}
    for i in range(n):
        values[keys[i]] = i
    total = 0
    for i in range(n):
        total += values[keys[i]]
    return total
