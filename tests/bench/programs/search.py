def find(values: list[int], wanted: int) -> int:
    low = 0
    high = len(values) - 1
    while low <= high:
        middle = (low + high) // 2
        value = values[middle]
        if value == wanted:
            return middle
        if value < wanted:
            low = middle + 1
        else:
            high = middle - 1
    return -1


def run(searches: int) -> int:
    values: list[int] = []
    for i in range(100000):
        values.append(i * 3)  # noqa: PERF401 - as the peers do
    total = 0
    wanted = 1
    for _i in range(searches):
        wanted = (wanted * 7919 + 1) % 300000
        total += find(values, wanted)
    return total
