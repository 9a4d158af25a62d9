def run(n: int) -> int:
    counts: dict[int, int] = {}
    key = 0
    for _i in range(n):
        key = (key * 31 + 7) % 1009
        counts[key] = counts.get(key, 0) + 1
    return len(counts) * 1000000 + counts[key]
