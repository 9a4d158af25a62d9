def run(n: int) -> int:
    values: dict[int, int] = {}
    for i in range(n):
        values[i * 7919 % 1000003] = i
    total = 0
    for i in range(n):
        total += values[i * 7919 % 1000003]
    return total
